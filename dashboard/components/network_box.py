"""The choice of the network that is looked at."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import session
from dashboard.components import choice
from models.networks import find_network, on_board
from models.training.as_networks import best_addresses
from models.zoo.entry import Model


def draw(current: Model, own: Mapping[str, str]) -> None:
    """The box of the networks that read what the current one reads.

    Args:
        current: that is looked at.
        own: titles of a visitor's own networks, by name.
    """
    names = list(
        dict.fromkeys((*own, *best_addresses(current.reads), *on_board(current.reads), current.name))
    )
    titles = {name: find_network(name).title for name in names} | {**own}
    choice.select(
        "Network",
        names,
        current.name,
        session.choose_model,
        key="model",
        title=titles.__getitem__,
        text="The trained network that is looked at, on every page.",
        whole=True,
    )
