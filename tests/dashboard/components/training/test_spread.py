"""What makes runs of the same settings differ."""

from __future__ import annotations

import pytest

from models.training import launcher, runs
from models.training.sweep import plan as plans
from models.training.sweep import spread
from tests.dashboard.components.component import drawn, sound


@pytest.fixture(autouse=True)
def started(tmp_path, monkeypatch):
    """What is started is only created."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(
        launcher,
        "launch_sweep",
        lambda config, plan, by="": runs.create(config, "chance", sweep=plan.to_json()),
    )


def offer_script():
    from dashboard import session
    from dashboard.components.training import spread
    from dashboard.runs import find_source

    session.begin()
    spread.offer(find_source("example-memorises"))


def test_a_press_trains_with_other_draws_of_each_source():
    app = drawn(offer_script)
    sound(app.button[0].click().run())
    (sweep,) = runs.listing().runs
    assert plans.read(sweep.path) == spread.plan(runs.find("example-memorises").config)
    assert sweep.config.label_noise == spread.NOISE
    assert app.session_state["visit"].selection.runs == ("chance",)
