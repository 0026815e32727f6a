"""What must be done before there is a network is done once."""

from __future__ import annotations

import dataclasses

import pytest
from safetensors.torch import save

from dashboard.results import checkpoints
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.zoo.small import ARCHITECTURES


@pytest.fixture
def store(monkeypatch):
    own = Store(Uploads())
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", own)
    return own


def test_opening_tells_how_far_it_is_and_has_a_lane_of_its_own():
    def load(identity, content, report):
        assert (identity, content) == ("mlp", "")
        report(25, 100)
        report(7, None)

    shares: list[float] = []
    model = find_network("mlp")
    opening = checkpoints.open_network(model, load)
    opening.work(shares.append)
    assert shares == [0.25, 0.0]
    assert opening.lane == "opening"
    assert "trying it on photos" in opening.what
    other = dataclasses.replace(model, content="another file under the same name", on_board=False)
    fetching = checkpoints.open_network(other, load)
    assert fetching.key != opening.key
    assert fetching.lane == "download"


@pytest.mark.slow
def test_a_drop_is_read_for_its_owner(store):
    data = save(ARCHITECTURES["mlp"].build().state_dict())
    drop = checkpoints.read_drop(lambda: data, "first", "x.safetensors", "ann")
    upload = drop.work(lambda _: None)
    assert store.find(upload.address).recognition.matches[0].row.name == "vitrine/mlp"
    assert [held.address for held in store.of_owner("ann")] == [upload.address]
    assert checkpoints.read_drop(lambda: data, "second", "x.safetensors", "ann").key != drop.key


@pytest.mark.slow
def test_a_file_of_the_operator_is_read_again_once_it_was_let_go(store, tmp_path):
    file = tmp_path / "theirs.safetensors"
    file.write_bytes(save(ARCHITECTURES["mlp"].build().state_dict()))
    first = checkpoints.read_file(file)
    assert first.key == checkpoints.read_file(file).key
    first.work(lambda _: None)
    assert checkpoints.read_file(file).key != first.key
