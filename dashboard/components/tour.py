"""The tour: seven steps through the story of a network, each the real page at its real address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.inspection.attribution import METHODS
from dashboard.navigation import find_page
from dashboard.parameters import PLAY, SEE, STEP, TOUR, VIEW, Parameter, merge
from models.training.as_networks import PREFIX

# Both were trained on MNIST and come with the app; they disagree about this picture.
HEALTHY, MEMORISES = "example-healthy", "example-memorises"
PICTURE = "mnist-10k/test/87"
METHODS_SHOWN = 2
TEXT = 560  # pixels


@dataclass(frozen=True)
class Stop:
    """One step.

    Attributes:
        chapter: of the story.
        title: what happens.
        text: what is to be seen.
        path: of the page.
        run: whose network is looked at, and whose curves.
        against: a run whose network it is compared with.
        settings: of the page.
    """

    chapter: str
    title: str
    text: str
    path: str
    run: str = HEALTHY
    against: str | None = None
    settings: Mapping[Parameter[Any], Any] = field(default_factory=dict)


STOPS = (
    Stop(
        "Train",
        "A network learns to read digits",
        "Its accuracy on pictures that it learns from and on pictures that it does not rise together. The sentence "
        "below says what that means.",
        "training",
    ),
    Stop(
        "Train",
        "And one learns by heart",
        "It had few pictures and many rounds: the solid line goes on, the dashed one stays behind. Below stands what "
        "to try.",
        "training",
        run=MEMORISES,
    ),
    Stop(
        "Train",
        "The same training as a film",
        "One digit, read at every checkpoint: the answer, where the network looks, its activations and its weights. "
        "Pause it, or move the slider.",
        "activations",
        settings={VIEW: "training", PLAY: True, STEP: 0},
    ),
    Stop(
        "Inspect",
        "One neuron at work",
        "Move over the digit, or press Play: what lies under the window times the kernel, added up, is one number of "
        "the map that it makes. A network is many of these.",
        "activations",
        settings={VIEW: "neuron"},
    ),
    Stop(
        "Explain",
        "Why this answer?",
        "Each map tells, in its own way, which parts of the digit speak for the answer, and below it what it is worth.",
        "attribution",
    ),
    Stop(
        "Compare",
        "Ask the other network",
        "The one that learned by heart takes the same digit for another one. Its maps stand beside those of the first.",
        "attribution",
        against=MEMORISES,
    ),
    Stop(
        "Compare",
        "Which is better?",
        "One digit proves little, so both are asked about many. Now it is your turn: drop a photo anywhere on a page, "
        "and Present makes slides of what you found.",
        "evaluation",
        against=MEMORISES,
        settings={SEE: "against"},
    ),
)


def button(path: str) -> None:
    """The way into the tour, on the first page.

    Args:
        path: of the page.
    """
    if not path:
        _press("Tour", 1, icon=":material/tour:", text="Train, inspect, explain, compare, in seven steps.")


def draw(path: str) -> None:
    """What is to be seen at the step of the address, and the ways on; nothing without one.

    Args:
        path: of the page.
    """
    way = session.visit().way
    if way is not None:
        session.remember(way=None)
        if way != path:
            session.switch(find_page(way).file)
    number = _number()
    if number is None:
        return
    stop, last = STOPS[number - 1], len(STOPS)
    here = path == stop.path
    # Side by side, so that what is to be seen stands as high as it can.
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour"):
        st.markdown(f"**{number} of {last}. {stop.chapter}: {stop.title}**  \n{stop.text}", width=TEXT)
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if not here:
                _press("Show it", number, icon=":material/my_location:", primary=True)
            if number > 1:
                _press("Back", number - 1, icon=":material/arrow_back:")
            if number < last:
                _press("Next", number + 1, icon=":material/arrow_forward:", primary=here)
            st.button(
                "End the tour",
                key="tour-end",
                type="tertiary",
                on_click=session.choose_parameter,
                args=(TOUR, None),
            )


def is_led() -> bool:
    """Whether the address is that of a step."""
    return _number() is not None


def _number() -> int | None:
    """The step of the address, from 1; None where nobody is led."""
    settings = session.settings()
    return None if TOUR.parse(settings) is None else TOUR.read(settings, high=len(STOPS))


def _press(label: str, number: int, *, icon: str, text: str | None = None, primary: bool = False) -> None:
    """A button that leads to a step."""
    st.button(
        label,
        key=f"tour-{label.lower().replace(' ', '-')}",
        icon=icon,
        type="primary" if primary else "secondary",
        help=text,
        on_click=_look,
        args=(number,),
    )


def _look(number: int) -> None:
    """Look at what a step is about, and at nothing else."""
    stop = STOPS[number - 1]
    session.choose(
        model=f"{PREFIX}{stop.run}",
        against=f"{PREFIX}{stop.against}" if stop.against else None,
        images=(PICTURE,),
        target=None,
        versus=None,
        layer=None,
        unit=None,
        runs=(stop.run,),
        # Those that any network allows, so that two can be compared.
        methods=tuple(method.name for method in METHODS.values() if not method.needs_layer)[:METHODS_SHOWN],
        parameters=merge({}, {TOUR: number, **stop.settings}),
    )
    session.remember(way=stop.path)
