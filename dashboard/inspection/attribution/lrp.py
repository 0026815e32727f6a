"""LRP: the score handed back layer by layer, each unit's share to those that made it."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Method, Paper, RawAttribution, Task, sum_channels
from dashboard.records.network import Survey

# What autograd calls the operations that have a rule, and those that only move numbers about.
HOLDS = {
    *("ConvolutionBackward", "AddmmBackward", "MmBackward", "NativeBatchNormBackward", "AddBackward"),
    *("MaxPool2DWithIndicesBackward", "AvgPool2DBackward", "AdaptiveAvgPool2DBackward", "MeanBackward"),
    *("ReluBackward", "HardtanhBackward", "LeakyReluBackward", "TanhBackward", "ClampBackward"),
    *("ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward", "CloneBackward", "CatBackward"),
    *("PermuteBackward", "TransposeBackward", "TBackward", "SliceBackward", "SelectBackward"),
    *("SplitBackward", "SqueezeBackward", "UnsqueezeBackward", "ConstantPadNdBackward"),
    *("torch::autograd::CopyBackwards", "torch::autograd::AccumulateGrad"),
}
# In words; the rest is named as autograd names it.
WORDS = {
    "MulBackward": "products of activations, as in gates",
    "NativeLayerNormBackward": "LayerNorm",
    "BmmBackward": "attention",
    "ScaledDotProductFlashAttentionForCpuBackward": "attention",
    "ScaledDotProductEfficientAttentionBackward": "attention",
    "SoftmaxBackward": "attention",
    "GeluBackward": "GELU",
    "SiluBackward": "SiLU",
    "HardswishBackward": "Hardswish",
    "HardsigmoidBackward": "Hardsigmoid",
    "SigmoidBackward": "Sigmoid",
}
MOST_NAMED = 4


def _refusal(survey: Survey) -> str | None:
    foreign = survey.operations - HOLDS
    if not foreign:
        return None
    known = list(dict.fromkeys(words for name, words in WORDS.items() if name in foreign))
    names = known or sorted(name.removesuffix("Backward") for name in foreign)
    return (
        "Its rules hold for weighted sums, additions, poolings and ReLUs, and this network also uses "
        f"{', '.join(names[:MOST_NAMED])}."
    )


def _run(task: Task) -> RawAttribution:
    from captum.attr import LRP

    from dashboard.inspection.engine.lrp_rules import relevance_network

    values = LRP(relevance_network(task.explained, task.inputs)).attribute(
        task.inputs.clone().requires_grad_()
    )
    return RawAttribution(values.detach(), complete=True)


METHOD = Method(
    name="lrp",
    title="LRP",
    group="pixels",
    question="How does the score, handed back layer by layer, fall on the pixels?",
    reading="Blue pixels carry what speaks for the class, orange ones what speaks against it. All together they add up "
    "to the score itself, but for the biases of dense layers. No baseline is needed.",
    formula=r"R_i = \sum_j \frac{(a_i w_{ij})^+}{\sum_k (a_k w_{kj})^+} R_j \text{ in convolutions}, \quad "
    r"R_i = \sum_j \frac{a_i w_{ij}}{b_j + \sum_k a_k w_{kj}} R_j \text{ in dense layers}",
    paper=Paper(
        "Bach et al. 2015, On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance "
        "Propagation",
        "https://doi.org/10.1371/journal.pone.0130140",
    ),
    signed=True,
    cost="instant",
    run=_run,
    join=sum_channels,
    pictures=lambda parameters, size: 6,
    limit=_refusal,
)
