"""Checkpoints: kept whole, thinned, found again after damage."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file

from models.runtime import files
from models.runtime.errors import UserError
from models.tensorboard.scalars import VALIDATION_LOSS, VALIDATION_TOP1
from models.training.runs import checkpoints

SIZE = 100_000


def tensors(step):
    return {"weight": torch.full((SIZE // 4,), float(step)), "count": torch.tensor(step)}


def store(run, step, top1=None, loss=1.0, budget=10**9):
    metrics = {} if top1 is None else {VALIDATION_TOP1: top1, VALIDATION_LOSS: loss}
    state = {"step": step, "more": torch.ones(3)}
    kept = checkpoints.store(run, tensors(step), state, epoch=step // 10, metrics=metrics, budget=budget)
    return kept.all[-1]


@pytest.fixture
def folder(tmp_path):
    checkpoints.prepare(tmp_path)
    return tmp_path


def names(run):
    return sorted(path.name for path in (run / checkpoints.FOLDER).iterdir())


def damage(path):
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def test_is_found_as_it_was_stored(folder):
    kept = store(folder, 10, top1=0.5)
    found = checkpoints.read(folder)
    assert found.all == (kept,)
    assert (kept.step, kept.epoch, kept.metrics[VALIDATION_TOP1]) == (10, 1, 0.5)
    assert all(kept.tensors()[name].equal(value) for name, value in tensors(10).items())
    assert load_file(kept.path)["count"] == 10


def test_names_last_previous_and_best(folder):
    for step, top1, loss in ((10, 0.8, 1.0), (20, 0.9, 0.6), (30, 0.9, 0.5), (40, 0.7, 0.1), (50, None, 1.0)):
        store(folder, step, top1, loss)
    found = checkpoints.read(folder)
    assert [c and c.step for c in (found.last, found.previous, found.best)] == [50, 40, 30]
    index = json.loads((folder / checkpoints.FOLDER / checkpoints.INDEX).read_text())
    assert index["best"] == "step_000000030.safetensors"
    assert found.at(20) is found.all[1]
    assert found.at(21) is None


def test_without_scores_the_last_is_best(folder):
    store(folder, 10)
    store(folder, 20)
    found = checkpoints.read(folder)
    assert found.best is found.last is found.all[-1]


def test_only_the_last_two_can_be_resumed_from(folder):
    for step in (10, 20, 30):
        store(folder, step)
    assert [name for name in names(folder) if name.startswith("resume")] == [
        "resume_000000020.pt",
        "resume_000000030.pt",
    ]
    weights, state, notes = checkpoints.load_latest(folder)
    assert (state["step"], float(weights["weight"][0]), notes) == (30, 30.0, ())


def test_nothing_is_resumed_from_nothing(folder):
    assert checkpoints.load_latest(folder) == ({}, {}, ())
    assert checkpoints.read(folder) == checkpoints.Checkpoints()


@pytest.mark.parametrize("name", ["step_000000030.safetensors", "resume_000000030.pt"])
@pytest.mark.parametrize("harm", [damage, lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_a_damaged_last_falls_back_to_the_previous(folder, name, harm):
    for step in (10, 20, 30):
        store(folder, step)
    harm(folder / checkpoints.FOLDER / name)
    weights, state, notes = checkpoints.load_latest(folder)
    assert (state["step"], float(weights["weight"][0])) == (20, 20.0)
    assert name in notes[0]
    # What is later than the one that is taken will be trained again.
    assert [c.step for c in checkpoints.read(folder).all] == [10, 20]


def test_weights_are_not_given_up_because_resuming_fails(folder):
    store(folder, 10)
    damage(folder / checkpoints.FOLDER / "resume_000000010.pt")
    with pytest.raises(UserError, match="can still be opened"):
        checkpoints.load_latest(folder)
    assert checkpoints.read(folder).all[-1].tensors()


def test_a_damaged_checkpoint_is_named(folder):
    kept = store(folder, 10)
    damage(kept.path)
    with pytest.raises(UserError, match=r"step_000000010\.safetensors of run .* is damaged"):
        kept.tensors()
    kept.path.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        kept.tensors()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"checkpoints": [{"step": "x"}], "resumes": []}']
)
def test_a_damaged_index_is_made_again(folder, content):
    for step in (10, 20):
        store(folder, step, top1=0.9 - step / 100)
    before = checkpoints.read(folder)
    (folder / checkpoints.FOLDER / checkpoints.INDEX).write_bytes(content)
    found = checkpoints.read(folder)
    assert [(c.step, c.epoch, c.metrics) for c in found.all] == [
        (c.step, c.epoch, c.metrics) for c in before.all
    ]
    assert found.best is found.all[0]
    assert "index.json" in found.problems[0]
    assert checkpoints.load_latest(folder)[1]["step"] == 20
    assert checkpoints.read(folder).problems == ()


def test_a_lost_index_passes_over_what_is_damaged(folder):
    for step in (10, 20):
        store(folder, step)
    (folder / checkpoints.FOLDER / checkpoints.INDEX).unlink()
    (folder / checkpoints.FOLDER / "step_000000010.safetensors").write_bytes(b"half")
    found = checkpoints.read(folder)
    assert [c.step for c in found.all] == [20]
    assert "step_000000010" in found.problems[0]


def test_thinning_keeps_the_ends_and_the_best_and_spreads_the_rest(folder):
    for step in range(10, 130, 10):
        store(folder, step, top1=0.9 if step == 50 else 0.1, budget=5 * SIZE + 10_000)
    kept = [c.step for c in checkpoints.read(folder).all]
    assert len(kept) == 5
    assert {50, 110, 120} <= set(kept)
    assert kept[0] == 10
    assert len([name for name in names(folder) if name.startswith("step")]) == 5


def test_thinning_never_takes_the_last_two_and_the_best(folder):
    for step, top1 in ((10, 0.9), (20, 0.1), (30, 0.1), (40, 0.1)):
        store(folder, step, top1, budget=0)
    assert [c.step for c in checkpoints.read(folder).all] == [10, 30, 40]


def test_a_full_disk_leaves_earlier_ones_intact(folder, monkeypatch):
    store(folder, 10)
    before, write = names(folder), files.write

    def full(path, content):
        if path.suffix == ".pt":
            raise files.DiskFullError("full")
        write(path, content)

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(files.DiskFullError):
        store(folder, 20)
    monkeypatch.undo()
    assert set(before) <= set(names(folder))
    assert checkpoints.load_latest(folder)[1]["step"] == 10
    # What the index does not name goes with the next one.
    store(folder, 30)
    assert "step_000000020.safetensors" not in names(folder)


def test_weights_that_share_their_storage_are_kept(folder):
    shared = torch.ones(3)
    kept = checkpoints.store(folder, {"a": shared, "b": shared}, {"step": 1}, epoch=0, metrics={}, budget=0)
    assert set(kept.all[0].tensors()) == {"a", "b"}


def test_half_of_a_first_checkpoint_is_none(folder, monkeypatch):
    write = files.write

    def killed(path, content):
        if path.suffix == ".pt":
            raise KeyboardInterrupt
        write(path, content)

    monkeypatch.setattr(files, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        store(folder, 10)
    monkeypatch.undo()
    assert "step_000000010.safetensors" in names(folder)
    checkpoints.prepare(folder)
    assert checkpoints.read(folder).all == ()
    assert checkpoints.load_latest(folder) == ({}, {}, ())
