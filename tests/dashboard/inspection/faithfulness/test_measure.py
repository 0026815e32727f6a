"""What is measured of a map, against closed forms, the definitions written out, and bare definitions of papers."""

from __future__ import annotations

import dataclasses
import itertools
import json

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.baselines import baseline
from dashboard.inspection.attribution.run import Request, attribute, compute_map
from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.faithfulness import curves as curve
from dashboard.inspection.faithfulness import infidelity as fidelity
from dashboard.inspection.faithfulness import measure as measuring
from dashboard.inspection.faithfulness.curves import BATCH, STEPS, Covers, curves, pixel_ranks
from dashboard.inspection.faithfulness.infidelity import infidelity
from dashboard.inspection.faithfulness.measure import fix_counts, is_repeatable, measure
from dashboard.inspection.faithfulness.randomisation import randomise, rank_correlation
from dashboard.records.attribution import Faithfulness
from models.classifier import Classifier
from models.runtime.randomness import fork_rng
from tests import quantus_reference as quantus
from tests.networks import ConvNet, Linear, built, classifier, pixels, slopes, surveyed, untouched

QUICK = [name for name, method in METHODS.items() if method.cost == "instant"]


def linear() -> tuple[Classifier, np.ndarray]:
    return classifier(built(Linear)), pixels()


def covers(of: Classifier, inputs: np.ndarray) -> Covers:
    batch = torch.from_numpy(inputs)[None]
    return Covers(batch, *(baseline(name, batch, of.preprocessing) for name in ("mean", "blur")))


def exact(of: Classifier, inputs: np.ndarray, target: int = 0) -> np.ndarray:
    """What hiding each pixel costs the logit of a linear network, as the mean colour is zero."""
    costs: np.ndarray = (slopes(of)[target] * inputs).sum(0)
    return costs


def measured(of: Classifier, inputs: np.ndarray, name: str, **given: object) -> Faithfulness:
    method, survey = METHODS[name], surveyed(of, inputs)
    request = Request(0, parameters=method.defaults(of.preprocessing.size))
    values = compute_map(of, inputs, method=method, request=request, survey=survey)
    return measure(of, inputs, values, method=method, request=request, survey=survey, **given)  # type: ignore[arg-type]


def test_deletion_is_what_quantus_measures(monkeypatch):
    monkeypatch.setattr(curve, "STEPS", quantus.SIDE**2)
    nothing = torch.zeros(1, 1, quantus.SIDE, quantus.SIDE)
    both = Covers(torch.from_numpy(quantus.picture())[None], nothing, nothing)
    found = curves(ExplainedScore.of(quantus.network(), quantus.TARGET), both, quantus.attribution())
    # Quantus begins with the first pixel hidden.
    expected = json.loads(quantus.FILE.read_text(encoding="utf-8"))["deletion"]
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(found.deletion[1:], expected, atol=1e-6)


def test_on_random_weights_an_adaptive_method_takes_a_number_of_steps():
    for method in METHODS.values():
        defaults = method.defaults((8, 8))
        fixed = fix_counts(defaults)
        assert "adaptive" not in dataclasses.asdict(fixed).values()
        assert (fixed != defaults) == method.adaptive
        assert method.pictures(fixed, (8, 8)) <= method.pictures(defaults, (8, 8))


def test_curves_are_those_of_the_paper_written_out():
    of, inputs = classifier(built(ConvNet)), pixels()
    values = np.random.default_rng(3).normal(size=(8, 8))
    explained, both = ExplainedScore.of(of, 1), covers(of, inputs)
    found = curves(explained, both, values)
    order = np.argsort(-values.ravel())
    for step, share in enumerate(np.linspace(0, 1, STEPS + 1)):
        hidden, shown = both.inputs.clone(), both.blurred.clone()
        for place in order[: round(float(share) * order.size)]:
            row, column = divmod(int(place), 8)
            hidden[0, :, row, column] = both.hidden[0, :, row, column]
            shown[0, :, row, column] = both.inputs[0, :, row, column]
        probabilities = of.module(torch.cat([hidden, shown])).softmax(1)[:, 1]
        assert found.deletion[step] == pytest.approx(float(probabilities[0]), abs=1e-6)
        assert found.insertion[step] == pytest.approx(float(probabilities[1]), abs=1e-6)


