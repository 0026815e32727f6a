"""The Attribution page: photos in, methods chosen, each with its map."""

from __future__ import annotations

import re
import secrets

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.inspection.engine import batch_size
from tests.dashboard.pages.app import address, first_page, moved, png, said, sound

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")


def dropped(app: AppTest, name: str, content: bytes) -> AppTest:
    """The app after a picture was dropped."""
    app.file_uploader[0].upload(name, content, "image/png")
    return sound(app.run())


@pytest.mark.slow
def test_an_address_opens_the_same_view():
    app = first_page(model="squeezenet1_1", image="coffee_cup", versus="968", method=["saliency"])
    moved(app, "attribution")
    assert app.selectbox(key="model").value == "squeezenet1_1"
    assert "espresso" in said(app.header)
    assert "espresso rather than cup" in said(app.markdown)


@pytest.mark.slow
def test_a_layer_without_a_grid_is_kept_and_grad_cam_reads_its_default():
    app = first_page(layer="classifier", unit="388")
    moved(app, "attribution")
    assert "keeps no grid" in said(app.caption)
    assert not app.warning
    assert (address(app)["layer"], address(app)["unit"]) == (["classifier"], ["388"])


@pytest.mark.slow
def test_what_a_network_does_not_allow_is_greyed_with_its_reason():
    app = first_page(model="vit")
    app.session_state["methods"] = True
    moved(app, "attribution")
    pills = {
        option.content: group.proto for group in app.get("button_group") for option in group.proto.options
    }
    assert not pills["Saliency"].disabled
    for title in ("Guided Backprop", "Deconvolution"):
        assert pills[title].disabled
        assert f"**{title}**: It changes what a ReLU passes back" in pills[title].help
    assert "LayerNorm" in pills["LRP"].help and pills["LRP"].disabled


@pytest.mark.slow
def test_a_slow_method_says_what_it_costs_before_it_starts(monkeypatch):
    monkeypatch.setattr(batch_size, "_BATCHES", {})
    app = first_page(**{"model": "lenet5", "method": ["kernel_shap"], "p.n_parts": "7"})
    app.session_state["methods"] = True
    moved(app, "attribution")

    def said_of_lime() -> str:
        helps: list[str] = [group.proto.help for group in app.get("button_group")]
        return next(line for text in helps for line in text.splitlines() if "**LIME**" in line)

    assert "It shows the network 1,000 pictures." in said_of_lime()
    sound(app.run())  # the first map has measured how long a picture takes
    assert re.search(r"It takes about [\d.]+ m?s\.", said_of_lime())


@pytest.mark.slow
def test_settings_in_the_address_are_checked():
    app = first_page(**{"p.n_steps": "9999999", "p.baseline": "purple", "method": ["integrated_gradients"]})
    moved(app, "attribution")
    assert "must be a whole number from" in said(app.warning) or "can be" in said(app.warning)


@pytest.mark.slow
def test_dropped_photos_are_looked_at_listed_and_kept():
    app = first_page(method=["grad_cam"])
    moved(app, "attribution")
    dropped(app, "one.png", png("red"))
    first = address(app)["image"][0]
    assert first.startswith("upload:")
    dropped(app, "two.png", png("blue"))
    assert list(app.dataframe[0].value["Photo"]) == ["two.png", "one.png"]
    moved(app, "")
    assert address(app)["image"][0].startswith("upload:")
    assert address(app)["image"][0] != first


@pytest.mark.slow
@pytest.mark.parametrize(
    "data", [b"", b"not a picture", png("red")[:60], b"<svg/>"], ids=["empty", "text", "half", "svg"]
)
def test_a_broken_photo_gets_a_sentence_and_a_good_one_works_after_it(data):
    app = first_page(method=["saliency"])
    moved(app, "attribution")
    dropped(app, "broken.png", data)
    assert "broken.png" in said(app.error)
    assert "image" not in address(app)
    dropped(app, "good.png", png("green"))
    assert not app.error
    assert address(app)["image"][0].startswith("upload:")


@pytest.fixture
def browsers(monkeypatch):
    """Sets the cookie that the next run comes with: one browser's secret under a new mask each time."""

    def come_from(secret: bytes) -> None:
        mask = secrets.token_bytes(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(secret))
        cookie = f"2|{mask.hex()}|{masked.hex()}|1795491499"
        monkeypatch.setattr(type(st.context), "cookies", {"_streamlit_xsrf": cookie})

    return come_from


@pytest.mark.slow
def test_own_pictures_survive_a_reload_and_nobody_else_sees_them(browsers):
    browsers(b"ann's browser 16")
    first = first_page(method=["saliency"])
    moved(first, "attribution")
    for name, colour in (("a.png", "teal"), ("b.png", "navy")):
        dropped(first, name, png(colour))
    link = address(first)

    browsers(b"ann's browser 16")
    again = first_page(**link)
    moved(again, "attribution")
    assert list(again.dataframe[0].value["Photo"]) == ["b.png", "a.png"]

    browsers(b"bob's browser 16")
    other = first_page(**link)
    moved(other, "attribution")
    assert address(other)["image"] == link["image"]
    assert not other.dataframe
    assert "b.png" not in other.selectbox(key="image").options

    browsers(b"ann's browser 16")
    clear = next(button for button in again.button if button.label == "Clear my photos")
    sound(clear.click().run())
    assert "image" not in address(again)
    assert not again.dataframe
