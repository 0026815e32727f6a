"""The glossary of the app: the words that the browser looks for, and the box that lists them."""

from __future__ import annotations

import json

from dashboard.wording.glossary import TERMS
from tests.dashboard.components.component import drawn


def script():
    from dashboard.components import glossary

    glossary.box()
    glossary.underline()


def test_the_browser_is_told_each_word_as_it_is_written():
    app = drawn(script)
    (lines,) = app.get("bidi_component")
    terms = json.loads(json.loads(lines.proto.json)["terms"])
    assert [term["name"] for term in terms] == [term.name for term in TERMS]
    assert all(term["pattern"] == one.pattern.pattern for term, one in zip(terms, TERMS, strict=True))
    # What is not opened is not made.
    assert not app.markdown
