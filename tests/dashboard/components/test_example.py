"""The example that stands where a network has not what a view takes."""

from __future__ import annotations

from tests.dashboard.components.component import drawn, left, sound, texts


def script(name="", start=""):
    import streamlit as st

    from dashboard import session
    from dashboard.components import example
    from dashboard.components.look import look

    session.begin()
    example.draw(
        look(session.visit().selection),
        lambda view: st.text(
            f"{view.model.name} {view.selection.image} {view.target == view.prediction.winner}"
        ),
        name,
        start,
    )


def test_an_example_says_that_it_is_one_and_leads_to_its_network():
    address = {"model": "lenet5", "image": "mnist-10k/test/17", "target": "3"}
    app = drawn(script, address)
    assert texts(app.subheader) == ["An example, not LeNet-5 (MNIST 10k): MLP 784-128-64-10 (MNIST 10k)"]
    assert texts(app.text) == ["mlp mnist-10k/test/0 True"]
    assert left(app) == address, "it changes nothing by itself"
    assert left(sound(app.button(key="example-look").click().run()))["model"] == "mlp"


def test_an_example_with_a_picture_of_its_own_leads_to_that_picture():
    start = "fashion-mnist-10k/test/21"
    app = drawn(script, {"model": "lenet5"}, start=start)
    assert texts(app.text) == [f"mlp-fashion {start} True"]
    after = left(sound(app.button(key="example-look").click().run()))
    assert (after["model"], after["image"]) == ("mlp-fashion", start)
