"""The form that starts a sweep, and what one has found."""

from __future__ import annotations

import dataclasses

import pytest

from models.training import runs
from models.training.config import Config
from models.training.runs.status import Status
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan
from tests.dashboard.components.component import columns, drawn, left, sound, texts


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))


def form_script():
    from typing import Any, cast

    import streamlit as st

    from dashboard import session
    from dashboard.components.training import sweep
    from models.training import launcher, runs

    session.begin()

    def launch(config, plan, *, by=""):
        made = runs.create(config, "launched", sweep=plan.to_json())
        st.session_state["said"] = (
            f"{config.model} {config.epochs} {[axis.name for axis in plan.axes]} {plan.trials}"
        )
        return made

    real: Any = launcher.launch_sweep
    launcher.launch_sweep = cast("Any", launch)
    try:
        sweep.form()
    finally:
        launcher.launch_sweep = real
    st.text(st.session_state.get("said", ""))


def test_what_is_started_is_what_the_form_says():
    app = drawn(form_script)
    assert [field.value for field in app.text_input] == ["0.0001 to 0.1 log", "0 to 0.6"]
    app.selectbox(key="sweep-model").set_value("mlp")
    app.number_input(key="sweep-trials").set_value(5)
    sound(app.button[0].click().run())
    assert app.text[0].value == "mlp 8 ['learning_rate', 'dropout'] 5"
    assert app.session_state["visit"].selection.runs == ("launched",)


def test_a_space_that_is_none_is_refused_in_a_sentence():
    app = drawn(form_script)
    app.text_input(key="sweep-dropout").set_value("much")
    sound(app.button[0].click().run())
    assert "cannot be 'much'" in app.error[0].value
    assert runs.listing().runs == ()


def results_script():
    import streamlit as st

    from dashboard import session
    from dashboard.components.training import sweep
    from dashboard.runs import find_source

    session.begin()
    if session.visit().selection.runs == ("search",):
        st.header(sweep.headline(find_source("search")))
        sweep.results(find_source("search"))


def test_what_a_sweep_has_found_leads_to_its_best_trial():
    plan = Plan((parse("learning_rate=1e-4..0.1:log"), parse("dropout=0,0.5")), trials=3)
    parent = runs.create(Config(model="mlp"), "search", sweep=plan.to_json())
    for number, score in ((1, 0.5), (2, 0.9)):
        config = dataclasses.replace(parent.config, trial=number, parent=parent.id, dropout=0.5)
        run = runs.create(config, runs.trial_id(parent.id, number))
        Status(state="finished", scores={"best_top1": score}).write(run.path)
    app = drawn(results_script, {"run": "search"})
    assert app.header[0].value.startswith("The best of 2 of 3 trials gets 90 % of the validation")
    assert columns(app)["Trial"] == [2, 1]
    assert any("partly by luck" in text for text in texts(app.caption))
    sound(app.button[0].click().run())
    assert left(app)["run"] in ("search-trial2", ["search-trial2"])


def test_what_trials_cost_is_held_against_what_they_reach_and_two_say_nothing_of_what_matters():
    parent = runs.create(Config(model="mlp"), "search", sweep=Plan((parse("model=mlp,cnn"),)).to_json())
    for number, (model, parameters) in enumerate({"mlp": 100_000, "cnn": 20_000}.items(), start=1):
        config = dataclasses.replace(parent.config, trial=number, parent=parent.id, model=model)
        run = runs.create(config, runs.trial_id(parent.id, number))
        Status(state="finished", scores={"best_top1": 0.9}, parameters=parameters, seconds=3).write(run.path)
    Status(state="finished").write(parent.path)
    app = drawn(results_script, {"run": "search"})
    # They took as long, so time sets none apart.
    assert [text for text in texts(app.caption) if "within a point" in text] == [
        "No cheaper trial comes within a point of the best (90.0 %, 20 k parameters)."
    ]
    assert any("from 20 finished trials on; 18 are missing" in text for text in texts(app.markdown))
