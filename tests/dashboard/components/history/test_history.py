"""A history that is taken from a made-up person or put together, and because of what a film is recommended."""

from __future__ import annotations

import pytest

from dashboard.inspection.history import HISTORY_METHODS
from models.history import HISTORY_SETS
from tests.dashboard.components.component import columns, drawn, left, plain

FILMS = HISTORY_SETS["films"].load()
TITLES = FILMS.catalogue.titles


def script() -> None:
    import streamlit as st

    from dashboard import session
    from dashboard.components.history import because, intake, recommended
    from models.networks import find_network
    from models.runtime.progress import silent

    session.begin()
    subject = intake.choose(find_network("two_towers-films").load(silent))
    st.text(f"{subject.person} {subject.film} {len(subject.history)}")
    recommended.draw(subject)
    if subject.history:
        because.draw(subject)


def test_a_person_has_their_history_and_ten_other_films():
    app = drawn(script, {"p.person": "5"})
    history = FILMS.history("test", 5)
    assert app.multiselect[0].value == [*history]
    films = columns(app)["Film"]
    assert len(films) == 10 and not {*films} & {TITLES[film] for film in history}
    assert app.selectbox[0].options[5] == f"5: likes {' and '.join(FILMS.liked('test', 5))}"
    scores = columns(app)["Score"]
    assert scores == sorted(scores, reverse=True)
    assert [*columns(app, 1)] == ["Film", "Genres", "Known taste", "Leaving out", "Shapley values"]
    app.selectbox[0].select_index(9).run()
    assert left(app)["p.person"] == "9" and app.multiselect[0].value == [*FILMS.history("test", 9)]


def test_a_history_is_put_together_and_left_again():
    app = drawn(script, {"p.person": "5"})
    first, *_ = FILMS.history("test", 5)
    app.multiselect[0].unselect(first).run()
    rest = sorted({*FILMS.history("test", 5)} - {first})
    assert left(app)["p.films"] == ".".join(map(str, rest))
    # Whose taste it is nobody knows any more.
    assert app.text[0].value.startswith("None ") and "Known taste" not in columns(app, 1)
    app.button(key="history-back").click().run()
    assert "p.films" not in left(app) and app.text[0].value.startswith("5 ")


def test_nothing_chosen_is_a_history_too():
    app = drawn(script, {"p.films": "7"})
    app.multiselect[0].unselect(7).run()
    assert left(app)["p.films"] == "." and app.text[0].value.endswith(" 0")
    assert len(columns(app)["Film"]) == 10 and not app.get("plotly_chart")


def test_another_film_is_explained_and_a_wrong_address_is_passed_over():
    films = [TITLES.index(title) for title in columns(drawn(script))["Film"]]
    app = drawn(script, {"p.film": str(films[3])})
    assert app.text[0].value.split()[1] == str(films[3])
    assert plain(app.subheader[1].value).startswith(f"{TITLES[films[3]]}, ")
    app = drawn(script, {"p.films": "1.x.999.2", "p.film": "1", "p.person": "99999"})
    assert app.multiselect[0].value == [1, 2]
    assert app.text[0].value.split()[1] not in ("1", "2")


def test_no_more_films_than_it_reads():
    app = drawn(script, {"p.films": ".".join(map(str, range(15)))})
    assert len(app.multiselect[0].value) == FILMS.catalogue.longest


@pytest.mark.parametrize("method", HISTORY_METHODS.values(), ids=lambda method: method.name)
def test_every_method_has_its_bars_or_says_why_not(method):
    app = drawn(script, {"p.because": method.name})
    assert len(app.get("plotly_chart")) == (not method.refusal)
    assert len(app.error) == bool(method.refusal)
    if method.refusal:
        assert plain(app.error[0].value).startswith(
            "Gradients are not drawn here: both towers read one table"
        )
