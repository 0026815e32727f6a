"""What a person says of a checkpoint."""

from __future__ import annotations

import re

import pytest

from models.checkpoints.choice import class_names
from models.runtime.errors import UserError

NAMES = "one\ntwo\r\n  three\u202e  \n\n"


def test_class_names_are_read_from_a_text():
    assert class_names(NAMES, 3) == ("one", "two", "three")
    assert class_names("", 3) == ()
    assert class_names("<b>\n=1+1\n" + "x" * 500, 3) == ("<b>", "=1+1", "x" * 120)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("one\ntwo", "The list has 2 class names, but the network tells 3 classes apart; "),
        ("one\n\nthree", "Line 2 of the class names is empty; "),
        ("x" * 5_000_000, "The list of class names is longer than 4 MB; "),
    ],
)
def test_a_list_that_does_not_fit_is_told(text, sentence):
    with pytest.raises(UserError, match=f"^{re.escape(sentence)}"):
        class_names(text, 3)
