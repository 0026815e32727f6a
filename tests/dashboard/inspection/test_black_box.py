"""What asks a network for answers alone gives the same of ONNX Runtime's process as of torch's layers of one graph."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.faithfulness.measure import measure
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.inspection.surrogate.features import FEATURES
from dashboard.inspection.surrogate.reading import read
from dashboard.inspection.surrogate.sample import split_at_random
from dashboard.inspection.surrogate.tree import grow
from models.classifier import Classifier
from models.networks import with_contract
from tests.models.checkpoints.onnx import graphs
from tests.networks import classifier, pixels, surveyed

pytestmark = pytest.mark.slow

SIDE = 8
READS = ("n", 1, SIDE, SIDE)
INPUTS = pixels(1, SIDE)
# Few of each, so that none decides by itself when it has enough.
QUICK = {
    **dict.fromkeys(("window", "stride", "n_parts"), "4"),
    **dict.fromkeys(("n_perturbations", "n_permutations", "n_masks"), "24"),
}
# Of the largest number.
CLOSE = 1e-3


@pytest.fixture(scope="module")
def black_box() -> Classifier:
    return _tried(graphs.black_box(graphs.convolution(reads=READS)))


@pytest.fixture(scope="module")
def layers() -> Classifier:
    return _tried(graphs.translated(graphs.convolution(reads=READS)))


def _tried(module: torch.nn.Module) -> Classifier:
    return with_contract(classifier(module, side=SIDE, classes=5))


def _close(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one - other).max() <= CLOSE * np.abs(other).max())


def _request(method: Method) -> Request:
    return Request(1, parameters=method.settings(QUICK, (SIDE, SIDE)))


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_gives_the_map_of_its_layers_or_a_reason(method, black_box, layers):
    ours, theirs = (
        attribute(of, INPUTS, method=method, request=_request(method), survey=surveyed(of, INPUTS))
        for of in (black_box, layers)
    )
    if not method.forward_only:
        assert ours.outcome.kind == "refused"
        assert ours.outcome.reason
        return
    assert ours.values is not None and theirs.values is not None, (ours.outcome, theirs.outcome)
    assert _close(ours.values, theirs.values)
    assert ours.outcome.kind == theirs.outcome.kind


def test_the_measures_of_a_map_are_those_of_its_layers(black_box, layers):
    method = METHODS["occlusion"]
    found = []
    for of in (black_box, layers):
        survey = surveyed(of, INPUTS)
        values = np.abs(INPUTS).sum(0)
        found.append(measure(of, INPUTS, values, method=method, request=_request(method), survey=survey))
    ours, theirs = found
    assert _close(ours.deletion, theirs.deletion)
    assert _close(ours.insertion, theirs.insertion)
    assert ours.infidelity == pytest.approx(theirs.infidelity, rel=CLOSE)
    assert ours.agreement is not None and theirs.agreement is not None


def test_a_tree_imitates_it_as_its_layers(black_box, layers):
    inputs = torch.rand(60, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(2)) * 2 - 1
    inputs += torch.linspace(-3, 3, len(inputs))[:, None, None, None]
    items = tuple(Item(f"test/{number}", f"Test {number}") for number in range(len(inputs)))
    pictures = split_at_random(
        Pool("test pictures", "test", items, lambda places: inputs[list(places)], lambda place: "class 0")
    )
    ours, theirs = (read(of, pictures) for of in (black_box, layers))
    assert ours.answers.tolist() == theirs.answers.tolist()
    assert len(set(ours.answers.tolist())) > 1
    kind = next(
        kind for kind in FEATURES.values() if not kind.of_layer and kind.fits(black_box.preprocessing)
    )
    one, other = (grow(readings, kind.of(readings, black_box.classes, "")) for readings in (ours, theirs))
    assert one.tree.feature.tolist() == other.tree.feature.tolist()
