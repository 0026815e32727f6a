"""Integrated Gradients segment by segment: exact on a linear network, and ever more exact elsewhere."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection.attribution.adaptive_steps import (
    FIRST,
    MOST_STEPS,
    STEPS,
    Segment,
    StraightPath,
    most_pictures,
    refine_until_exact,
)
from dashboard.inspection.attribution.completeness import Change, change
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes, task


def test_the_first_map_of_a_linear_network_is_exact():
    of = classifier(built(Linear))
    job = task("integrated_gradients", of, pixels(), 1)
    steps, values = next(StraightPath(job, torch.zeros_like(job.inputs)).maps())
    assert steps == STEPS * (len(FIRST) - 1)
    torch.testing.assert_close(values[0], torch.tensor(slopes(of)[1] * pixels()), rtol=1e-4, atol=1e-6)


def test_maps_come_nearer_to_the_change():
    job = task("integrated_gradients", classifier(built(lambda: ConvNet(nn.Tanh))), pixels())
    baseline = -torch.ones_like(job.inputs)
    whole = change(job.explained, job.inputs, baseline)
    maps = list(itertools.islice(StraightPath(job, baseline).maps(), 4))
    gaps = [whole.gap(float(values.sum())) for _, values in maps]
    assert [steps for steps, _ in maps] == [25, 30, 40, 50]
    assert gaps[-1] <= max(gaps[0], 1e-4)


def test_a_segment_falls_into_halves():
    assert Segment((0.25, 0.5), torch.zeros(1), 0.0).halve() == [(0.25, 0.375), (0.375, 0.5)]


def maps_of(*totals: float):
    """Maps of one value each, after 5, 10, 15 steps and so on."""
    return iter([(5 * number, torch.tensor([total])) for number, total in enumerate(totals, 1)])


def test_two_exact_maps_in_a_row_are_enough():
    values, warning = refine_until_exact(maps_of(1.0, 2.0, 1.999, 2.001, 7.0), Change(2.0, 1.0))
    assert values.item() == pytest.approx(1.999)
    assert warning == ""


def test_what_is_never_exact_is_said_with_its_number():
    def endless():
        for number in itertools.count(1):
            yield 5 * number, torch.tensor([1.5])

    values, warning = refine_until_exact(endless(), Change(2.0, 1.0))
    assert values.item() == 1.5
    assert "25 %" in warning and "A gap below 1 %" in warning


@pytest.mark.slow
def test_the_network_sees_no_more_pictures_than_foretold():
    job = task("integrated_gradients", classifier(built(ConvNet)), pixels())
    seen = [0]

    def count(network: nn.Module, args: tuple[Tensor]) -> None:
        seen[0] += len(args[0])

    job.explained.network.register_forward_pre_hook(count)
    for steps, _ in StraightPath(job, torch.zeros_like(job.inputs)).maps():
        if steps + STEPS * max(1, steps // STEPS // 3) > MOST_STEPS:
            break
    assert seen[0] == most_pictures()
