"""What is told of a visit before anything heavy is loaded."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image

from dashboard.components.opening import SIDE, Glimpse, glimpse
from dashboard.known import KNOWN
from dashboard.selection import parse
from tests.dashboard.components.component import drawn, sound, texts
from tests.paths import ROOT

LITE = "EfficientNet-Lite0"


def of(**typed: str) -> Glimpse:
    return glimpse(parse({name: [text] for name, text in typed.items()}, KNOWN)[0])


@pytest.mark.parametrize(
    ("typed", "network", "title"),
    [
        ({}, LITE, "Giant panda"),
        ({"image": "cat_chelsea"}, LITE, "Cat"),
        ({"image": "nothing"}, LITE, "Giant panda"),
        ({"model": "mlp"}, "MLP 784-128-64-10 (MNIST 10k)", "MNIST 10k, test 0"),
    ],
)
def test_network_and_photo_of_an_address(typed, network, title):
    seen = of(**typed)
    assert (seen.network, seen.title) == (network, title)
    assert Image.open(io.BytesIO(seen.picture)).size == (SIDE, SIDE)


def script():
    import streamlit as st

    from dashboard import session
    from dashboard.components import opening

    opening.draw(st.empty(), st.sidebar.empty(), "pictures")
    session.begin()


def test_it_is_seen_when_a_visit_begins_and_never_again():
    app = drawn(script, {"image": "cat_chelsea"})
    assert texts(app.header) == [f"{LITE} is about to look at: Cat."]
    assert not sound(app.run()).header


@pytest.mark.slow
def test_nothing_heavy_is_loaded_for_it():
    asked = "import sys; import dashboard.components.opening; print('torch' in sys.modules, 'timm' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "False False"
