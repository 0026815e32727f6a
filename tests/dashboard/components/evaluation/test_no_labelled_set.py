"""Where nothing is labelled: the ways out, and the photos on board for a person to judge."""

from __future__ import annotations

import pytest

from dashboard import pictures
from models.datasets.names import PHOTOS
from tests.dashboard.components.component import alternatives, left, on_view, sound, texts


@pytest.mark.slow
def test_ways_out_and_an_answer_to_each_photo_on_board():
    app = on_view("evaluation.no_labelled_set", address={"model": "squeezenet1_1", "image": "cat_chelsea"})
    assert texts(app.info)[0].startswith("Nobody has checked which of its classes the photos on board show.")
    assert len(alternatives(app)) == len(pictures.samples(PHOTOS))
    button = next(button for button in app.button if button.label.startswith("Evaluate"))
    sound(button.click().run())
    assert "image" not in left(app) and left(app)["model"] != "squeezenet1_1"
