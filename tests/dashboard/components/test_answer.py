"""The most probable classes, as bars."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")
SHARES = [0.4, 0.2, 0.15, 0.1, 0.08, 0.04, 0.03]


def drawn(probabilities, classes, explained=0):
    """Texts and lengths of the bars, from top to bottom."""

    def script(probabilities, classes, explained):
        import numpy as np

        from dashboard.components import answer
        from dashboard.records.pictures import Prediction

        shares = np.array(probabilities, dtype=np.float32)
        answer.classes(Prediction(np.log(shares + 1e-12), shares, tuple(classes)), explained=explained)

    app = AppTest.from_function(script, args=(probabilities, classes, explained)).run()
    assert not app.exception
    bars = [bar.proto for bar in app.get("progress")]
    return [bar.text.replace("\\", "") for bar in bars], [bar.value for bar in bars]


def test_the_best_five_best_first():
    texts, lengths = drawn([0.02, 0.6, 0.01, 0.2, 0.1, 0.05, 0.02], "abcdefg", explained=1)
    assert texts == ["**b** · 60 %", "d · 20 %", "e · 10 %", "f · 5 %", "a · 2 %"]
    assert lengths == pytest.approx([60, 20, 10, 5, 2], abs=1)


def test_the_explained_class_is_added_where_it_is_not_among_the_best():
    texts, _ = drawn(SHARES, "abcdefg", explained=6)
    assert texts[0] == "a · 40 %" and texts[-1] == "**g** · 3 %"


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_classes_than_bars(count):
    texts, _ = drawn([0.7, 0.3][:count], "ab"[:count])
    assert texts == ["**a** · 70 %", "b · 30 %"][:count]


@pytest.mark.parametrize("name", ["<b>x</b>", "**x**", ":red[x]", "[x](http://b)", "$x$", ":material/star:"])
def test_a_class_name_never_becomes_markup(name):
    from dashboard.components import say

    def script(name):
        import numpy as np

        from dashboard.components import answer
        from dashboard.records.pictures import Prediction

        shares = np.array([0.6, 0.4], dtype=np.float32)
        answer.classes(Prediction(np.log(shares), shares, (name, "ox")), explained=1)

    app = AppTest.from_function(script, args=(name,)).run()
    assert app.get("progress")[0].proto.text == f"{say.plain(name)} · 60 %"


def test_a_tiny_share_is_said_not_to_be_nothing_and_rounding_breaks_no_bar():
    texts, _ = drawn([0.99999, 0.00001], "ab")
    assert texts == ["**a** · above 99.9 %", "b · below 0.1 %"]
    _, lengths = drawn([1.0000001, 0.0], "ab")
    assert lengths == [100, 0]


def test_an_answer_that_is_no_number_is_said_to_be_none():
    texts, lengths = drawn([float("nan"), float("nan")], "ab")
    assert sorted(texts) == ["**a** · not a number", "b · not a number"]
    assert lengths == [0, 0]
