"""Which class is called which: the matrix, the pairs, and the pictures of a cell."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.components.evaluation import confusion
from dashboard.inspection.evaluation.scores import confused_pairs
from dashboard.inspection.kinds import CoarseConfusion
from tests.dashboard.components.component import carried, chart, columns, texts
from tests.dashboard.components.evaluation.evaluated import shown_by, subject


def test_the_pair_that_is_confused_most_is_open():
    app, matrix = shown_by(confusion.draw), subject().evaluation.confusion
    pair = next(iter(confused_pairs(matrix, 1)))
    assert carried(chart(app, f"confusion-{pair}"))[0] == "0-0"
    assert len(carried(chart(app, f"confusion-{pair}"))) == 100
    table = columns(app)
    assert (table["It is"][0], table["Called"][0], table["Pictures"][0]) == (
        *map(str, pair),
        int(matrix[pair]),
    )
    assert texts(app.subheader)[-1].startswith(f"{pair[0]} called {pair[1]}: {int(matrix[pair]):,} picture")


def test_a_cell_of_the_address_is_opened():
    matrix = subject().evaluation.confusion
    app = shown_by(confusion.draw, {"p.cell": "3-3"})
    assert texts(app.subheader)[-1].startswith(f"3, found: {int(matrix[3, 3]):,} pictures (")
    assert not app.warning


@pytest.mark.parametrize("cell", ["3-10", "3", "a-b", "3-3-3"])
def test_a_cell_that_is_none_is_said(cell):
    app = shown_by(confusion.draw, {"p.cell": cell})
    (warning,) = texts(app.warning)
    assert warning.startswith("A cell is two classes from 0 to 9") and repr(cell) in warning
    assert confusion.present_classes(subject()) == list(range(10))


def by_parity(classes, labels, predicted):
    parity = np.arange(10) % 2
    matrix = np.zeros((2, 2), np.int32)
    np.add.at(matrix, (parity[labels], parity[predicted]), 1)
    return CoarseConfusion(("even", "odd"), matrix, parity)


def test_a_cell_of_the_kinds_is_opened_by_a_press(monkeypatch):
    monkeypatch.setattr(confusion, "coarse_confusion", by_parity)
    evaluation = subject().evaluation
    matrix = by_parity(None, evaluation.labels, evaluation.predicted).matrix
    usual = next(iter(confused_pairs(evaluation.confusion, 1)))
    app = shown_by(confusion.draw)
    assert carried(chart(app, "confusion-kinds-None")) == ["0-0", "0-1", "1-0", "1-1"]
    assert chart(app, f"confusion-{usual}")["layout"]["shapes"]
    app = shown_by(confusion.draw, {"p.cell": "kinds-0-1"})
    assert texts(app.subheader)[-1].startswith(f"even called odd: {int(matrix[0, 1]):,} pictures (")
    assert chart(app, "confusion-kinds-(0, 1)")["layout"]["shapes"] and not app.warning
    assert "shapes" not in chart(app, "confusion-None")["layout"]
    (warning,) = texts(shown_by(confusion.draw, {"p.cell": "kinds-0-2"}).warning)
    assert "'kinds-0-2'" in warning


def test_every_cell_that_is_not_empty_can_be_taken_away():
    matrix = subject().evaluation.confusion
    assert int(matrix.sum()) == subject().evaluation.accuracy.count
    assert int(np.trace(matrix)) == subject().evaluation.accuracy.right
