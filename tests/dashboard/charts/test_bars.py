"""Bars of probabilities."""

import json

import numpy as np
import pytest

from dashboard.charts.bars import top_classes
from dashboard.records import Prediction


def prediction(probabilities, classes):
    shares = np.array(probabilities, dtype=np.float32)
    return Prediction(np.log(shares + 1e-12), shares, tuple(classes))


def drawn(figure):
    """What a browser is sent: names from top to bottom, lengths and texts."""
    sent = json.loads(figure.to_json())
    (bar,), axis = sent["data"], sent["layout"]["yaxis"]
    order = np.argsort(figure.data[0].y)
    assert axis["range"][0] > axis["range"][1]  # the first on top
    assert list(axis["tickvals"]) == list(figure.data[0].y)
    names = [axis["ticktext"][place] for place in order]
    return names, [figure.data[0].x[place] for place in order], [bar["text"][place] for place in order]


def test_the_best_five_best_first():
    shares = [0.02, 0.6, 0.01, 0.2, 0.1, 0.05, 0.02]
    names, lengths, texts = drawn(top_classes(prediction(shares, "abcdefg")))
    assert names == ["b", "d", "e", "f", "a"]
    assert lengths == pytest.approx([0.6, 0.2, 0.1, 0.05, 0.02])
    assert texts == ["60 %", "20 %", "10 %", "5 %", "2 %"]


def test_classes_of_one_name_have_a_bar_each():
    """ImageNet has two kinds of crane, and some lists call both that."""
    names, lengths, _ = drawn(top_classes(prediction([0.5, 0.3, 0.2], ["crane", "crane", "ox"])))
    assert names == ["crane (0)", "crane (1)", "ox"]
    assert lengths == pytest.approx([0.5, 0.3, 0.2])


def test_long_names_that_differ_at_the_end_stay_apart():
    classes = ["American Staffordshire terrier, old", "American Staffordshire terrier, new"]
    names, _, _ = drawn(top_classes(prediction([0.6, 0.4], classes)))
    assert len(set(names)) == 2
    assert all(len(name) <= 24 for name in names)


def test_digits_are_names():
    names, lengths, _ = drawn(
        top_classes(prediction([0.0, 0.1, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2], "0123456789"))
    )
    assert names[:3] == ["2", "9", "1"]
    assert lengths[:3] == pytest.approx([0.7, 0.2, 0.1])


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_classes_than_bars(count):
    names, lengths, _ = drawn(top_classes(prediction([0.7, 0.3][:count], "ab"[:count])))
    assert names == list("ab"[:count])
    assert len(lengths) == count


def opacity(figure):
    return list(figure.data[0].marker.opacity)


def test_the_explained_class_is_emphasised_and_added_where_it_is_not_among_the_best():
    shares = [0.4, 0.2, 0.15, 0.1, 0.08, 0.04, 0.03]
    assert opacity(top_classes(prediction(shares, "abcdefg"))) == [1, 0.45, 0.45, 0.45, 0.45]
    assert opacity(top_classes(prediction(shares, "abcdefg"), marked=2)) == [0.45, 0.45, 1, 0.45, 0.45]
    figure = top_classes(prediction(shares, "abcdefg"), marked=6)
    assert drawn(figure)[0] == ["a", "b", "c", "d", "e", "g"]
    assert opacity(figure) == [0.45] * 5 + [1]


@pytest.mark.parametrize("name", ["<b>x</b>", '<a href="http://b">x</a>', "&lt;", "a<br>b", "<script>"])
def test_a_class_name_never_becomes_markup(name):
    """Plotly draws some HTML in its texts; escaped, it draws the characters."""
    figure = top_classes(prediction([0.6, 0.4], [name, "ox"]))
    sent = (figure.layout.yaxis.ticktext[0], figure.data[0].hovertext[0])
    assert all("<" not in text for text in sent)
    assert sent[1] == name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_tiny_share_is_said_not_to_be_nothing():
    _, _, texts = drawn(top_classes(prediction([0.99999, 0.00001], "ab")))
    assert texts == ["above 99.9 %", "below 0.1 %"]
