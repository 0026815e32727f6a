"""What a run learns from is said beside it, with what was found in its folder."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.runs.facts import Facts
from tests.dashboard.components.component import drawn, texts


def script(run_id):
    from dashboard import session
    from dashboard.components.training import data
    from models.training import runs

    session.begin()
    data.draw(runs.find(run_id))


def test_an_example_says_its_pictures_and_its_classes_in_order():
    app = drawn(script, run_id="example-memorises")
    assert texts(app.caption) == [
        "MNIST 10k: 500 pictures to learn from, 1,000 kept back, 2,000 to test it at the end. 10 classes, in this "
        "order: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9."
    ]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    return runs.create(Config())


def test_remarks_on_a_folder_stand_behind(run):
    facts = Facts(
        title="zoo",
        fits="photos",
        classes=tuple(f"animal {k}" for k in range(20)),
        format=PictureFormat((28, 28), (0.5,) * 3, (0.5,) * 3),
        counts={"train": 30, "validation": 7},
        remarks=("1 file is a copy: a = b.", "2 subfolders hold no picture: *c*, d."),
    )
    facts.write(run.path)
    (caption,) = texts(drawn(script, run_id=run.id).caption)
    assert caption.endswith(
        "20 classes, in this order: animal 0, animal 1, animal 2, animal 3, animal 4, animal 5, animal 6, animal 7, "
        "animal 8, animal 9, …, animal 19. 1 file is a copy: a = b. 2 subfolders hold no picture: *c*, d."
    )
    dataclasses.replace(facts, remarks=()).write(run.path)
    (caption,) = texts(drawn(script, run_id=run.id).caption)
    assert caption.endswith("animal 19.")


def test_before_the_pictures_are_read_nothing_is_said(run):
    app = drawn(script, run_id=run.id)
    assert not app.caption
