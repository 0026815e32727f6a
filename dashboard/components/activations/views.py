"""The views of the Activations page: one table, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.components import choice, say
from dashboard.components.activations import attention as attention_view
from dashboard.components.activations import (
    backward_chain,
    channel_story,
    embedding,
    forward_strip,
    health_report,
    layer_channels,
    looks_for,
    over_training,
)
from dashboard.components.look import View
from dashboard.components.weights import VIEWS as OF_WEIGHTS
from dashboard.records.network import LayerCall


@dataclass(frozen=True)
class Section:
    """One way to look at activations.

    Attributes:
        title: on the control.
        draw: puts it on the page.
        fits: whether the network has what it shows.
    """

    title: str
    draw: Callable[[View], None]
    fits: Callable[[View], bool] = lambda view: True


def _of_layer(draw: Callable[[View, LayerCall], None]) -> Callable[[View], None]:
    """A section about the chosen layer."""

    def drawn(view: View) -> None:
        call = view.layer
        if call is None:
            say.note("No layer of this network puts out one tensor, so there is nothing to look into here.")
            return
        draw(view, call)

    return drawn


SECTIONS: dict[str, Section] = {
    "forward": Section("Forward pass", forward_strip.draw),
    "layer": Section("One layer", _of_layer(layer_channels.draw)),
    "channel": Section("One channel", _of_layer(channel_story.draw)),
    "embedding": Section("Embedding", embedding.draw),
    "looks_for": Section("What it looks for", looks_for.draw),
    "training": Section("Over training", over_training.draw),
    "health": Section("Health", health_report.draw),
    "backward": Section("Backward pass", backward_chain.draw),
    "attention": Section("Attention", attention_view.draw, attention_view.fits),
}


def chosen(view: View) -> Section:
    """The section of the address, with the control that chooses another."""
    if not view.model.trained:
        say.note("This network is untrained: what it shows is what random weights make of a photo.")
    offered = {name: section for name, section in SECTIONS.items() if section.fits(view)}
    first = next(iter(offered))
    named = view.selection.parameters.get("view", first)
    titles = {name: section.title for name, section in offered.items()}
    current = named if named in offered else first
    choice.segments("Look at", "view", titles, current, hidden=True)
    # An older link to the Weights page names one of its views so, and may have led there first.
    if named not in SECTIONS and named not in OF_WEIGHTS:
        say.warning(f"There is no view called {named!r}; choose one of {', '.join(offered)}.")
    elif named in SECTIONS and named not in offered:
        title, instead = SECTIONS[named].title.lower(), offered[first].title.lower()
        say.note(f"{view.model.title} has no {title} that could be shown; here is its {instead}.")
    return offered[current]
