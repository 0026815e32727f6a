"""What is said of an embedding follows from its numbers; few, equal and unreadable pictures included."""

from __future__ import annotations

import csv

import numpy as np

from dashboard.components import tables
from dashboard.components.activations import embedding, embedding_choices
from dashboard.inspection.embedding.layout import LAYOUTS
from dashboard.inspection.embedding.principal import principal_axes
from dashboard.records.embedding import UNKNOWN, Neighbours
from dashboard.results.embedding import Cloud
from dashboard.wording import embedding as embedded
from tests.dashboard.results.clouds import LINE, found, made


def headline(of: Cloud, near: Neighbours | None) -> str:
    return embedded.headline("Net", of.features, near, of.view.prediction)


def test_the_nearest_are_counted_by_their_class():
    of = made(found(LINE, [1, 1, 1, 1, 2, 2]), [0.4], winner=2)
    near = of.neighbours("euclid")
    assert near is not None and near.rows.tolist() == [0, 1, 2, 3, 4, 5]
    said = headline(of, near)
    assert said == "Net puts this picture among those of class =one (4 of the 6 nearest to it), but says two."


def test_where_classes_are_not_known_answers_are_counted_and_said_to_be_the_networks():
    of = made(found(LINE[:3], [UNKNOWN] * 3, [2, 2, 2]), [0.4], winner=2)
    near = of.neighbours("euclid")
    assert headline(of, near) == (
        "Net puts this picture among those that it calls two (all 3 nearest to it), and says two too."
    )
    of = made(found(LINE[:3], [UNKNOWN] * 3, [2, 2, 0]), [0.4], winner=0)
    assert "those that it calls two (2 of the 3 nearest to it), but says zero." in headline(of, near)


def test_neighbours_of_many_kinds_are_no_agreement():
    of = made(found(LINE[:5], [0, 1, 2, 0, 1]), [0.4], winner=2)
    assert headline(of, of.neighbours("euclid")) == (
        "Net puts this picture among 3 classes, which the 5 nearest to it have; it says two."
    )


def test_two_pictures_have_one_neighbour():
    of = made(found(LINE[:2], [0, 1]), [1], image="test/1", winner=1)
    near = of.neighbours("euclid")
    assert headline(of, near) == (
        "Net puts this picture among those of class zero (the one nearest to it), but says =one."
    )
    assert embedded.obstacle(of.features, of.pictures.title) is None


def test_a_photo_without_features_has_no_neighbours():
    of = made(found(LINE, [0] * 6))
    assert of.neighbours("cosine") is None
    assert "can be compared with it" in headline(of, None)


def test_the_table_ends_with_a_photo_that_is_none_of_the_pictures():
    of = made(found(LINE, [0, 0, 1, 1, 2, UNKNOWN]), [5])
    along = principal_axes(of.features.values, 2)
    photo = along.coordinates(np.array([5.0]))
    table = embedding._columns(of, along.coordinates(of.features.values), photo)
    assert {len(column) for column in table.values()} == {7}
    assert table["this_photo"] == [0] * 6 + [1] and table["address"][-1] == "own"
    assert table["class"][-2] == ""
    first, *_ = csv.DictReader(tables.csv_text(table).splitlines())
    assert float(first["x"]) == -4.5 and float(first["y"]) == 0
    assert "'=one" in tables.csv_text(table)
    among = made(found(LINE, [0] * 6), [10], image="test/4")
    table = embedding._columns(among, along.coordinates(of.features.values), photo)
    assert table["this_photo"] == [0, 0, 0, 0, 1, 0]


def test_right_and_wrong_are_told_by_colour_and_shape():
    of = made(found(LINE, [0, 0, 1, 1, 2, 2], [0, 0, 1, 2, 2, UNKNOWN]))
    right, wrong = embedding_choices.colour_groups(of, "right")
    assert (right.title, wrong.title) == ("right (4)", "wrong (2)")
    assert wrong.rows.tolist() == [3, 5] and (right.colour, right.symbol) != (wrong.colour, wrong.symbol)
    assert [group.title for group in embedding_choices.colour_groups(of, "answer")] == [
        "not a number (1)",
        "zero (2)",
        "=one (1)",
        "two (2)",
    ]


def test_too_few_pictures_for_a_layout_are_told_how_many_it_needs():
    two = made(found(LINE[:2], [0, 1]))
    said = embedding_choices._reason(two, LAYOUTS["tsne"])
    assert said == "t-SNE needs at least 5 pictures, and here are 2."
    assert embedding_choices._reason(made(found(LINE, [0] * 6)), LAYOUTS["tsne"]) is None
