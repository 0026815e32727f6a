"""Runs whose curves can be looked at: ours, examples, and the logs of a folder."""

from __future__ import annotations

import dataclasses

import pytest

from dashboard.runs import (
    CurveSource,
    colours_of,
    default_names,
    find_logs,
    find_source,
    parts_of,
    source_of,
    trials_of,
)
from models.runtime.errors import UserError
from models.tensorboard.writer import EventWriter
from models.training import runs
from models.training.config import Config
from models.training.runs.status import Status
from models.training.sweep.axis import parse
from models.training.sweep.plan import Plan


@pytest.fixture(autouse=True)
def no_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("VITRINE_LOGS", raising=False)


@pytest.fixture
def logs(tmp_path, monkeypatch):
    for name in ("one", "below/two"):
        folder = tmp_path / "logs" / name
        folder.mkdir(parents=True)
        writer = EventWriter(folder)
        writer.add_scalars(1, {"loss": 1.0}, 0.0)
        writer.close()
    monkeypatch.setenv("VITRINE_LOGS", str(tmp_path / "logs"))
    return tmp_path / "logs"


def test_without_a_folder_there_are_examples_only():
    assert find_logs() == []
    assert default_names() == (runs.examples()[-1].id,)


def test_a_run_is_found_by_its_name():
    run = runs.examples()[0]
    assert find_source(run.id) == CurveSource(run.id, "LeNet-5 example", run.path, run)
    assert parts_of(find_source(run.id)) == [find_source(run.id)]


def test_logs_are_named_by_their_place_in_the_folder(logs):
    assert {source.name: source.title for source in find_logs()} == {
        "log:one": "one (log)",
        "log:below/two": "below/two (log)",
    }
    source = find_source("log:below/two")
    assert (source.folder, source.run) == (logs / "below" / "two", None)
    assert default_names() == (find_logs()[0].name,)
    assert parts_of(source) == [source]


@pytest.mark.parametrize("name", ["log:three", "log:../../etc", "no-such-run", "../etc"])
def test_what_is_not_there_is_refused(name, logs):
    with pytest.raises(UserError):
        find_source(name)


def test_a_colour_is_a_runs_own_whatever_the_order_and_the_older_one_keeps_it():
    sources = [find_source(runs.create(Config(), name).id) for name in "abcdefghij"]
    alone = {source.name: colours_of([source], 8)[source.name] for source in sources}
    assert [alone[name] for name in "abcdef"] == [1, 2, 3, 4, 5, 0]
    first, seventh = sources[0], sources[6]
    assert alone["a"] == alone["g"]
    assert colours_of([first, seventh], 8) == colours_of([seventh, first], 8) == {"a": 1, "g": 2}
    assert len(set(colours_of(sources[:6], 8).values())) == 6
    # What is tried with an example never has its colour.
    examples = [find_source(run.id) for run in runs.examples()]
    assert {colours_of([source], 8)[source.name] for source in examples} == {6, 7}
    # More than there are colours: some are shared, and it comes to an end.
    assert len(colours_of(sources, 8)) == 10


@pytest.fixture
def swept():
    plan = Plan((parse("learning_rate=1e-4..0.1:log"), parse("model=mlp,lenet5")), trials=5)
    sweep = runs.create(Config(model="mlp"), sweep=plan.to_json())
    for number, (rate, model, score) in enumerate([(0.01, "mlp", 0.8), (0.1, "lenet5", 0.9)], start=1):
        config = dataclasses.replace(
            sweep.config, learning_rate=rate, model=model, trial=number, parent=sweep.id
        )
        run = runs.create(config, runs.trial_id(sweep.id, number))
        Status(state="finished", scores={"best_top1": score}).write(run.path)
    return sweep


def test_what_was_tried_is_said_in_words_that_people_read(swept):
    found = trials_of(swept)
    assert (found.labels, found.logarithmic) == (("Learning rate", "Network"), (True, False))
    assert [trial.values for trial in found.trials] == [(0.01, "MLP"), (0.1, "LeNet-5")]
    assert (found.best, found.count) == (2, 5)


def test_the_best_trials_have_their_curves_drawn(swept):
    assert [part.title for part in parts_of(source_of(swept))] == ["Trial 2", "Trial 1"]
