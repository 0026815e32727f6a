"""The views of the Weights page, one file each, and the one table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.components import choice, say
from dashboard.components.weights import (
    comparison,
    distributions,
    filters,
    footprint,
    health,
    history,
    spectrum,
)
from dashboard.components.weights.subject import Subject


@dataclass(frozen=True)
class Aspect:
    """One view of a set of weights.

    Attributes:
        title: of the choice.
        question: that it answers.
        draw: draws it; what it finds goes into the place on top.
    """

    title: str
    question: str
    draw: Callable[[Subject, DeltaGenerator], None]


VIEWS: dict[str, Aspect] = {
    "distributions": Aspect(
        "Distributions", "How widely are each layer's weights spread?", distributions.draw
    ),
    "against": Aspect("Against another", "What did training change?", comparison.draw),
    "training": Aspect("Over training", "How did they become what they are?", history.draw),
    "filters": Aspect("Filters", "What does a layer look for?", filters.draw),
    "health": Aspect("Health", "Is anything broken, dead or never trained?", health.draw),
    "spectrum": Aspect("Spectrum", "How many directions does a layer use?", spectrum.draw),
    "footprint": Aspect("Footprint", "How large is it, and how small could it be?", footprint.draw),
}


def chosen() -> Aspect:
    """The view of the address, with the control that chooses another."""
    first, said = next(iter(VIEWS)), session.visit().selection.parameters
    # Older links say `p.view`, which has become the name of the views of Activations.
    earlier = said.get("view", first)
    named = said.get("aspect", earlier if earlier in VIEWS else first)
    current = named if named in VIEWS else first
    titles = {name: view.title for name, view in VIEWS.items()}
    choice.segments("View", "aspect", titles, current)
    if named not in VIEWS:
        say.warning(f"There is no view called {named!r}; choose one of {', '.join(VIEWS)}.")
    return VIEWS[current]
