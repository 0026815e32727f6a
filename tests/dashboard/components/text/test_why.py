"""Why: the words in colour, their numbers, and what would turn the answer."""

from __future__ import annotations

from dashboard.inspection.text import TEXT_METHODS
from tests.dashboard.components.component import drawn, plain


def script(name: str, text: str) -> None:
    from dashboard import session
    from dashboard.components.text import why
    from dashboard.results.text import subject
    from models.networks import find_network
    from models.runtime.progress import silent

    session.begin()
    looked_at = subject(find_network(name).load(silent), text)
    why.draw(looked_at)
    why.turning(looked_at)


def test_a_short_text_is_explained_by_every_method():
    for method in TEXT_METHODS:
        app = drawn(
            script,
            {"p.words": method},
            name="text_transformer",
            text="Click <url> to claim your free prize now!",
        )
        assert plain(app.subheader[0].value) == "What each word counts for: spam"
        assert len(app.get("plotly_chart")) == 1
        assert any("it would be ham" in one.value or "No words turn" in one.value for one in app.markdown)


def test_a_network_without_attention_says_so():
    app = drawn(
        script,
        {"p.words": next(name for name in TEXT_METHODS if "attention" in name)},
        name="text_bag",
        text="free prize",
    )
    assert not app.get("plotly_chart")
    assert "attention" in plain(" ".join(one.value for one in (*app.error, *app.warning))).lower()
