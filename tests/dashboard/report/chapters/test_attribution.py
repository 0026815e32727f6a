"""Where it looks: a map for each method, or the reason why there is none."""

from __future__ import annotations

import dataclasses

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Pictures, Words
from models.datasets.wordnet import Kind
from tests.dashboard.report.chapters.built import built, subject


def about(**changes):
    whole = subject()
    selection = dataclasses.replace(whole.view.selection, **changes)
    return dataclasses.replace(whole, view=dataclasses.replace(whole.view, selection=selection))


def test_each_method_has_its_map_with_its_worth():
    section = built("attribution", about(methods=("saliency", "input_x_gradient")))
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items] == ["Saliency for 7", "Input x Gradient for 7"]
    assert all(picture.scale is not None and picture.remarks for picture in pictures.items)
    assert [title for title, _ in section.provenance] == ["Saliency for 7", "Input x Gradient for 7"]
    assert len(section.credits) == 2 and len(section.summary) == 2


def test_a_second_class_doubles_the_maps():
    section = built("attribution", about(methods=("saliency",), versus=1))
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items] == ["Saliency for 7", "Saliency for 7 rather than 1"]
    assert CHAPTERS["attribution"].slow is False


def test_a_kind_is_explained_where_the_page_explains_it(monkeypatch):
    kind = Kind("n1", "curve", (2, 3, 7))
    monkeypatch.setattr("dashboard.results.attribution.kinds", lambda view: {"n1": kind})
    section = built("attribution", about(methods=("saliency",), parameters={"any": "n1"}))
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items] == ["Saliency for any curve"]
    words = next(block for block in section.blocks if isinstance(block, Words))
    assert "the score that its 3 classes have together" in words.text and "any curve" in section.finding
