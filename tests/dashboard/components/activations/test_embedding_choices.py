"""The choices of an embedding: the layout, its number, and what colours mean."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.components.activations.embedding_choices import colour_groups
from dashboard.records.embedding import UNKNOWN
from tests.dashboard.components.component import drawn, texts
from tests.dashboard.results.clouds import found, made

LINE = [[float(at), 0.0] for at in range(6)]


def script(values, labels):
    import streamlit as st

    from dashboard import session
    from dashboard.components.activations import embedding_choices
    from tests.dashboard.results.clouds import found, made

    session.begin()
    of, controls = made(found(values, labels)), st.container()
    way = embedding_choices.pick_layout(of, controls)
    number = embedding_choices.pick_number(of, way, controls)
    st.text(f"{way} {number} {embedding_choices.pick_colouring(of, controls)}")


def test_principal_axes_and_classes_come_first():
    app = drawn(script, values=LINE, labels=[0, 0, 1, 1, 2, 2])
    assert app.text[0].value == "pca 5 class"
    assert app.segmented_control[0].value == "pca"


@pytest.mark.parametrize(("text", "number", "warned"), [("3", 3, False), ("400", 5, True), ("0", 5, True)])
def test_perplexity_is_bounded_by_the_number_of_pictures(text, number, warned):
    values = [[float(at), float(at % 3)] for at in range(16)]
    address = {"p.map": "tsne", "p.perplexity": text}
    app = drawn(script, address, values=values, labels=[0] * 16)
    assert app.text[0].value == f"tsne {number} class"
    assert bool(app.warning) is warned


def test_names_that_are_none_are_said():
    app = drawn(script, {"p.map": "umbrella", "p.colour": "smell"}, values=LINE, labels=[0] * 6)
    assert app.text[0].value == "pca 5 class"
    assert [text.partition(";")[0] for text in texts(app.warning)] == [
        "There is no map called 'umbrella'",
        "There is no colour called 'smell'",
    ]


def test_without_classes_colours_are_the_networks_answers():
    app = drawn(script, {"p.colour": "right"}, values=LINE, labels=[UNKNOWN] * 6)
    assert app.text[0].value.endswith(" answer") and app.info


def test_each_picture_is_in_the_group_of_its_colour():
    of = made(found(LINE, [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 2, 0]))
    for colour, kinds in (("class", [2, 2, 2]), ("answer", [2, 3, 1]), ("right", [2, 4])):
        groups = colour_groups(of, colour)
        assert sorted(np.concatenate([group.rows for group in groups]).tolist()) == list(range(6))
        assert sorted(len(group.rows) for group in groups) == sorted(kinds)
