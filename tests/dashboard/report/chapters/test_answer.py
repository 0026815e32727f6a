"""The answer: the most probable classes, and what the network reads of the picture."""

from __future__ import annotations

from dashboard.report.contents import Bars, Pictures, Words
from dashboard.wording.answer import ranking, top_classes
from dashboard.wording.numbers import percent
from tests.dashboard.report.chapters.built import built, subject


def test_bars_are_the_shares_of_the_most_probable_classes():
    prediction, section = subject().view.prediction, built("answer")
    (bars,) = [block for block in section.blocks if isinstance(block, Bars)]
    order = top_classes(prediction, subject().view.target)
    assert section.finding == ranking(prediction)
    assert [bar.label for bar in bars.items] == [percent(prediction.strength(index)) for index in order]
    assert [bar.strong for bar in bars.items] == [index == 7 for index in order]
    assert not [block for block in section.blocks if isinstance(block, Pictures)], "all of it is read"


def test_a_photo_is_shown_whole_and_as_it_is_read_with_a_caution():
    section = built("answer", subject(image="cameraman"))
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert len(pictures.items) == 2
    assert isinstance(section.blocks[0], Words) and section.blocks[0].tone == "care"
    assert section.summary == (section.blocks[0].text,)
