"""The layers of a network that reads no pictures."""

from __future__ import annotations

from models.kinds import TEXT
from models.networks import on_board
from tests.dashboard.components.component import drawn


def script() -> None:
    from dashboard import session
    from dashboard.components.architecture import other_kind

    session.begin()
    other_kind.draw(session.visit().selection)


def test_every_layer_is_in_the_table():
    app = drawn(script, {"model": on_board(TEXT)[0]})
    assert " keeps " in app.header[0].value
    table = app.dataframe[0].value
    assert {"embedding", "head"} <= set(table["Layer"])
    assert table["Parameters"].sum() > 1000
