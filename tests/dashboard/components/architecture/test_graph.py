"""The drawing: how deep it is open, what its bars show, and what a click does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard import session
from dashboard.components.architecture import graph
from tests.dashboard.components.component import drawn, left, sound


def script():
    from dashboard import session
    from dashboard.components.architecture import graph
    from dashboard.components.look import look
    from dashboard.wording.architecture import Ledger

    session.begin()
    view = look(session.visit().selection)
    graph.draw(view, Ledger(graph.trace(view)))


def page(**address):
    return drawn(script, {"model": "cnn", "image": "mnist-10k/test/17"} | address)


def test_depth_and_bars_are_those_of_the_address():
    app = page()
    assert [control.value for control in app.segmented_control] == [0, "Parameters"]
    app = page(**{"p.depth": "99", "p.bars": "flops"})
    assert [control.value for control in app.segmented_control] == [1, "FLOPs"]


def test_another_depth_forgets_what_was_clicked():
    app = page(**{"p.open": "abcd.1"})
    sound(app.segmented_control[0].set_value(1).run())
    assert left(app)["p.depth"] == "1" and "p.open" not in left(app)
    sound(app.segmented_control[0].set_value(0).run())
    assert "p.depth" not in left(app)


def test_only_bars_of_time_need_the_times(monkeypatch):
    for text, needed in (("time", True), ("flops", False), ("nothing", False)):
        monkeypatch.setattr(session, "settings", lambda text=text: {"bars": text})
        assert graph.needs_times() is needed


@pytest.mark.parametrize(
    ("box", "chosen"), [("layer:conv1", {"layer": "conv1", "unit": None}), ("layer:gone", {}), ("", {})]
)
def test_a_click_on_a_layer_chooses_it(box, chosen, monkeypatch):
    changes: dict[str, object] = {}
    monkeypatch.setattr(session, "choose", changes.update)
    view = SimpleNamespace(survey=SimpleNamespace(find=lambda name: name == "conv1" or None))
    graph._choose(view, None, frozenset(), box)  # type: ignore[arg-type]  # neither is looked at
    assert changes == chosen
