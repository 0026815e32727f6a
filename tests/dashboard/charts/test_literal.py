"""Names become no markup."""

from __future__ import annotations

import pytest

from dashboard.charts.literal import literal, tell_apart


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("a & b", "a &amp; b"),
        ("two\n lines", "two lines"),
        ('"quoted"', '"quoted"'),
    ],
)
def test_text_is_shown_as_it_is(text, shown):
    assert literal(text) == shown


def test_labels_that_look_alike_are_told_apart():
    told = tell_apart(["a", "b", "a", "a"])
    assert len(set(told)) == 4 and [label.rstrip("\u200b") for label in told] == ["a", "b", "a", "a"]
