"""The choice of the network: those that read the same as the one that is looked at."""

from __future__ import annotations

from models.kinds import PICTURES, TEXT
from models.networks import find_network, on_board
from tests.dashboard.components.component import drawn, left


def script(name: str) -> None:
    from dashboard import session
    from dashboard.components import network_box
    from models.networks import find_network

    session.begin()
    network_box.draw(find_network(name), {})


def test_it_offers_networks_of_the_same_kind():
    for reads in (PICTURES, TEXT):
        current, *others = on_board(reads)
        app = drawn(script, {"model": current}, name=current)
        (box,) = app.selectbox
        assert box.options == [find_network(name).title for name in (current, *others)]
        box.select(others[0]).run()
        assert left(app)["model"] == others[0]
