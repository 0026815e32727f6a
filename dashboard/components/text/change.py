"""What if words were struck out, or others stood in their place: the answer changes while one does so."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.charts.text.words import edited
from dashboard.components import choice, key_figures, say
from dashboard.components.key_figures import KeyFigure
from dashboard.components.wait import wait
from dashboard.inspection.text import ONE_BY_ONE
from dashboard.parameters import REPLACED, STRUCK
from dashboard.records.text import TextChange
from dashboard.results import text as results
from dashboard.results.text import TextSubject
from dashboard.wording import text as wording
from dashboard.wording.numbers import percent, shorten, three_digits

# Words that are offered at a press: those that count most one by one.
OFFERED = 12
LONGEST, LONGEST_WORD = 24, 40
INSTEAD = "text-instead"


def draw(subject: TextSubject) -> None:
    """The words to strike out and to replace, the text that is left, and the answers before and after."""
    struck = STRUCK.read(session.settings(), len(subject.tokens))
    place = REPLACED.read(session.settings(), high=len(subject.tokens)) - 1
    _strike(subject, struck)
    instead = _replace(subject, place)
    changes: dict[int, str | None] = dict.fromkeys(struck)
    if place >= 0 and instead:
        changes[place] = instead
    changed = results.change(subject, changes)
    st.subheader(say.plain(wording.changed(changed)))
    _answers(changed)
    st.html(edited(subject.tokens, changed.struck, dict(changed.replaced)))
    st.caption(
        "A word that is struck out is read as an unknown word: taken out of the text, it would move all that follow."
    )
    if changed.unread:
        say.note(wording.pushed_out(changed.unread))


def _strike(subject: TextSubject, struck: frozenset[int]) -> None:
    """Two boxes of the same choice: the words that count most at a press, and any other by its letters."""
    most = _counting_most(subject)
    if most:
        st.pills(
            "Strike out a word that counts",
            most,
            selection_mode="multi",
            wrap=True,
            format_func=lambda place: _word(subject, place),
            key=session.control("struck-most", [place for place in most if place in struck]),
            on_change=lambda: _choose(struck.difference(most).union(session.entry("struck-most"))),
            help="Those that change the answer most where each is struck out alone, in the order of the text.",
        )
    others = [place for place in range(len(subject.tokens)) if place not in most]
    more, back = st.columns([4, 1], vertical_alignment="bottom")
    with more:
        st.multiselect(
            "Strike out any other word",
            others,
            format_func=lambda place: _word(subject, place),
            key=session.control("struck-other", [place for place in others if place in struck]),
            on_change=lambda: _choose(struck.intersection(most).union(session.entry("struck-other"))),
            placeholder="Type its first letters",
        )
    back.button(
        "Put all back",
        icon=":material/undo:",
        key="put-back",
        disabled=not struck and not REPLACED.parse(session.settings()),
        on_click=lambda: session.choose_parameters({STRUCK: None, REPLACED: None}),
        width="stretch",
    )


def _replace(subject: TextSubject, place: int) -> str:
    """The word that is replaced, and what stands there instead, which only this session knows."""
    word, instead = st.columns(2, vertical_alignment="bottom")
    with word:
        choice.select(
            "Replace a word",
            range(len(subject.tokens)),
            place if place >= 0 else None,
            lambda chosen: session.choose_parameter(REPLACED, None if chosen is None else chosen + 1),
            key="replaced",
            title=lambda chosen: _word(subject, chosen),
            optional=True,
            placeholder="None is replaced",
        )
    with instead:
        text: str = st.text_input(
            "Read there instead",
            key=INSTEAD,
            max_chars=LONGEST_WORD,
            persist_state="session",
            disabled=place < 0,
            placeholder="another word",
        )
    return text.strip()


def _answers(changed: TextChange) -> None:
    """How sure it is of each class, and by how much that changed."""
    figures = []
    for index, name in enumerate(changed.before.classes):
        before, after = changed.before.strength(index), changed.after.strength(index)
        points = round(100 * (after - before), 1)
        figures.append(
            KeyFigure(name, percent(after), change=f"{points:+g} points" if points else None, judged=False)
        )
    before, after = changed.lead
    figures.append(
        KeyFigure(
            f"Lead of {changed.before.classes[changed.before.winner]}",
            three_digits(after),
            "Its score less that of the next class: it moves also where the answer is as good as certain.",
            f"{three_digits(after - before)}" if after != before else None,
            judged=False,
        )
    )
    key_figures.draw(*figures)


def _counting_most(subject: TextSubject) -> list[int]:
    """Places of the words that change the answer most one by one, in the order of the text."""
    found = wait(results.attribution(subject, ONE_BY_ONE, ONE_BY_ONE.settings({})))
    return [] if found.values is None else sorted(found.ranking[:OFFERED])


def _choose(places: frozenset[int]) -> None:
    if STRUCK.holds(places):
        session.choose_parameter(STRUCK, places or None)
    else:
        session.tell("No link can name so many words; put some back first.")


def _word(subject: TextSubject, place: int) -> str:
    return f"{shorten(subject.tokens.words[place], LONGEST)} ({place + 1})"
