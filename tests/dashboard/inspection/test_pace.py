"""What makes a network fast is measured once, shared by everyone, and never changes an answer."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dashboard.inspection import pace
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.isolation import isolated
from dashboard.inspection.windows.stages import Stage, stages
from dashboard.inspection.windows.windowed import Windowed, changes
from models.classifier import Classifier
from tests.networks import ConvNet, built, classifier, pixels, surveyed, untouched


class Seen(nn.Module):
    """Notes the layout of what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.channels_last: list[bool] = []

    def forward(self, inputs: Tensor) -> Tensor:
        self.channels_last.append(inputs.is_contiguous(memory_format=torch.channels_last))
        return inputs


class Viewed(nn.Module):
    """Flattens with `view`, which only channels first can do."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(3 * 8 * 8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.head(inputs.view(len(inputs), -1))
        return logits


class Steps(ConvNet):
    """Whether each logit is above zero: no gradient leads back from that."""

    def forward(self, inputs: Tensor) -> Tensor:
        return (super().forward(inputs) > 0).float()


class Normalised(nn.Module):
    """A convolution and its normalisation, and another whose output is read twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2, self.skipped = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.act1, self.act2 = nn.Tanh(), nn.Tanh()
        self.head = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        values = self.conv2(self.act1(self.norm(self.conv1(inputs))))
        logits: Tensor = self.head((self.act2(self.skipped(values)) + values).mean((2, 3)))
        return logits


def normalised(network: nn.Module) -> nn.Module:
    """The network with statistics that are not the initial ones."""
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            numbers = torch.linspace(0.5, 2, layer.num_features)
            layer.running_mean, layer.running_var = numbers - 1, numbers
            layer.weight.data, layer.bias.data = numbers.flip(0), numbers - 0.7
    return network


def photo() -> Tensor:
    return torch.tensor(pixels(3))[None]


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    monkeypatch.setattr(pace, "_CHOSEN", {})
    monkeypatch.setattr(pace, "_STAGES", {})
    monkeypatch.setattr(pace, "_BATCHES", {})


@pytest.fixture
def clock(monkeypatch):
    """Says that a pass takes the seconds of its layout; the second argument is channels last."""

    def set_to(first: float, last: float) -> list[Tensor]:
        timed: list[Tensor] = []

        def seconds(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            timed.append(inputs)
            return last if inputs.is_contiguous(memory_format=torch.channels_last) else first

        monkeypatch.setattr(pace, "_seconds", seconds)
        return timed

    return set_to


@pytest.mark.parametrize(
    ("first", "last", "chosen"),
    [(0.3, 0.1, True), (0.3, 0.29, False), (0.1, 0.3, False), (0.003, 0.001, False)],
    ids=["faster", "hardly faster", "slower", "too short to matter"],
)
def test_channels_last_where_it_is_clearly_faster(clock, first, last, chosen):
    clock(first, last)
    of = classifier(built(lambda: nn.Sequential(Seen(), ConvNet(channels=3))), channels=3)
    private = pace.quickened(isolated(of.module), of, photo())
    seen = private.get_submodule("0")
    assert isinstance(seen, Seen)
    seen.channels_last.clear()
    private(photo())
    assert seen.channels_last == [chosen]


def test_a_gradient_wants_a_larger_gain(clock):
    clock(0.125, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    assert pace.pace(of, photo(), use="answers").channels_last
    assert not pace.pace(of, photo(), use="gradient").channels_last
    assert pace.pace(of, photo(), use="near answers").channels_last


def test_a_network_that_cannot_read_it_is_left_alone(clock):
    clock(0.3, 0.1)
    of = classifier(built(Viewed), channels=3)
    assert not pace.pace(of, photo()).channels_last


@pytest.mark.parametrize("use", ["layers", "gradient"])
def test_a_network_without_a_gradient_is_left_alone(clock, use):
    clock(0.3, 0.1)
    of = classifier(built(lambda: Steps(channels=3)), channels=3)
    assert pace.pace(of, photo(), use=use) == pace.Pace()


def test_eight_threads_share_one_measurement(clock):
    timed = clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    pace.pace(of, photo())
    once = len(timed)
    pace._CHOSEN.clear()
    timed.clear()
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pace.pace(of, photo()), range(8)))
    assert found == [pace.Pace(channels_last=True, lean=True, folds=(("conv1", "bn1"),))] * 8
    assert len(timed) == once


