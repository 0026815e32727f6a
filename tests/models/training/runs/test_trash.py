"""Deleted runs are set aside, come back whole, and go when the app starts again."""

from __future__ import annotations

import time

import pytest

from models.runtime.errors import UserError
from models.training import runs
from models.training.config import Config
from models.training.runs import trash

SMALL = Config(model="mlp", epochs=1)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    return tmp_path


def test_what_was_deleted_comes_back(root):
    run = runs.create(SMALL, "one")
    (run.path / "weights").write_text("kept")
    run.delete()
    assert runs.listing().runs == ()
    (aside,) = runs.deleted()
    assert aside.id == "one"
    aside.restore()
    assert runs.listing().runs == (run,)
    assert (run.path / "weights").read_text() == "kept"
    assert runs.deleted() == ()


def test_folds_go_and_come_with_their_parent():
    parent = runs.create(Config(folds=2), "cv")
    runs.create(Config(folds=2, fold=1, parent="cv"), runs.fold_id("cv", 1))
    parent.delete()
    (aside,) = runs.deleted()
    assert [child.id for child in aside.children()] == ["cv-fold1"]
    aside.restore()
    assert {run.id for run in runs.listing().runs} == {"cv", "cv-fold1"}


def test_a_new_run_of_that_name_is_not_written_over():
    runs.create(SMALL, "one").delete()
    (aside,) = runs.deleted()
    runs.create(SMALL, "one")
    with pytest.raises(UserError, match="Run one cannot be brought back"):
        aside.restore()
    assert runs.deleted() == (aside,)


def test_the_next_start_empties_it_and_no_later_look(root):
    runs.create(SMALL, "early").delete()
    trash.empty_once.cache_clear()
    trash.empty_once(root)
    assert runs.deleted() == ()
    deadline = time.monotonic() + 10
    while list(root.glob(f"{trash.GOING}*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(root.iterdir()) == []
    runs.create(SMALL, "late").delete()
    trash.empty_once(root)
    (aside,) = runs.deleted()
    aside.restore()
    runs.create(SMALL, "gone").delete()
    (aside,) = runs.deleted()
    trash.empty_once.cache_clear()
    trash.empty_once(root)
    with pytest.raises(UserError, match="the app has started again"):
        aside.restore()
