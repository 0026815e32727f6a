"""A table that was dropped is shown column by column, and the button trains an ordinary run on it."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.training import launcher, own_tables
from models.training.config import Config
from tests.dashboard.components.component import drawn, plain
from tests.tables import people

pytestmark = pytest.mark.slow


def script() -> None:
    from dashboard import session, tables
    from dashboard.components.training import own_table
    from tests.tables import people

    session.begin()
    if not tables.newest(session.owner()):
        tables.take(people(60).encode(), "people.csv", session.owner())
    own_table.offer()


def test_what_was_found_is_shown_and_trained_on(monkeypatch):
    started: list[Config] = []
    monkeypatch.setattr(launcher, "launch", lambda config, **_: _note(started, config))
    app = drawn(script)
    assert "60 rows, 5 columns to learn from or to learn; 2 others left out" in plain(app.markdown[0].value)
    shown = app.dataframe[0].value
    assert shown["Column"].tolist() == ["row", "name", "kind", "age", "place", "fare", "class"]
    assert shown["Read as"].tolist()[:3] == ["left out", "left out", "category"]
    assert shown["Why"][0] == "counts the rows"
    assert app.selectbox(key="own-table-model").options == ["Table MLP", "Table linear"]
    target = next(box for box in app.selectbox if box.label == "Column to learn")
    assert target.value == "class" and target.options == ["kind", "age", "place", "fare", "class"]
    app.button(key="own-table-train").click().run()
    (config,) = started
    assert (
        config.dataset == "table" and config.target == "class" and own_tables.ADDRESS.fullmatch(config.data)
    )
    target = next(box for box in app.selectbox if box.label == "Column to learn")
    target.set_value("fare").run()
    app.button(key="own-table-train").click().run()
    assert len(started) == 1 and "fare has" in plain(app.error[0].value)
    app.button(key="own-table-forget").click().run()


def _note(started, config):
    started.append(config)
    raise UserError("Seen.")


def test_people_have_a_class():
    assert people(5).count("\n") == 6
