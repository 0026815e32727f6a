"""A chosen run: its state, its curves, and the way to its network."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.components.training import curves
from dashboard.runs import find_source
from models.training import runs
from models.training.config import Config
from models.training.runs import status as states
from models.training.runs.status import Status
from tests.dashboard.components.component import chart, drawn, texts


def script(names=("example-memorises",)):
    from dashboard import session
    from dashboard.charts.curves import CurveStyle
    from dashboard.components.palette import categories
    from dashboard.components.training import live
    from dashboard.runs import find_source

    session.begin()
    live.panel([find_source(name) for name in names], categories(), CurveStyle())


@pytest.fixture
def create(tmp_path, monkeypatch):
    """A function that makes a run without a name with a status."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))

    def make(**status):
        run = runs.create(Config(model="mlp"))
        Status(**status).write(run.path)
        return run

    return make


def test_a_finished_run_says_its_verdict_and_shows_its_curves():
    app = drawn(script)
    verdict = curves.verdict(find_source("example-memorises"))
    assert verdict is not None
    assert texts(app.header) == ["MLP example: the network memorises."]
    assert (
        texts(app.markdown)[0]
        == "Training accuracy left validation behind at epoch 3 (100 % against 87 % now)."
    )
    assert any(text.endswith("**MLP example**: finished") for text in texts(app.markdown))
    assert [button.label for button in app.button] == ["Look at this network", "Film strip"]
    assert chart(app, "curve-loss")["data"]


def test_quantities_that_few_know_say_what_is_healthy():
    captions = texts(drawn(script).caption)
    for beginning in (
        "How steep the loss is",
        "How far a step moves the weights",
        "Pictures learned from in a second",
    ):
        (text,) = [caption for caption in captions if caption.startswith(beginning)]
        assert "Healthy" in text


def test_runs_that_are_laid_over_each_other_have_colours_of_their_own_in_any_order():
    names = ["example-memorises", "example-healthy"]
    drawings = [drawn(script, names=order) for order in (names, names[::-1])]
    colours = [
        {trace["name"]: trace["line"]["color"] for trace in chart(app, "curve-loss")["data"]}
        for app in drawings
    ]
    assert colours[0] == colours[1]
    of_runs = {colour for name, colour in colours[0].items() if "example" in name}
    assert len(of_runs) == 2
    for app in drawings:
        # The dot beside each run's name says which it is.
        assert all(any(colour in text for text in texts(app.markdown)) for colour in of_runs)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({}, "MLP is starting: its data is read and its network is built."),
        (
            {"state": states.STOPPED, "step": 220, "steps": 1000, "scores": {"best_top1": 0.96}},
            "MLP was stopped after 220 of 1,000 steps: at best 96 % of the validation pictures right.",
        ),
    ],
)
def test_before_the_first_step_and_after_a_stop_the_headline_says_how_it_is(create, status, words):
    run = create(**status)
    app = drawn(script, names=[run.id])
    assert texts(app.header) == [words]
    assert texts(app.info) == ["The first points come with the first steps."]
    assert not app.get("plotly_chart")
    # What it is called stands large, its id in the fine print.
    assert any(run.id in text for text in texts(app.caption))


def test_curves_of_which_nothing_was_logged_are_not_drawn(create):
    from models.tensorboard.writer import EventWriter

    run = create()
    writer = EventWriter(run.path)
    writer.add_scalars(1, {"loss/train": 1.0, "gradient_norm": float("nan")}, 0.0)
    writer.flush()
    writer.close()
    app = drawn(script, names=[run.id])
    assert [one.proto.id.rpartition("curve-")[2] for one in app.get("plotly_chart")] == ["loss"]


def test_a_run_that_trains_has_its_headline_from_the_first_step(create):
    from models.training.runs.process import Process

    run = create(
        state=states.RUNNING, process=Process.current(), step=220, steps=1000, remaining=40.0, epochs=2
    )
    (said,) = texts(drawn(script, names=[run.id]).header)
    assert said == "Training MLP after 220 steps, 40.0 s left."
    assert dataclasses.replace(run.status()).active


def test_the_folds_of_a_run_have_colours_and_names_beside_it(create):
    parent = runs.create(Config(model="mlp", folds=2))
    for fold in (1, 2):
        runs.create(Config(model="mlp", folds=2, fold=fold, parent=parent.id), runs.fold_id(parent.id, fold))
    app = drawn(script, names=[parent.id])
    (said,) = [text for text in texts(app.markdown) if "**MLP, 2 folds**: starting" in text]
    assert [said.count(word) for word in ("●", "Fold 1", "Fold 2")] == [2, 1, 1]
    assert texts(app.header) == ["MLP, 2 folds: 0 of 2 folds are done."]
