"""A runtime answers only where it gives what the network gives, for that very module, and within its memory."""

from __future__ import annotations

import dataclasses
import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn

from dashboard.inspection.engine import exported, speed, stopwatch
from dashboard.inspection.engine.exported import ExportedForward, LocalExportedForward, find_chain
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.local_stages import local_stages
from models.classifier import Classifier
from models.runtime import inference
from tests.dashboard.inspection.engine.networks import normalised, photo, tiny
from tests.dashboard.inspection.engine.test_local_forward import NETWORKS
from tests.networks import built, classifier, pixels, untouched


@pytest.fixture
def runtime_wins(monkeypatch):
    """Says that the runtime takes a third of the time."""

    def taken(network: nn.Module, inputs: torch.Tensor, *, gradient: bool = False) -> float:
        runs = isinstance(network, ExportedForward | LocalExportedForward)
        return len(inputs) * (0.01 if runs else 0.03)

    monkeypatch.setattr(stopwatch, "time_pass", taken)


def answering(of: Classifier) -> nn.Module:
    return speed.accelerate(isolate(of.module), of, photo(), use="answers")


def test_answers_come_from_the_runtime_where_it_is_faster(runtime_wins):
    of = normalised()
    with untouched(of.module):
        network = answering(of)
    assert isinstance(network, ExportedForward)
    pictures = stopwatch.examples(photo(), 5, "near answers")
    with torch.no_grad():
        assert stopwatch.nearly_equal(network(pictures), of.module(pictures), exported.SAME)


@pytest.mark.parametrize("use", ["layers", "gradient"])
def test_what_is_read_or_followed_back_stays_with_torch(runtime_wins, use):
    of = tiny()
    assert not isinstance(
        speed.accelerate(isolate(of.module), of, photo(), use=use), ExportedForward | LocalExportedForward
    )


def test_another_module_of_the_same_key_has_a_chain_of_its_own(runtime_wins):
    of = tiny()
    other = dataclasses.replace(of, module=isolate(of.module, own_weights=True))
    for parameter in other.module.parameters():
        parameter.data.mul_(0.5)
    assert other.key == of.key
    for one in (of, other):
        with torch.no_grad():
            assert stopwatch.nearly_equal(answering(one)(photo()), one.module(photo()), exported.SAME)


@pytest.mark.parametrize("changes", [{"repeated": 0.1}, {"batched": 0.1}, {"rewritten": ("count",)}], ids=str)
def test_a_network_that_does_not_hold_still_is_never_written_down(changes):
    of = tiny()
    of = dataclasses.replace(of, contract=dataclasses.replace(of.contract, **changes))
    assert find_chain(of, photo(), ()) is None


def test_answers_that_are_not_the_same_are_not_taken(monkeypatch):
    monkeypatch.setattr(inference.Session, "__call__", lambda self, inputs: torch.ones(len(inputs), 3))
    assert find_chain(tiny(), photo(), ()) is None


def test_eight_threads_share_one_chain(monkeypatch):
    of = tiny()
    with untouched(of.module), ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: find_chain(of, photo(), ()), range(8)))) == 1


def test_a_chain_goes_with_its_network_and_for_others_that_are_used_later(monkeypatch):
    def kept() -> int:
        gc.collect()
        return len(exported._CHAINS)

    networks = [tiny() for _ in range(3)]
    chain = find_chain(networks[0], photo(), ())
    assert chain is not None
    monkeypatch.setattr(exported, "MOST_BYTES", 2 * chain.nbytes)
    find_chain(networks[1], photo(), ())
    find_chain(networks[0], photo(), ())  # used last
    find_chain(networks[2], photo(), ())
    assert [of.module in exported._CHAINS for of in networks] == [True, False, True]
    networks.pop()
    assert kept() == 1
    monkeypatch.setattr(exported, "MOST_BYTES", 0)
    assert find_chain(networks[1], photo(), ()) is None


def test_torch_answers_what_the_runtime_does_not_take(runtime_wins, monkeypatch):
    of = tiny()
    network = answering(of)

    def refuse(self: inference.Session, inputs: torch.Tensor) -> torch.Tensor:
        raise inference.errors()[0]("no such shape")

    monkeypatch.setattr(inference.Session, "__call__", refuse)
    with torch.no_grad():
        torch.testing.assert_close(network(photo()), of.module(photo()))


def test_parts_that_it_does_not_take_are_run_as_whole_pictures(monkeypatch):
    of = tiny()
    stages = local_stages(of.module, photo())
    chain = find_chain(of, photo(), (), stages)
    assert chain is not None
    local = LocalExportedForward(isolate(of.module), chain, photo(), stages)
    refused: list[torch.Size] = []
    session, whole = inference.Session.__call__, photo().shape[2:]

    def refuse_parts(self: inference.Session, inputs: torch.Tensor) -> torch.Tensor:
        if self is chain.sessions[0] and inputs.shape[2:] != whole:
            refused.append(inputs.shape)
            raise inference.errors()[0]("no such shape")
        return session(self, inputs)

    monkeypatch.setattr(inference.Session, "__call__", refuse_parts)
    pictures = photo().repeat(3, 1, 1, 1)
    pictures[:, :, 0, 0] = 0
    with torch.no_grad():
        torch.testing.assert_close(local(pictures), of.module(pictures))
    assert refused


@pytest.mark.parametrize("name", NETWORKS)
def test_parts_give_what_whole_pictures_give_wherever_they_lie(name):
    side = 45
    picture = torch.tensor(pixels(3, side))[None]

    def headed() -> nn.Module:
        network = nn.Sequential(*NETWORKS[name](), nn.Flatten(), nn.LazyLinear(5)).eval()
        network(picture)
        return network

    of = classifier(built(headed), channels=3, side=side, classes=5)
    stages = local_stages(of.module, picture)
    chain = find_chain(of, picture, (), stages)
    assert chain is not None and stages
    local = LocalExportedForward(isolate(of.module), chain, picture, stages)
    for window in (1, 5, 12):
        pictures = picture.repeat(9, 1, 1, 1)
        for place, changed in enumerate(pictures):
            top, left = ((side - window) * step // 2 for step in divmod(place, 3))
            changed[:, top : top + window, left : left + window] = 0
        with torch.no_grad():
            assert stopwatch.nearly_equal(local(pictures), of.module(pictures), exported.SAME)
