"""The views of a text: words that change, heads, texts that are near, and a tree."""

from __future__ import annotations

import pytest

from models.text import TEXT_SETS
from tests.dashboard.components.component import drawn, left, plain

MAILS = next(iter(TEXT_SETS.values()))
PRIZE = "Click <url> to claim your free prize now!"


def script(name: str, text: str) -> None:
    from dashboard import session
    from dashboard.components.text import views
    from dashboard.results.text import subject
    from models.networks import find_network
    from models.runtime.progress import silent

    session.begin()
    views.draw(subject(find_network(name).load(silent), text))


def html(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_words_are_struck_out_and_put_back():
    app = drawn(script, {"p.read": "change"}, name="text_cnn", text=PRIZE)
    assert plain(app.subheader[0].value).startswith("Unchanged it is spam: ")
    app.pills[0].select(0).run()
    assert left(app)["p.struck"] == "0" and "<s>Click</s>" in html(app)
    assert plain(app.subheader[0].value).startswith("With 1 word changed it is ")
    app.button(key="put-back").click().run()
    assert "p.struck" not in left(app) and "<s>" not in html(app)


def test_another_word_stands_instead_and_no_link_holds_it():
    app = drawn(script, {"p.read": "change", "p.replaced": "6"}, name="text_cnn", text=PRIZE)
    assert plain(app.subheader[0].value).startswith("Unchanged")
    app.text_input(key="text-instead").input("<b>boring</b>").run()
    assert "<s>free</s> <ins>&lt;b&gt;boring" in html(app) or "<ins>&lt;b&gt;boring" in html(app)
    assert "boring" not in str(left(app))


@pytest.mark.parametrize("struck", ["x", "99999", "-1", "0..", "3.99"])
def test_places_of_no_word_are_passed_over(struck):
    app = drawn(script, {"p.read": "change", "p.struck": struck}, name="text_cnn", text=PRIZE)
    assert html(app).count("<s>") == (1 if struck in ("0..", "3.99") else 0)


def test_the_class_and_the_settings_of_a_method_are_in_the_address():
    app = drawn(script, {"p.for": "0"}, name="text_cnn", text=PRIZE)
    assert plain(app.subheader[0].value).startswith("What each word counts for: ")
    app.selectbox(key="p-baseline").select("pad").run()
    assert left(app)["p.baseline"] == "pad"
    app = drawn(script, {"p.baseline": "nonsense"}, name="text_cnn", text=PRIZE)
    assert app.warning


def test_every_head_is_shown_and_a_word_can_be_chosen():
    app = drawn(script, {"p.read": "attention"}, name="text_transformer", text=PRIZE)
    assert [one.value for one in app.markdown if "Head" in one.value] == [
        f"**Head {head}**" for head in range(1, 5)
    ]
    assert plain(app.subheader[0].value).startswith("All words together look most at ")
    app.selectbox(key="looks").select_index(5).run()
    assert left(app)["p.looks"] == "6"
    assert " looks most at " in plain(app.subheader[0].value)


def test_a_network_without_attention_is_not_asked_for_it():
    app = drawn(script, {"p.read": "attention"}, name="text_bag", text=PRIZE)
    assert "attention" not in app.button_group[0].options


@pytest.mark.slow
def test_the_nearest_texts_have_the_labels_of_the_set_and_a_tree_says_its_way():
    text, label = MAILS.text("test", 0)
    app = drawn(script, {"p.read": "nearest"}, name="text_bag", text=text)
    assert f"nearest texts are {MAILS.classes[label]}, as it says of this one" in plain(
        app.subheader[0].value
    )
    assert len(app.dataframe[0].value) == 10
    app = drawn(script, {"p.read": "tree"}, name="text_bag", text=text)
    assert "texts held out" in plain(app.subheader[0].value)
    assert any("texts are left" in one.value for one in app.markdown)
