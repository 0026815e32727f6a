"""How well trees of each depth imitate a network."""

from __future__ import annotations

from dashboard.charts.surrogate import fidelity as curves
from dashboard.inspection.surrogate.tree import class_agreements
from tests.dashboard.charts.surrogate.trees import imitated
from tests.dashboard.inspection.surrogate.pictures import blobs, read_as

CLASSES = [f"class {index}" for index in range(40)]
PALETTE = [f"#0000{number:02x}" for number in range(8)]


def test_the_curve_marks_the_chosen_depth(found):
    figure = curves.over_depth(found.fidelity, 4, 0.8, PALETTE, "#222222")
    assert [trace.name for trace in figure.data[:3]] == [
        "Agrees with the network, held out",
        "Agrees, on what it was grown with",
        "Right by the labels, held out",
    ]
    assert list(figure.data[0].y) == [100 * one.held_out for one in found.fidelity]
    assert (figure.data[3].x[0], figure.data[3].y[0]) == (4, 100 * found.fidelity[4].held_out)
    without = imitated(read_as(blobs().units, blobs().answers))
    assert len(curves.over_depth(without.fidelity, 4, 0.8, PALETTE, "#222222").data) == 3


def test_many_answers_are_cut_to_the_commonest(found):
    rows = class_agreements(found, 3)
    many = [row for row in rows for _ in range(10)]
    figure = curves.by_class(many, CLASSES)
    assert len(figure.data[0].x) == curves.MOST_CLASSES < len(many)
    assert len(curves.by_class(rows, CLASSES).data[0].x) == len(rows)


def test_names_are_no_markup(found):
    bars = curves.by_class(class_agreements(found, 3), ["<i>x</i>"] * 40)
    assert "<i>" not in "".join(bars.layout.yaxis.ticktext) + "".join(bars.data[0].hovertext)
