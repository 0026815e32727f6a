"""What to try with a run, and what a change that was tried did."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from dashboard.components.training import curves
from dashboard.runs import find_source
from models.training import launcher, runs
from models.training.config import Config
from models.training.remedies import memorising_remedies
from models.training.runs.status import Status
from tests.dashboard.components.component import drawn, sound, texts


def script(name="example-memorises", part="remedies"):
    from dashboard import session
    from dashboard.components.training import remedies
    from dashboard.runs import find_source

    session.begin()
    getattr(remedies, part)(find_source(name))


@pytest.fixture(autouse=True)
def started(tmp_path, monkeypatch):
    """What is started is only created."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))

    def launch_in_turn(configs, *, origin="", by=""):
        return [runs.create(config, origin=origin) for config in configs]

    monkeypatch.setattr(launcher, "launch_in_turn", launch_in_turn)


def with_dropout():
    """A run that changes the example that memorises, as if it had been trained like it."""
    example = runs.find("example-memorises")
    run = runs.create(dataclasses.replace(example.config, dropout=0.3), origin=example.id)
    for file in ("status.json", "data.json", "events.out.tfevents.0000000001.example"):
        shutil.copyfile(example.path / file, run.path / file)
    return run


def test_each_remedy_changes_one_thing():
    verdict = curves.verdict(find_source("example-memorises"))
    assert verdict is not None and verdict.remedies
    app = drawn(script)
    assert [button.label for button in app.button] == [
        *(remedy.title for remedy in verdict.remedies),
        "Try all remedies",
    ]
    assert set(texts(app.markdown)) >= {f"- {sentence}" for sentence in verdict.evidence}


def test_a_remedy_is_laid_over_the_run_that_it_changes():
    app = drawn(script)
    sound(next(button for button in app.button if button.label == "Dropout").click().run())
    (run,) = runs.listing().runs
    assert (run.origin, run.config.dropout) == ("example-memorises", 0.3)
    assert app.query_params["run"] == [run.id, "example-memorises"]
    assert app.session_state["visit"].starts == 1, "the page comes to its top"


def test_a_remedy_of_a_fold_is_a_run_of_its_own():
    fold = Config(folds=3, fold=2, parent="cv")
    remedy = next(one for one in memorising_remedies(fold) if one.title == "Dropout")
    assert remedy.apply_to(fold) == Config(folds=3, dropout=0.3)


def test_the_result_of_a_remedy_is_a_sentence_with_its_interval_and_method():
    app = drawn(script, name=with_dropout().id, part="result")
    (said,) = texts(app.markdown)
    assert said == (
        "With dropout 0.3 memorising begins at epoch 3, as without; 86.4 % of the test pictures are right instead of "
        "86.4 %, which one run each cannot tell apart (95 % interval of the difference -2.1 to 2.1 points)."
    )
    assert "Newcombe's (1998, method 10)" in texts(app.caption)[0]
    assert [button.label for button in app.button] == ["Lay over the run without", "2 more seeds of both"]


def test_the_run_that_was_changed_is_a_click_away():
    run = with_dropout()
    app = drawn(script, name=run.id, part="result")
    sound(app.button[0].click().run())
    assert app.query_params["run"] == [run.id, "example-memorises"]
    assert [button.label for button in app.button] == ["2 more seeds of both"]


def test_more_seeds_are_trained_on_both_sides():
    run = with_dropout()
    app = drawn(script, name=run.id, part="result")
    sound(app.button[1].click().run())
    more = [other for other in runs.listing().runs if other != run]
    assert {(other.config.seed, other.config.dropout) for other in more} == {
        (1, 0.0),
        (2, 0.0),
        (1, 0.3),
        (2, 0.3),
    }
    assert app.session_state["visit"].starts == 1, "the page comes to its top"
    assert {other.origin for other in more} == {"example-memorises"}


def test_a_run_that_changes_none_has_no_result():
    assert not drawn(script, part="result").markdown


def test_as_long_as_nothing_can_be_told_the_change_is_named():
    run = runs.create(
        dataclasses.replace(runs.find("example-memorises").config, epochs=5), origin="example-memorises"
    )
    app = drawn(script, name=run.id, part="result")
    assert texts(app.markdown) == ["This is MLP example with 5 epochs; what that does shows as it trains."]


def test_all_remedies_are_tried_in_one_go_while_the_run_is_looked_at():
    app = drawn(script)
    sound(next(button for button in app.button if button.label == "Try all remedies").click().run())
    started = runs.listing().runs
    assert {run.origin for run in started} == {"example-memorises"}
    example = runs.find("example-memorises")
    assert len(started) == len(memorising_remedies(example.config))
    assert all(
        sum(name != "model" for name in example.config.differences(run.config)) <= 1 for run in started
    )
    assert app.session_state["visit"].selection.runs == ("example-memorises",)
    # Nothing is tried twice.
    assert "Try all remedies" not in [button.label for button in app.button]


def test_what_the_remedies_did_stands_side_by_side():
    example = runs.find("example-memorises")
    with_dropout()
    decayed = runs.create(dataclasses.replace(example.config, weight_decay=0.0005), origin=example.id)
    app = drawn(script, part="compared")
    assert any("So far: 1 remedy is still to be trained." in text for text in texts(app.markdown))
    Status(state="failed").write(decayed.path)
    app = drawn(script, part="compared")
    assert any(
        text.startswith(
            "Dropout leaves the smallest gap between training and validation, 12.6 points instead of 12.6"
        )
        for text in texts(app.markdown)
    )


def test_one_remedy_is_no_comparison():
    with_dropout()
    assert not drawn(script, part="compared").markdown
