"""Integrated Gradients on the embedding: gradients added up on the way from a baseline to the text."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.inspection.attribution.method import Paper, Parameters, choice
from dashboard.inspection.text.method import RawTextAttribution, TextMethod, TextTask
from models.text.tokenizer import PAD, UNKNOWN

# As a setting has them -> the word that stands for nothing.
BASELINES = {"unk": UNKNOWN, "pad": PAD}
# Points are added on the way until the values miss the change by a smaller share than this, or there are so many: a
# pass over a text takes milliseconds, and a network that takes the best fit of each pattern bends at many of them.
WANTED, MOST_STEPS = 0.001, 2560


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Integrated Gradients."""

    baseline: str = choice(
        "unk",
        tuple(BASELINES),
        "Baseline",
        "The word that stands for nothing there: one that the network does not know (unk), or padding (pad), which "
        "many networks never read as a word.",
    )


def _run(task: TextTask) -> RawTextAttribution:
    import torch

    from dashboard.inspection.attribution.adaptive_steps import EXACT, StraightPath, refine_until_exact
    from dashboard.inspection.attribution.completeness import change

    word = BASELINES[task.parameters.baseline]
    start = task.filled(word)
    whole = change(task.explained, task.inputs, start)
    values, warning = refine_until_exact(StraightPath(task, start).maps(), whole, WANTED, MOST_STEPS)
    tokens = values[0].double().sum(1)  # (L,)
    missed = whole.gap(float(tokens.sum()))
    return RawTextAttribution(
        torch.zeros(len(task.parts), dtype=tokens.dtype).index_add(0, task.part_of, tokens),
        baseline=word,
        complete=True,
        warning=warning if missed >= EXACT else "",
    )


def _texts(settings: Settings, parts: int) -> int:
    from dashboard.inspection.attribution.adaptive_steps import most_pictures

    return 2 + most_pictures(MOST_STEPS)


METHOD = TextMethod(
    name="integrated_gradients",
    title="Integrated Gradients",
    question="How much of the score does each word account for?",
    reading="Blue words speak for the class, orange ones against it. All words together add up to the score's change "
    "from a text of unknown words to this one; how far they miss it is the gap.",
    formula=r"\mathrm{IG}_i = (e_i - e'_i) \cdot \int_0^1 \frac{\partial f(e' + \alpha (e - e'))}{\partial e_i} \, "
    r"d\alpha",
    paper=Paper(
        "Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks",
        "https://arxiv.org/abs/1703.01365",
    ),
    signed=True,
    cost="slow",
    run=_run,
    texts=_texts,
    parameters=Settings,
    differentiates=True,
)
