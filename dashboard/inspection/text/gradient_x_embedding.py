"""Gradient x embedding: each word's vector times the score's gradient by it."""

from __future__ import annotations

from dashboard.inspection.attribution.method import Paper
from dashboard.inspection.text.method import RawTextAttribution, TextMethod, TextTask


def _run(task: TextTask) -> RawTextAttribution:
    import torch

    vectors = task.inputs.clone().requires_grad_()  # (1, L, D)
    (gradient,) = torch.autograd.grad(task.explained(vectors).sum(), vectors)
    return RawTextAttribution((gradient * task.inputs)[0].double().sum(1))


METHOD = TextMethod(
    name="gradient_x_embedding",
    title="Gradient x Embedding",
    question="How does the score change where a word fades a little?",
    reading="Blue words raise the score the more of their vector there is, orange ones lower it. It is a slope at this "
    "text: what is lost where a word is gone may be something else.",
    formula=r"e_i \cdot \frac{\partial f(e)}{\partial e_i}",
    paper=Paper(
        "Denil, Demiraj and de Freitas 2014, Extraction of Salient Sentences from Labelled Documents",
        "https://arxiv.org/abs/1412.6815",
    ),
    signed=True,
    cost="instant",
    run=_run,
    texts=lambda parameters, parts: 1,
    differentiates=True,
)
