"""Gradient x embedding in closed form."""

from __future__ import annotations

import pytest

from dashboard.inspection.text.gradient_x_embedding import METHOD
from dashboard.inspection.text.run import TextRequest, attribute
from tests.dashboard.inspection.text.words import SPAM, TOKENIZER, Additive, Both, values


def test_it_is_the_slope_times_the_vector():
    tokens = TOKENIZER.encode("free dear free")
    linear = attribute(Additive(), tokens, method=METHOD, request=TextRequest(SPAM))
    assert values(linear) == [1.5, -0.5, 1.5]
    # The slope of a square is twice the sum.
    square = attribute(Both(), tokens, method=METHOD, request=TextRequest(SPAM))
    assert values(square) == pytest.approx([5 * 1.5, 5 * -0.5, 5 * 1.5])
    assert (linear.baseline, linear.nothing) == ("", None)