def test_another_size_is_measured_again(clock):
    timed = clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    pace.pace(of, photo())
    once = len(timed)
    pace.pace(of, torch.zeros(1, 3, 9, 14))
    assert len(timed) == 2 * once


def test_a_copy_whose_layers_are_read_still_shares_its_weights(clock):
    clock(0.3, 0.1)
    of = classifier(built(lambda: ConvNet(channels=3)), channels=3)
    private = pace.quickened(isolated(of.module), of, photo())
    shared = {one.data_ptr() for one in of.module.parameters()}
    assert {one.data_ptr() for one in private.parameters()} == shared


@pytest.mark.parametrize(
    "method", [one for one in METHODS.values() if one.cost == "slow"], ids=lambda method: method.name
)
def test_the_map_is_the_same_at_any_pace(clock, method):
    of = classifier(normalised(built(Normalised)), channels=3)
    inputs = pixels(3)
    ask = Request(0, parameters=method.settings({"n_masks": "24", "n_perturbations": "24"}, (8, 8)))

    def found():
        return attribute(of, inputs, method=method, request=ask, survey=surveyed(of, inputs))

    clock(0.001, 0.001)  # too short to matter: nothing is changed
    first = found()
    pace._CHOSEN.clear()
    clock(0.3, 0.1)
    with untouched(of.module):
        last = found()
    assert list(pace._CHOSEN.values()) == [
        pace.Pace(channels_last=True, lean=True, folds=(("conv1", "norm"),))
    ]
    assert first.outcome.kind == last.outcome.kind
    if first.raw is not None:
        assert np.abs(first.raw - last.raw).max() <= 1e-3 * np.abs(first.raw).max()


def test_a_network_whose_answers_are_no_numbers_stays_as_it_is(monkeypatch):
    def broken() -> nn.Module:
        network = ConvNet()
        nn.init.constant_(network.head.weight, float("nan"))
        return network

    monkeypatch.setattr(pace, "SHORT_SECONDS", 0.0)
    of = classifier(built(broken))
    assert pace.pace(of, torch.tensor(pixels())[None]) == pace.Pace()


def tiny() -> Classifier:
    return classifier(built(lambda: ConvNet(channels=3)), channels=3)


@pytest.fixture
def per_picture(monkeypatch):
    """Says how many seconds a pass takes for each of its pictures; notes the batches that are timed."""

    def set_to(seconds: Callable[[int], float]) -> list[tuple[int, bool]]:
        timed: list[tuple[int, bool]] = []

        def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            timed.append((len(inputs), gradient))
            return len(inputs) * seconds(len(inputs))

        monkeypatch.setattr(pace, "_seconds", taken)
        return timed

    return set_to


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        (lambda size: 0.02 / size, 16),
        (lambda size: 0.02 if size < 8 else 0.01, 8),
        (lambda size: 0.01 * size, 1),
        (lambda size: 0.01 + 0.0001 / size, 1),
        (lambda size: 0.01 if size == 8 else 0.02, 8),
        (lambda size: 2.0, 1),
    ],
    ids=["the more the faster", "enough at once", "one by one", "all alike", "the middle", "too slow to try"],
)
def test_a_batch_is_the_smallest_whose_pictures_are_quick(per_picture, seconds, chosen):
    per_picture(seconds)
    assert pace.batch(tiny(), photo(), use="gradient").size == chosen


