"""What is measured of a map, against closed forms, the definitions written out, and bare definitions of papers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute, compute_map
from dashboard.inspection.faithfulness import measure as measuring
from dashboard.inspection.faithfulness.curves import STEPS
from dashboard.inspection.faithfulness.measure import fix_counts, is_repeatable, measure
from dashboard.records.attribution import Faithfulness
from models.classifier import Classifier
from models.runtime.randomness import fork_rng
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched

QUICK = [name for name, method in METHODS.items() if method.cost == "instant"]


def measured(of: Classifier, inputs: np.ndarray, name: str, **given: object) -> Faithfulness:
    method, survey = METHODS[name], surveyed(of, inputs)
    request = Request(0, parameters=method.defaults(of.preprocessing.size))
    values = compute_map(of, inputs, method=method, request=request, survey=survey)
    return measure(of, inputs, values, method=method, request=request, survey=survey, **given)  # type: ignore[arg-type]


def test_on_random_weights_an_adaptive_method_takes_a_number_of_steps():
    for method in METHODS.values():
        defaults = method.defaults((8, 8))
        fixed = fix_counts(defaults)
        assert "adaptive" not in dataclasses.asdict(fixed).values()
        assert (fixed != defaults) == method.adaptive
        assert method.pictures(fixed, (8, 8)) <= method.pictures(defaults, (8, 8))


def test_areas_by_hand():
    hand = Faithfulness(
        "any", np.array([0, 0.5, 1]), np.array([1, 0.5, 0]), np.array([0, 1, 1]), 0.0, None, None, 0.0
    )
    assert (hand.deletion_area, hand.insertion_area, hand.lead) == (0.5, 0.75, 0.25)


def test_sensitivity_is_that_of_the_paper_written_out():
    of, inputs = classifier(built(lambda: ConvNet(nn.SiLU))), pixels()
    found = measured(of, inputs, QUICK[1])
    request = Request(0, parameters=METHODS[QUICK[1]].defaults((8, 8)))
    survey = surveyed(of, inputs)

    def draw(seen: np.ndarray) -> np.ndarray:
        return compute_map(of, seen, method=METHODS[QUICK[1]], request=request, survey=survey)

    with fork_rng(measuring.SEED):
        noise = [
            torch.FloatTensor(1, *inputs.shape).uniform_(-measuring.RADIUS, measuring.RADIUS)[0].numpy()
            for _ in range(measuring.SAMPLES)
        ]
    plain = draw(inputs)
    largest = max(np.linalg.norm(draw(inputs + one) - plain) for one in noise) / np.linalg.norm(plain)
    assert found.sensitivity == pytest.approx(largest, rel=1e-4)
    assert 0 < largest < 1


def test_sensitivity_is_left_out_where_it_would_take_too_long():
    of, inputs = classifier(built(ConvNet)), pixels()
    survey = surveyed(of, inputs)
    quick = {
        name
        for name, method in METHODS.items()
        if is_repeatable(method, Request(0, parameters=method.defaults((8, 8))), survey, (8, 8))
    }
    assert set(QUICK) <= quick
    assert "integrated_gradients" not in quick


class Edges(nn.Module):
    """Its gradient's sizes are those of the picture, whatever the weight."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(1, 3)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head((inputs**2).sum((1, 2, 3))[:, None])
        return logits


def test_a_map_that_survives_random_weights_agrees_fully():
    of, inputs = classifier(built(Edges)), pixels()
    assert measured(of, inputs, "saliency").agreement == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_measuring_leaves_no_trace_and_repeats_itself(name):
    of, inputs = classifier(built(ConvNet)), pixels()
    survey = surveyed(of, inputs)
    if METHODS[name].refusal(survey) is not None:
        assert attribute(of, inputs, method=METHODS[name], request=Request(0), survey=survey).values is None
        return
    with untouched(of.module):
        one, other = measured(of, inputs, name), measured(of, inputs, name)
    assert (one.deletion == other.deletion).all()
    assert (one.infidelity, one.sensitivity, one.agreement) == (
        other.infidelity,
        other.sensitivity,
        other.agreement,
    )
    assert len(one.shares) == len(one.deletion) == len(one.insertion) == STEPS + 1
    assert 0 <= one.infidelity <= 1.001


def test_measuring_can_be_cancelled_and_tells_how_far_it_is():
    of, inputs = classifier(built(ConvNet)), pixels()
    told: list[float] = []
    measured(of, inputs, "saliency", progress=told.append)
    assert told == sorted(told)
    assert 0 <= told[0] < 0.1
    assert 0.9 < told[-1] <= 1

    def cancel(share: float) -> None:
        if share > 0.5:
            raise InterruptedError

    with untouched(of.module), pytest.raises(InterruptedError):
        measured(of, inputs, "saliency", progress=cancel)