def test_the_exact_map_of_a_linear_network_beats_random_ones():
    of, inputs = linear()
    explained, both = ExplainedScore.of(of, 0, 1), covers(of, inputs)

    def deletion_area(values: np.ndarray) -> float:
        return float(curves(explained, both, values).deletion.mean())

    best = deletion_area(exact(of, inputs) - exact(of, inputs, 1))
    for seed in range(10):
        assert best < deletion_area(np.random.default_rng(seed).normal(size=(8, 8)))


def test_areas_by_hand():
    hand = Faithfulness(
        "any", np.array([0, 0.5, 1]), np.array([1, 0.5, 0]), np.array([0, 1, 1]), 0.0, None, None, 0.0
    )
    assert (hand.deletion_area, hand.insertion_area, hand.lead) == (0.5, 0.75, 0.25)


def test_pixels_of_equal_value_favour_no_edge():
    ranks = pixel_ranks(np.zeros((32, 32)))
    assert sorted(ranks.ravel()) == list(range(1024))
    assert abs(ranks[:16].mean() - ranks[16:].mean()) < 40
    assert (pixel_ranks(np.array([[1.0, 3.0], [2.0, 0.0]])) == [[2, 0], [1, 3]]).all()


def test_infidelity_is_nothing_for_the_exact_map_whatever_its_units_and_much_for_a_random_one():
    of, inputs = linear()
    explained, both = ExplainedScore.of(of, 0), covers(of, inputs)
    for unit in (1.0, 1e-12, 1e12):
        assert infidelity(explained, both, unit * exact(of, inputs)) == pytest.approx(0, abs=1e-5)
    others = [np.random.default_rng(seed).normal(size=(8, 8)) for seed in range(5)]
    assert all(infidelity(explained, both, values) > 0.2 for values in others)
    assert infidelity(explained, both, np.zeros((8, 8))) == pytest.approx(1)


def test_infidelity_is_that_of_the_paper_written_out():
    of, inputs = classifier(built(ConvNet)), pixels()
    values = np.random.default_rng(5).normal(size=(8, 8)).astype(np.float32)
    explained, both = ExplainedScore.of(of, 2), covers(of, inputs)
    found = infidelity(explained, both, values)
    told, happened = [], []
    with fork_rng(fidelity.SEED):
        for _ in range(fidelity.SAMPLES // BATCH):
            for first in fidelity._squares(both.inputs.expand(BATCH, -1, -1, -1)):
                told.append(float(values[first[0].numpy()].sum()))
                changed = both.inputs.clone()
                changed[0][first] = both.hidden[0][first]
                happened.append(float((of.module(both.inputs) - of.module(changed))[0, 2]))
    foretold, actual = np.array(told), np.array(happened)
    factor = (foretold @ actual) / (foretold @ foretold)
    assert found == pytest.approx(((factor * foretold - actual) ** 2).sum() / (actual**2).sum(), rel=1e-3)


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


def test_rank_correlation_is_spearmans():
    generator = np.random.default_rng(0)
    for one, other in itertools.pairwise(generator.integers(-5, 6, (6, 9, 7))):
        expected = stats.spearmanr(np.abs(one).ravel(), np.abs(other).ravel()).statistic
        assert rank_correlation(one, other) == pytest.approx(expected)
    assert rank_correlation(one, -3.0 * one) == pytest.approx(1)
    assert rank_correlation(one, np.zeros_like(one)) == 0


def test_a_network_forgets_all_it_learned_and_the_shared_one_nothing():
    of, inputs = classifier(built(ConvNet)), pixels()
    with untouched(of.module):
        forgetful = randomise(of, inputs)
        again = randomise(of, inputs)
    for name, tensor in forgetful.module.state_dict().items():
        assert torch.equal(tensor, again.module.state_dict()[name])
        if name.endswith("weight") and not name.startswith("bn"):
            assert not torch.allclose(tensor, of.module.state_dict()[name])
    assert not any(layer.training for layer in forgetful.module.modules())


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