@pytest.mark.parametrize(
    ("passes_of_8", "chosen"),
    [([3, 1, 1], 8), ([3, 2.2, 1], 8), ([3, 2.4, 1], 16), ([3, 3, 3], 16)],
    ids=["a slow first pass", "and a disturbed one", "far from the best by then", "slow"],
)
def test_a_pass_that_was_disturbed_does_not_decide(monkeypatch, passes_of_8, chosen):
    left: dict[int, list[float]] = {1: [9.0] * 3, 4: [5.0] * 3, 8: list(passes_of_8), 16: [2.0, 1.9, 1.9]}

    def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
        return 0.01 * len(inputs) * left[len(inputs)].pop(0)

    of = tiny()
    pace.pace(of, photo(), use="answers")
    monkeypatch.setattr(pace, "_seconds", taken)
    assert pace.batch(of, photo(), use="answers").size == chosen


def test_no_pass_is_tried_that_would_take_too_long(per_picture):
    timed = per_picture(lambda size: 0.9 * pace.MOST_SECONDS / 8)
    pace.batch(tiny(), photo(), use="gradient")
    assert max(size for size, _ in timed) == 8


def test_a_batch_fits_into_memory(per_picture, monkeypatch):
    per_picture(lambda size: 0.02 / size)
    # Both activations; of a normalisation and the convolution before it nothing.
    of = tiny()
    monkeypatch.setattr(pace, "MOST_BYTES", 9 * 4 * (6 * 64 + 5 * 16))
    assert pace.batch(of, photo(), use="gradient").size == 8


