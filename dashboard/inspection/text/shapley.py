"""Shapley values: what a word adds, averaged over orders in which the text is put together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard.inspection.attribution.method import Paper, Parameters, number
from dashboard.inspection.engine.coalitions import by_all_sets
from dashboard.inspection.text.method import RawTextAttribution, TextMethod, TextTask, units_choice
from models.text.tokenizer import PAD, UNKNOWN

SEED = 0
# Up to so many parts every set of them is read, which takes no longer than sampling.
FEW_PARTS = 10
# Orders, each with its reverse, that are gone through together.
AT_ONCE = 4


@dataclass(frozen=True)
class Settings(Parameters):
    """Of Shapley values."""

    n_permutations: int = number(
        100,
        4,
        2000,
        "Orders",
        f"Random orders in which the text is put together. More orders, smaller errors; a text of at most {FEW_PARTS} "
        "parts needs none, because every set of them is read.",
    )
    units: str = units_choice(
        "What comes in as one: a word at each of its places by itself, or a whole sentence."
    )


def _run(task: TextTask) -> RawTextAttribution:
    if len(task.parts) <= FEW_PARTS:
        return exact(task)
    return sample(task, task.parameters.n_permutations)


def exact(task: TextTask) -> RawTextAttribution:
    """By all sets of parts, of which there are 2 to the power of their number."""
    import torch

    found = by_all_sets(task.answers, len(task.parts))
    return RawTextAttribution(found, baseline=UNKNOWN, complete=True, errors=torch.zeros_like(found))


def sample(task: TextTask, orders: int) -> RawTextAttribution:
    """By random orders, each followed by its reverse, so that who comes early once comes late once.

    Reference:
        Mitchell et al. 2022, Sampling Permutations for Shapley Value Estimation, https://arxiv.org/abs/2104.12199.
    """
    import torch

    from dashboard.inspection.text.stepwise import stepwise

    count, pairs = len(task.parts), max(2, orders // 2)
    draws = torch.Generator().manual_seed(SEED)
    present = task.ids != PAD
    logits = stepwise(task.network, task.inputs, task.unknown, present)
    found = []
    with torch.no_grad():
        for first in range(0, pairs, AT_ONCE):
            task.progress(first / pairs)
            several = min(AT_ONCE, pairs - first)
            ranks = torch.rand(several, count, generator=draws).argsort(
                1
            )  # the step at which each part comes in
            both = torch.cat([ranks, count - 1 - ranks])
            scores = logits(both[:, task.part_of], count)  # (orders, steps + 1, classes)
            steps = task.explained.select(scores.flatten(0, 1)).double().view(2, several, count + 1)
            gains = steps.diff(dim=-1).gather(-1, both.view(2, several, count))
            found.append(gains.mean(0))
    gains = torch.cat(found)  # (pairs, parts)
    half = pairs // 2
    return RawTextAttribution(
        gains.mean(0),
        baseline=UNKNOWN,
        complete=True,
        errors=gains.std(0) / math.sqrt(pairs),
        samples=2 * pairs,
        halves=(gains[:half].mean(0), gains[half:].mean(0)),
    )


METHOD = TextMethod(
    name="shapley",
    title="Shapley Values",
    question="What does each word add, whatever came before it?",
    reading="The text is put together word by word, in many random orders, with unknown words in the gaps; a word's "
    "value is what the score gains when it comes in, on average. Words that say the same share it.",
    formula=r"\phi_p = \frac{1}{K} \sum_{k=1}^{K} \big( f(x_{S_k(p) \cup p}) - f(x_{S_k(p)}) \big)",
    paper=Paper(
        "Castro, Gómez and Tejada 2009, Polynomial calculation of the Shapley value based on sampling",
        "https://doi.org/10.1016/j.cor.2008.04.004",
    ),
    signed=True,
    cost="slow",
    run=_run,
    texts=lambda settings, parts: 2**parts if parts <= FEW_PARTS else settings.n_permutations * parts,
    parameters=Settings,
)
