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
    assert len([text for text in alternatives(app) if ": " in text]) == len(pictures.samples(PHOTOS))
    # The finished view of a network that has test pictures, said to be an example, in which nothing can be chosen.
    assert "An example, not SqueezeNet 1.1: MLP 784-128-64-10 (MNIST 10k)" in texts(app.subheader)
    assert "of the 2,000 test pictures of MNIST 10k (95 % interval" in texts(app.header)[1]
    assert not app.get_by_key("confusion-None").proto.selection_mode
    sound(app.button(key="example-look").click().run())
    assert "image" not in left(app) and left(app)["model"] == "mlp"