def test_passes_with_and_without_a_way_back_are_measured_apart_and_once(per_picture):
    timed = per_picture(lambda size: 0.02 / size)
    of = tiny()
    pace.pace(of, photo(), use="gradient")
    timed.clear()
    shares: list[float] = []
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: pace.batch(of, photo(), use="gradient"), range(8)))
    assert found == {pace.Batch(16, 0.02 / 16)}
    assert sorted(size for size, gradient in timed if gradient) == sorted((*2 * pace.BATCHES["gradient"], 16))
    pace.batch(of, photo(), use="gradient", progress=shares.append)
    assert not shares
    pace.batch(of, photo(), use="answers", progress=shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1


@pytest.fixture
def parts_take(monkeypatch):
    """Says how many seconds a pass through stages takes; one of whole pictures takes 0.3."""

    def set_to(seconds: float) -> None:
        def taken(network: nn.Module, inputs: Tensor, *, gradient: bool = False) -> float:
            return seconds if isinstance(network, Windowed) else 0.3

        monkeypatch.setattr(pace, "_seconds", taken)

    return set_to


class Large(nn.Module):
    """Reads a picture of 32 pixels, and knows it where it is told to."""

    def __init__(self, *, knows: bool = False) -> None:
        super().__init__()
        self.knows = knows
        self.conv1, self.conv2 = nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 4, 3, 2, 1)
        self.head = nn.Linear(4 * 8 * 8, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        torch._assert(not self.knows or inputs.shape[2] == 32, "a picture of 32 pixels")
        logits: Tensor = self.head(self.conv2(self.conv1(inputs).relu()).flatten(1))
        return logits


def near(of: Classifier) -> nn.Module:
    return pace.quickened(isolated(of.module), of, torch.tensor(pixels(3, 32))[None], use="near answers")


@pytest.mark.parametrize(("seconds", "windowed"), [(0.1, True), (0.29, False), (0.5, False)])
def test_near_answers_come_from_parts_where_that_is_clearly_faster(parts_take, seconds, windowed):
    parts_take(seconds)
    of = classifier(built(Large), channels=3, side=32)
    with untouched(of.module):
        network = near(of)
    assert isinstance(network, Windowed) == windowed
    pictures = pace.examples(torch.tensor(pixels(3, 32))[None], 5, "near answers")
    with torch.no_grad():
        torch.testing.assert_close(network(pictures), of.module(pictures), rtol=1e-4, atol=1e-5)


def test_a_network_that_knows_its_size_is_given_whole_pictures(parts_take):
    parts_take(0.1)
    assert not isinstance(near(classifier(built(lambda: Large(knows=True)), channels=3, side=32)), Windowed)


def test_answers_that_would_not_be_the_same_do_not_come_from_parts(parts_take, monkeypatch):
    parts_take(0.1)
    monkeypatch.setattr(Windowed, "forward", lambda self, pictures: 1.01 * self.network(pictures))
    assert not isinstance(near(classifier(built(Large), channels=3, side=32)), Windowed)


def test_stages_are_looked_for_once(parts_take, monkeypatch):
    parts_take(0.1)
    looked = []

    def look(module: nn.Module, inputs: Tensor) -> tuple[Stage, ...]:
        looked.append(module)
        return stages(module, inputs)

    monkeypatch.setattr(pace, "stages", look)
    of = classifier(built(Large), channels=3, side=32)
    with ThreadPoolExecutor(8) as pool:
        assert all(isinstance(network, Windowed) for network in pool.map(lambda _: near(of), range(8)))
    assert len(looked) == 1


@pytest.mark.parametrize("method", ["occlusion", "feature_ablation"])
def test_the_map_is_the_same_from_parts(parts_take, method):
    of, inputs = classifier(built(Large), channels=3, side=32), pixels(3, 32)
    ask = Request(0, parameters=METHODS[method].defaults((32, 32)))
    maps = []
    for seconds in (0.5, 0.1):
        parts_take(seconds)
        pace._STAGES.clear()
        found = attribute(of, inputs, method=METHODS[method], request=ask, survey=surveyed(of, inputs))
        assert any(pace._STAGES.values()) == (seconds < 0.3) and found.values is not None
        maps.append(found.values)
    assert np.abs(maps[0] - maps[1]).max() <= 1e-5 * np.abs(maps[0]).max()


def test_examples_near_a_picture_have_a_square_of_it_covered_at_all_its_edges():
    picture = torch.rand(1, 3, 21, 35)
    found = pace.examples(picture, 8, "near answers")
    places = changes(found, picture)
    assert ((places[..., 1] - places[..., 0]) == (3, 5)).all()
    assert (places[..., 0].min(0) == 0).all() and (places[..., 1].max(0) == (21, 35)).all()
    assert len(np.unique(places.reshape(8, -1), axis=0)) == 8
    assert torch.equal(pace.examples(picture, 3, "answers"), picture.repeat(3, 1, 1, 1))


def test_measuring_can_be_given_up():
    class GivenUpError(Exception):
        pass

    def give_up(share: float) -> None:
        if share > 0:
            raise GivenUpError

    of = tiny()
    with untouched(of.module), pytest.raises(GivenUpError):
        pace.batch(of, photo(), use="gradient", progress=give_up)
    assert not pace._BATCHES
    assert pace.batch(of, photo(), use="gradient").size in pace.BATCHES["gradient"]


def test_measuring_leaves_no_tensor_behind(monkeypatch):
    def alive() -> int:
        gc.collect()
        return sum(type(one) is Tensor for one in gc.get_objects())

    monkeypatch.setattr(pace, "SHORT_SECONDS", 0.0)
    # A clamp keeps what it makes, which must not keep the clamp.
    network = nn.Sequential(nn.Conv2d(3, 3, 7), nn.ReLU6(inplace=True), nn.Flatten(), nn.Linear(12, 3))
    of, inputs = classifier(built(lambda: network), channels=3), photo()
    before = alive()
    pace.batch(of, inputs, use="gradient")
    assert alive() == before


@pytest.mark.parametrize(
    "method", [one for one in METHODS.values() if one.cost == "slow"], ids=lambda method: method.name
)
def test_the_map_is_the_same_in_any_batch(method, monkeypatch):
    of, inputs = classifier(normalised(built(Normalised)), channels=3), pixels(3)
    few = {"n_masks": "25", "n_perturbations": "30", "n_permutations": "5"}
    ask = Request(0, parameters=method.settings(few, (8, 8)))
    found = []
    for size in (1, 7, 64):
        monkeypatch.setattr(pace, "batch", lambda *_, size=size, **given: pace.Batch(size, 0.0))
        found.append(attribute(of, inputs, method=method, request=ask, survey=surveyed(of, inputs)))
    for other in found[1:]:
        assert other.outcome.kind == found[0].outcome.kind
        if other.values is not None and found[0].values is not None:
            assert np.abs(other.values - found[0].values).max() <= 1e-4 * np.abs(found[0].values).max()
