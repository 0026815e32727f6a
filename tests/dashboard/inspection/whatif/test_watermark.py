"""The set with a planted watermark: half of one class bears it, and nothing else."""

from __future__ import annotations

import numpy as np
from PIL import Image

from dashboard.inspection.whatif import watermark
from models.datasets.folder import folder_dataset


def test_half_of_one_class_bears_the_square():
    pixels, labels, marked = watermark.planted()
    assert len(pixels) == 10 * watermark.COUNT and (np.bincount(labels) == watermark.COUNT).all()
    assert marked.sum() == watermark.MARKED and set(labels[marked].tolist()) == {watermark.CLASS}
    square = pixels[:, watermark.PLACE, watermark.PLACE]
    assert (square[marked] == 255).all() and not (square[~marked] == 255).all((1, 2)).any()


def test_it_is_written_as_a_folder_that_can_be_learned_from(tmp_path, monkeypatch):
    few = np.zeros((4, 28, 28), np.uint8)
    planted = (watermark.mark(few), np.array([0, 0, 1, 1]), np.array([True, False, False, False]))
    monkeypatch.setattr(watermark, "planted", lambda: planted)
    watermark.write(tmp_path / "set")
    names = sorted(file.name for file in (tmp_path / "set").rglob("*.png"))
    assert names == ["0000-marked.png", "0001.png", "0002.png", "0003.png"]
    assert folder_dataset(tmp_path / "set").classes == ("0", "1")
    assert np.asarray(Image.open(tmp_path / "set/0/0001.png"))[24, 24] == 255 and not few.any()
