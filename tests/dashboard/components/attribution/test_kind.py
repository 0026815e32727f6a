"""Any dog as what is explained."""

from __future__ import annotations

from dashboard.components.attribution import kind
from dashboard.components.attribution.explain import subject
from tests.dashboard.components.component import left, on_view, sound, texts, view_of

PANDA = {"model": "efficientnet_lite0", "image": "giant_panda"}
MAMMAL = "n01861778"


def test_a_kind_of_the_address_is_explained_in_place_of_its_class():
    view = view_of(PANDA | {"p.any": MAMMAL})
    explained = kind.explained(view)
    assert (
        explained.title == "any mammal"
        and view.target in explained.together
        and len(explained.together) == 218
    )
    assert kind.what_is_explained(view, explained.title).startswith(
        "Why a mammal, whichever it is? Explained is the score that its 218 classes have together"
    )
    for nothing in ({}, {"p.any": "n02084071"}, {"p.any": "x"}):
        view = view_of(PANDA | nothing)
        assert kind.explained(view) == subject(view) or not kind.explained(view).together


def test_the_headline_is_about_what_is_explained():
    for address, end in ((PANDA, "a giant panda."), (PANDA | {"p.any": MAMMAL}, "a mammal.")):
        (headline,) = texts(on_view("attribution.kind", "headline", address).header)
        assert headline.startswith("EfficientNet-Lite0 is 9") and headline.endswith(f"sure: {end}")


def test_kinds_are_offered_with_their_probability_and_one_is_chosen():
    app = on_view("attribution.kind", "picker", PANDA)
    assert app.selectbox[0].options[0] == "Explain giant panda"
    assert any(option.startswith("Explain any mammal (9") for option in app.selectbox[0].options)
    sound(app.selectbox[0].set_value(MAMMAL).run())
    assert left(app)["p.any"] == MAMMAL


def test_digits_are_of_no_kind():
    assert not on_view("attribution.kind", "picker").selectbox
