"""The grid of maps: methods side by side, or a row for each where things are compared."""

from __future__ import annotations

from tests.dashboard.components.component import alternatives, drawn, texts


def script(names):
    from dashboard import session
    from dashboard.components.attribution import compare, grid
    from dashboard.components.look import look
    from dashboard.inspection.attribution import METHODS

    session.begin()
    view = look(session.visit().selection)
    grid.grid([METHODS[name] for name in names], compare.subjects(view), strength=0.5)


def maps(app):
    return [alt for alt in alternatives(app) if " over " in alt]


def page(names, **address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address, names=names)


def test_methods_stand_side_by_side_each_with_its_question():
    app = page(["saliency", "input_x_gradient"])
    assert texts(app.subheader) == ["Saliency", "Input x Gradient"]
    assert maps(app) == [
        "Saliency for 7 over MNIST 10k, test 17",
        "Input x Gradient for 7 over MNIST 10k, test 17",
    ]
    assert [fold.label for fold in app.expander] == ["How to read Saliency", "How to read Input x Gradient"]


def test_things_that_are_compared_are_columns_of_a_row_with_their_names():
    app = page(["saliency"], versus="1")
    assert texts(app.subheader) == ["Saliency"]
    assert maps(app) == [
        f"Saliency for {what} over MNIST 10k, test 17" for what in ("7 rather than 1", "7", "1")
    ]
    assert [text for text in texts(app.markdown) if text.startswith("**")] == [
        "**7 rather than 1**",
        "**7**",
        "**1**",
    ]


def test_each_map_has_a_scale_of_its_own_until_one_is_asked_for():
    own, common = (ends(page(["saliency"], versus="1", **also)) for also in ({}, {"p.common": "1"}))
    assert len(own) == len(common) == 3
    assert len({*own}) > 1
    assert {*common} == {max(own)}


def ends(app):
    """Where each scale ends, whether or not values lie beyond."""
    scales = [alt for alt in alternatives(app) if alt.startswith("Colour scale from 0 to ")]
    return [float(alt.removesuffix(" and more").rpartition(" ")[2]) for alt in scales]
