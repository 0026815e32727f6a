"""The pictures nearest to the photo, and how well neighbours tell classes."""

from __future__ import annotations

from tests.dashboard.components.component import drawn, left, sound, texts


def script(labels, answers):
    import numpy as np

    from dashboard import session
    from dashboard.components.activations import neighbourhood
    from dashboard.inspection.embedding.nearest import METRICS
    from tests.dashboard.results.clouds import found, made

    session.begin()
    values = [[0.0, 1.0], [0.0, 1.1], [0.0, 1.2], [9.0, 1.0], [9.0, 1.1], [9.0, 1.2]]
    of = made(found(values, np.array(labels), np.array(answers)), [0.0, 1.0])
    neighbourhood.numbers(of, next(iter(METRICS)))


def test_neighbours_and_network_are_measured_on_the_same_pictures():
    app = drawn(script, labels=[0, 0, 0, 1, 1, 1], answers=[0, 0, 0, 1, 1, 0])
    assert [metric.label for metric in app.metric] == [
        "Same class as most of its 5 nearest",
        "The network's own accuracy",
    ]
    assert app.metric[1].value == "83 %"


def test_where_no_two_share_a_class_neighbours_tell_nothing():
    app = drawn(script, labels=[0, 0, 0, 0, 0, 0], answers=[0, 0, 0, 0, 0, 0])
    assert not app.metric
    assert texts(app.caption) == [
        "No two pictures share one class of several, so neighbours tell nothing about it here."
    ]


def look():
    import streamlit as st

    from dashboard import session
    from dashboard.components.activations import neighbourhood

    session.begin()
    st.button("Look", on_click=neighbourhood.look_at, args=("cat_chelsea",))


def test_a_neighbour_becomes_the_picture_of_every_page():
    app = drawn(look)
    sound(app.button[0].click().run())
    assert left(app) == {"image": "cat_chelsea"}
