"""What a layer says is taken word by word."""

from __future__ import annotations

import pytest

from models.checkpoints.keras.settings import MOST, Settings, shown
from models.checkpoints.limits import RefusalError


def said(**values: object) -> Settings:
    return Settings("one", "Conv2D", values)


def test_values_are_what_they_should_be():
    values = said(a=3, b=[1, 2], c=True, d="SAME", e=0.5, f=[[1, 0], [2, 3]], g=None)
    assert (values.whole("a"), values.pair("a"), values.pair("b")) == (3, (3, 3), (1, 2))
    assert (values.flag("c"), values.word("d", ("same",)), values.number("e")) == (True, "same", 0.5)
    assert (values.margins("f"), values.margins("a")) == (((1, 0), (2, 3)), ((3, 3), (3, 3)))
    assert (values.whole("g", 7), values.flag("missing", True)) == (7, True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("whole", 0), ("whole", MOST + 1), ("whole", True), ("whole", "3"), ("whole", 2.0),
        ("pair", [1]), ("pair", [1, -1]), ("pair", [[1], 2]), ("flag", 1), ("number", float("nan")), ("number", "x"),
        ("number", 10**400), ("number", True),
        ("margins", [1]), ("margins", [[1, -1], 0]), ("wholes", ["x"]), ("wholes", list(range(9))),
    ],
)  # fmt: skip
def test_others_are_refused_by_the_layers_name(kind, value):
    with pytest.raises(RefusalError, match=r"layer one \(Conv2D\) says x = "):
        getattr(said(x=value), kind)("x")


def test_texts_are_fit_to_be_shown():
    assert shown("a\x1b[31m\nb") == "a?[31m?b"
    assert len(shown("x" * 999)) == 83
