"""Ablation: how much the score drops without a word, or without a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.inspection.attribution.method import Paper, Parameters
from dashboard.inspection.text.method import RawTextAttribution, TextMethod, TextTask, units_choice
from models.text.tokenizer import UNKNOWN


@dataclass(frozen=True)
class Settings(Parameters):
    """Of ablation."""

    units: str = units_choice(
        "What is taken out as one: a word at each of its places by itself, or a whole sentence."
    )


def _run(task: TextTask) -> RawTextAttribution:
    import torch

    count = len(task.parts)
    # The whole text first, then each time all parts but one.
    shown = torch.cat([torch.ones(1, count, dtype=torch.bool), ~torch.eye(count, dtype=torch.bool)])
    answers = task.answers(shown)
    return RawTextAttribution(answers[0] - answers[1:], baseline=UNKNOWN)


METHOD = TextMethod(
    name="ablation",
    title="Ablation",
    question="What does the score lose without this word?",
    reading="Blue words are needed: with an unknown word in their place the score drops. Orange ones are in the way: "
    "without them it rises. Where several words say the same, each alone is hardly missed.",
    formula=r"A_p = f(x) - f(x_{\setminus p})",
    paper=Paper(
        "Li, Monroe and Jurafsky 2016, Understanding Neural Networks through Representation Erasure",
        "https://arxiv.org/abs/1612.08220",
    ),
    signed=True,
    cost="slow",
    run=_run,
    texts=lambda parameters, parts: 1 + parts,
    parameters=Settings,
)
