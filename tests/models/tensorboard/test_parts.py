"""Which folders a run is made of, as the libraries lay them out."""

from __future__ import annotations

import pytest
from torch.utils.tensorboard import SummaryWriter

from models.tensorboard.folders import find_runs
from models.tensorboard.parts import event_files, find_parts, first_tag, is_bare
from models.tensorboard.reader import EventReader
from tests.models.tensorboard.logged import scalars, version

NAME = "events.out.tfevents.1.h"


def log(folder, *contents):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(b"".join(contents))


def test_curves_that_torch_logged_together_are_parts(tmp_path):
    with SummaryWriter(str(tmp_path / "run")) as writer:
        for step in range(3):
            writer.add_scalars("Loss/all", {"train": 1.0 + step, "val": 2.0 + step}, step)
    assert find_runs(tmp_path) == (tmp_path / "run",)
    assert [*find_parts(tmp_path / "run").values()] == ["", "train", "val"]
    reader = EventReader(tmp_path / "run")
    reader.refresh()
    assert [(one.part, one.tag, one.values.tolist()) for one in reader.curves()] == [
        ("train", "Loss/all", [1, 2, 3]),
        ("val", "Loss/all", [2, 3, 4]),
    ]


def test_curves_that_tensorboardx_logged_together_are_parts(tmp_path):
    """tensorboardX 2.6.5 makes a folder for the tag, and in it one for each curve."""
    log(tmp_path, version())
    for name in ("sin", "train"):
        log(tmp_path / "waves" / name, version(), scalars(0, waves=1.0))
    log(tmp_path / "x" / "y" / "sin", version(), scalars(0, **{"x/y": 1.0}))
    assert find_parts(tmp_path) == {
        tmp_path: "",
        tmp_path / "x" / "y" / "sin": "sin",
        tmp_path / "waves" / "sin": "sin",
        tmp_path / "waves" / "train": "train",
    }
    assert find_runs(tmp_path) == (tmp_path,)


def test_a_run_within_a_run_is_none_of_its_parts(tmp_path):
    log(tmp_path, version(), scalars(0, loss=1.0))
    log(tmp_path / "later", version(), scalars(0, loss=1.0))
    log(tmp_path / "loss", version(), scalars(0, loss=1.0))
    assert find_parts(tmp_path) == {tmp_path: ""}
    assert find_runs(tmp_path) == (tmp_path, tmp_path / "later", tmp_path / "loss")


def test_an_empty_parent_of_runs_is_no_run(tmp_path):
    log(tmp_path / "parent", version())
    assert find_runs(tmp_path) == (tmp_path / "parent",)  # whoever has just begun
    log(tmp_path / "parent" / "child", version(), scalars(0, loss=1.0))
    assert find_runs(tmp_path) == (tmp_path / "parent" / "child",)


@pytest.mark.parametrize(
    ("contents", "bare", "tag"),
    [
        (b"", True, None),
        (version(), True, None),
        (version()[:-3], True, None),
        (version() + scalars(0, a=1.0), False, "a"),
        (scalars(0, a=1.0), False, "a"),
        (b"\xff" * 300, False, None),
    ],
)
def test_what_a_file_says_first(tmp_path, contents, bare, tag):
    (tmp_path / NAME).write_bytes(contents)
    assert (is_bare(tmp_path / NAME), first_tag(tmp_path / NAME)) == (bare, tag)
    assert event_files(tmp_path) == [tmp_path / NAME]


def test_hidden_copies_are_no_logs(tmp_path):
    log(tmp_path, version(), scalars(0, loss=1.0))
    (tmp_path / f"._{NAME}").write_bytes(b"Mac OS X")
    assert event_files(tmp_path) == [tmp_path / NAME]
