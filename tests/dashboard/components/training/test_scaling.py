"""Whether more training pictures or a smaller network would help."""

from __future__ import annotations

import pytest

from models.training import launcher, runs
from models.training.sweep import plan as plans
from tests.dashboard.components.component import drawn, sound


@pytest.fixture(autouse=True)
def started(tmp_path, monkeypatch):
    """What is started is only created."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(
        launcher,
        "launch_sweep",
        lambda config, plan, by="": runs.create(config, "sizes", sweep=plan.to_json()),
    )


def offer_script():
    from dashboard import session
    from dashboard.components.training import scaling
    from dashboard.runs import find_source

    session.begin()
    scaling.offer(find_source("example-memorises"))


@pytest.mark.parametrize(("number", "axis"), [(0, "train_samples"), (1, "width")])
def test_a_press_tries_a_run_with_fewer_pictures_or_a_smaller_network(number, axis):
    app = drawn(offer_script)
    sound(app.button[number].click().run())
    (sweep,) = runs.listing().runs
    assert sweep.is_sweep
    assert plans.read(sweep.path).axes[0].name == axis
    assert sweep.config == runs.find("example-memorises").config
    assert app.session_state["visit"].selection.runs == ("sizes",)
