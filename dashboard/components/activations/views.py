"""The views of the Activations page: one table, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.components import say, tabs
from dashboard.components.activations import attention as attention_view
from dashboard.components.activations import (
    backward_chain,
    channel_story,
    embedding,
    forward_strip,
    health_report,
    layer_channels,
    looks_for,
    neuron,
    over_training,
)
from dashboard.components.tabs import Tab
from dashboard.components.weights.views import TABS as WEIGHTS
from dashboard.parameters import VIEW
from dashboard.records.network import LayerCall
from dashboard.view import View


def _of_layer(draw: Callable[[View, LayerCall], None]) -> Callable[[View], None]:
    """A view of the chosen layer."""

    def draw_layer(view: View) -> None:
        call = view.layer
        if call is None:
            say.note("No layer of this network puts out one tensor, so there is nothing to look into here.")
            return
        draw(view, call)

    return draw_layer


TABS: dict[str, Tab[[View]]] = {
    "forward": Tab("Forward pass", forward_strip.draw),
    "layer": Tab("One layer", _of_layer(layer_channels.draw)),
    "neuron": Tab("One neuron", neuron.draw),
    "channel": Tab("One channel", _of_layer(channel_story.draw)),
    "embedding": Tab("Embedding", embedding.draw),
    "looks_for": Tab("What it looks for", looks_for.draw),
    "training": Tab("Film strip", over_training.draw),
    "health": Tab("Health", health_report.draw),
    "backward": Tab("Backward pass", backward_chain.draw),
    "attention": Tab("Attention", attention_view.draw, fits=attention_view.fits),
}


def draw(view: View) -> None:
    """The view of the address, with the control that chooses another."""
    if not view.model.trained:
        say.note("This network is untrained: what it shows is what random weights make of a photo.")
    offered = [name for name, tab in TABS.items() if tab.fits(view)]
    # An older link to the Weights page names one of its views so, and may have led there first.
    tab = tabs.pick(VIEW, TABS, offered=offered, elsewhere=WEIGHTS)
    name = VIEW.text(view.selection.parameters) or offered[0]
    if name in TABS and name not in offered:
        title, instead = TABS[name].title.lower(), tab.title.lower()
        say.note(f"{view.model.title} has no {title} that could be shown; here is its {instead}.")
    tab.draw(view)
