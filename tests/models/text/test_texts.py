"""Labelled texts: one by one, and loaded once."""

from __future__ import annotations

import numpy as np
import pytest

from models.runtime.errors import UserError
from models.runtime.progress import silent
from models.text.texts import LabelledTexts, Texts, load_once


def test_a_text_is_found_or_refused():
    loads = []

    @load_once
    def load(_):
        loads.append(1)
        return Texts({"test": ("one", "two")}, {"test": np.array([1, 0])})

    small = LabelledTexts("small", "Small", ("ham", "spam"), {"test": 2}, "MIT", "tests", load)
    assert small.text("test", 1) == ("two", 0)
    assert small.load(silent) is small.load(silent)
    assert len(loads) == 1
    for split, index in (("test", 2), ("test", -1), ("train", 0)):
        with pytest.raises(UserError, match=r"Small has no .* choose one of test 0 to 1\."):
            small.text(split, index)
