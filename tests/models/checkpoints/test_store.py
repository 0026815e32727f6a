"""The checkpoints that people dropped: kept once, read once, gone when nobody holds them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import save
from torchvision import models

from models.checkpoints import as_networks as checkpoints
from models.checkpoints import reading
from models.checkpoints.limits import SAVE_WEIGHTS, Limits
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.zoo.small import ARCHITECTURES

pytestmark = pytest.mark.usefixtures("forked_children")


@pytest.fixture
def store(monkeypatch):
    """A store of its own in the place of the server's."""
    own = Store(Uploads(budget=lambda: 200 * 1024**2, hours=lambda: 1))
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", own)
    return own


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(0)
    return models.resnet18(num_classes=5).eval()


@pytest.fixture(scope="module")
def dropped(resnet):
    return save(resnet.state_dict())


@pytest.mark.slow
def test_a_file_is_kept_once_and_read_once(store, dropped, monkeypatch):
    first = store.take(dropped, "divorce.pt", "ann")
    monkeypatch.setattr(reading, "read", None)
    second = store.take(dropped, "other.pt", "ben")
    assert first.address == second.address
    assert [upload.name for upload in store.of_owner("ann")] == ["divorce.pt"]
    assert [upload.name for upload in store.of_owner("ben")] == ["other.pt"]
    store.forget("ann")
    assert store.find(first.address)
    store.forget("ben")
    assert store.find(first.address) is None
    assert list(store.uploads.folder.iterdir()) == []


@pytest.mark.slow
def test_names_that_collide_without_their_wrappers_are_refused_with_both(store):
    tensors = {"a.module.weight": torch.zeros(3), "a.weight": torch.ones(3)}
    with pytest.raises(UserError) as refused:
        store.take(save(tensors), "x.pt", "ann")
    assert str(refused.value) == (
        "x.pt has two tensors of one name once wrappers and older names are put right, a.module.weight and a.weight; "
        f"{SAVE_WEIGHTS}."
    )
    assert list(store.uploads.folder.iterdir()) == []


def test_a_refused_file_leaves_nothing(store):
    with pytest.raises(UserError, match=r"^x\.pt is empty"):
        store.take(b"", "x.pt", "ann")
    with pytest.raises(UserError, match=r"^x\.pt is cut short"):
        store.take(save({"w": torch.zeros(3)})[:8] + b"{broken", "x.pt", "ann")
    assert list(store.uploads.folder.iterdir()) == []


def test_what_is_too_large_is_told_before_it_is_written(dropped):
    small = Store(Uploads(), lambda: Limits(max_bytes=1024**2))
    with pytest.raises(UserError, match=r"^big\.pt is larger than 1 MB; start the app with its path: .*\.$"):
        small.take(dropped, "big.pt", "ann")


@pytest.mark.slow
def test_a_file_that_the_operator_names_is_everybodys(store, dropped, tmp_path):
    path = tmp_path / "large.pt"
    path.write_bytes(dropped)
    small = Store(store.uploads, lambda: Limits(max_bytes=1000))
    upload = small.take_file(path)
    assert path.read_bytes() == dropped
    assert [one.address for one in store.of_owner("anybody")] == [upload.address]
    store.forget("anybody")
    assert find_network(upload.address).load(silent).classes
    with pytest.raises(UserError, match=r"^gone\.pt cannot be read \(No such file or directory\)\.$"):
        small.take_file(tmp_path / "gone.pt")


@pytest.mark.slow
def test_many_drop_the_same_and_others_at_once(store):
    def drop(seed: int) -> str:
        torch.manual_seed(seed % 2)
        module = ARCHITECTURES["lenet5"].build(10, 1)
        return str(store.take(save(module.state_dict()), f"{seed}.pt", f"owner {seed}").address)

    with ThreadPoolExecutor(4) as pool:
        addresses = list(pool.map(drop, range(4)))
    assert len({find_network(address).load(silent).weights.digest for address in set(addresses)}) == len(
        set(addresses)
    )
    assert not list(store.uploads.folder.glob("*.part"))
