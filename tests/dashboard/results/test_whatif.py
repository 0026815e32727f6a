"""What if: what an address says was painted, and what follows from it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.inspection.whatif.brush import FILLS
from dashboard.parameters import FILL, MASK, ONLY, REGION, SUPERPIXELS, merge
from dashboard.records.mask import write_cells
from dashboard.results import whatif


def painted() -> np.ndarray:
    cells = np.zeros((28, 28), bool)
    cells[8:20, 10:14] = True
    return cells


def test_an_address_says_what_is_painted(cnn):
    usual, problem = whatif.painting(cnn, {})
    assert problem == "" and usual.fill == "black" and not usual.cells.any() and usual.superpixels == 25
    settings = merge({}, {MASK: write_cells(painted()), FILL: "noise", ONLY: True, SUPERPIXELS: 9})
    said, problem = whatif.painting(cnn, settings)
    assert problem == "" and np.array_equal(said.cells, painted())
    assert (said.fill, said.only, said.superpixels, said.other) == ("noise", True, 9, "")
    assert np.array_equal(said.hidden, ~painted())
    wrong, problem = whatif.painting(cnn, {MASK.name: "AAAA"})
    assert "does not fit" in problem and not wrong.cells.any()


def test_another_photo_is_the_second_of_the_address_or_the_first_that_is_another(cnn):
    settings = merge({}, {FILL: whatif.PHOTO})
    said, _ = whatif.painting(cnn, settings)
    assert said.other == "mnist-10k/test/1"
    two = dataclasses.replace(cnn.selection, images=(*cnn.selection.images, "mnist-10k/test/5"))
    said, _ = whatif.painting(dataclasses.replace(cnn, selection=two), settings)
    assert said.other == "mnist-10k/test/5" and not np.array_equal(said.cover(), cnn.seen.inputs)
    assert set(whatif.fills(cnn)) == {*FILLS, whatif.PHOTO}


def test_a_result_is_of_all_that_determines_it(cnn, mlp):
    settings = merge({}, {MASK: write_cells(painted())})
    first = whatif.painting(cnn, settings)[0]
    others = [
        whatif.painting(cnn, merge(settings, {FILL: "white"}))[0],
        whatif.painting(cnn, merge(settings, {ONLY: True}))[0],
        whatif.painting(mlp, settings)[0],
    ]
    keys = {whatif.repainted(each).key for each in (first, *others)}
    assert len(keys) == 4
    again = whatif.painting(cnn, merge(settings, {SUPERPIXELS: 9}))[0]
    assert whatif.repainted(again).key == whatif.repainted(first).key
    assert whatif.region(again, "keeps").key != whatif.region(first, "keeps").key
    assert whatif.region(first, "changes").key != whatif.region(first, "keeps").key


def test_the_answer_is_that_of_what_is_left(cnn):
    found = whatif.repainted(whatif.painting(cnn, merge({}, {MASK: write_cells(painted())}))[0]).work(
        lambda _: None
    )
    assert not found.picture[8:20, 10:14].any()
    outside = ~painted()
    assert np.array_equal(found.picture[outside], cnn.seen.crop[outside])
    assert found.prediction.classes == cnn.classifier.classes


@pytest.mark.parametrize(
    ("text", "aim"), [(None, None), ("keeps", "keeps"), ("changes", "changes"), ("x", None)]
)
def test_which_region_is_asked_for(text, aim):
    assert whatif.aim({} if text is None else {REGION.name: text}) == aim
