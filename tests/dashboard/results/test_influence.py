"""What a network learned an answer from: only of networks trained here, on pictures that are still those."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dashboard.inspection.influence.head import RIDGE, compare
from dashboard.results import influence
from models.datasets.folder import Folder
from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.training import run_split, runs
from models.training.config import Config
from models.training.formats.pictures import PictureFormat
from models.training.runs.facts import Facts
from tests.dashboard.components.component import made, view_of

RUN = {"model": "run:example-healthy", "image": "mnist-10k/test/18"}


def test_a_network_that_was_not_trained_here_is_refused(mlp):
    with pytest.raises(UserError, match="the very pictures that a network learned from"):
        influence.subject(mlp)


def test_a_run_is_asked_about_the_pictures_that_it_learned_from():
    asked = influence.subject(view_of(RUN))
    assert len(asked.labelled.pool) == 9000 and asked.place.call.name == "head"
    assert len(asked.checkpoints) == influence.CHECKPOINTS


def _folder_run(folder: Path) -> runs.Run:
    """A run on a folder of eight pictures, as far as its split needs it."""
    pictures = folder / "pictures"
    for name in ("a", "b"):
        (pictures / name).mkdir(parents=True)
        for number in range(4):
            level = np.full((8, 8, 3), 20 * number + 10 * (name == "b"), np.uint8)
            Image.fromarray(level).save(pictures / name / f"{number}.png")
    config = Config(model="mlp", dataset="folder", data=str(pictures), validation=0.25)
    run = runs.create(config, "small", folder / "runs")
    grey, counts = (0.5,) * 3, {"train": 6, "validation": 2}
    Facts("folder", "photos", ("a", "b"), PictureFormat((28, 28), grey, grey), counts).write(run.path)
    return run


def test_pictures_that_changed_since_are_refused_with_their_number(tmp_path):
    run = _folder_run(tmp_path)
    for file in (tmp_path / "pictures").rglob("*.png"):
        os.utime(file, (1, 1))
    influence.refuse_changed(run, run_split.load_split(run))
    split = run_split.load_split(run)
    images = split.dataset.load(silent)
    assert isinstance(images, Folder)
    changed = images.files(split.indices.train)[0]
    os.utime(changed, (run.created + 10, run.created + 10))
    with pytest.raises(UserError, match="1 are newer than run small"):
        influence.refuse_changed(run, run_split.load_split(run))


@pytest.mark.slow
def test_what_is_computed_is_what_leaving_out_does_and_tracin_says_something_else():
    asked = influence.subject(view_of(RUN))
    head = made(influence.fitted(asked))
    found = made(influence.pulls(asked, head))
    assert head.agreement > 0.98 and head.ridge == pytest.approx(9000 * RIDGE)
    assert found.check.correlation > 0.95 and found.check.same_sign >= 0.9
    steps = made(influence.steps(asked, head))
    check = compare(found.check.rows, steps[found.check.rows], found.check.real)
    assert steps.shape == found.pulls.shape and check.correlation < found.check.correlation
