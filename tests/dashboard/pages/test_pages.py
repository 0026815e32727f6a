"""Every page runs, keeps what was chosen, and turns what is wrong into one sentence."""

from __future__ import annotations

import pytest

from dashboard.navigation import PAGES
from tests.dashboard.pages.app import address, first_page, moved, said, sound

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")


# The pages of many maps, and those that draw an example of many pictures, take longer than all the others.
LONG = ("attribution", "report", "evaluation", "surrogate")
OPENED = [pytest.param(page, marks=pytest.mark.slow if page.path in LONG else ()) for page in PAGES]


@pytest.mark.parametrize("page", OPENED, ids=[page.title for page in PAGES])
def test_every_page_opens_with_a_finding_on_top(page):
    app = first_page()
    if page.path:
        moved(app, page.path)
    assert said(app.header)
    assert not app.error
    assert not app.warning


@pytest.mark.slow
def test_choices_stay_on_every_page_and_in_the_address():
    app = first_page()
    app.selectbox(key="model").set_value("squeezenet1_1").run()
    app.selectbox(key="image").set_value("coffee_cup").run()
    sound(app.selectbox(key="target").set_value(968).run())
    expected = {"model": ["squeezenet1_1"], "image": ["coffee_cup"], "target": ["968"]}
    for path in ("attribution", "", "attribution"):
        moved(app, path)
        assert address(app) == expected
        assert app.selectbox(key="target").value == 968


@pytest.mark.slow
def test_a_small_network_brings_its_own_pictures():
    app = first_page(image="moose")
    sound(app.selectbox(key="model").set_value("mlp").run())
    assert app.selectbox(key="image").value == "mnist-10k/test/0"
    assert "Untrained" not in said(app.header)
    assert "target" not in address(app)


def test_a_network_with_random_weights_says_so():
    app = first_page(model="cnn-untrained")
    assert "Untrained" in said(app.header)
    assert "untrained: random weights" in said(app.caption)


@pytest.mark.slow
def test_photo_and_network_that_do_not_belong_together_are_told_so():
    app = first_page(model="cnn", image="giant_panda")
    assert "a photo is nothing it knows" in said(app.warning)
    sound(app.toggle(key="digit").set_value(True).run())
    assert not app.warning
    assert address(app)["p.digit"] == ["1"]
    digit_in_photo_network = first_page(image="mnist-10k/test/3")
    assert "was trained on photographs" in said(digit_in_photo_network.warning)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"model": "../../etc"}, "no network called"),
        ({"image": "<b>bold<b>"}, "There is no sample called"),
        ({"image": "<script>alert(1)</script>"}, "no address of a dataset"),
        ({"image": "upload:0123456789abcdef"}, "drop it again"),
        ({"image": "mnist-10k/test/99999"}, "99999"),
        ({"target": "99999"}, "99999"),
        ({"target": "minus one"}, "A class is a number"),
        ({"unit": "minus one"}, "A unit is a number"),
        ({"method": "sorcery"}, "There is no method called"),
        ({"layer": "nowhere"}, "has no layer"),
        ({"p.<b>": "1"}, "it is left out"),
    ],
)
def test_what_an_address_names_wrongly_falls_back_with_a_sentence(query, sentence):
    app = first_page(**query)
    assert sentence in said(app.warning)
    assert "97 % sure" in said(app.header)
    assert address(app) == {}
