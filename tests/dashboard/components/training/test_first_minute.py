"""The classic network is one button away, and what it says to some pictures stands beside its curves."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from models.runtime import files
from models.training import launcher, runs
from models.training.classic import CLASSIC
from tests.dashboard.components.component import drawn, left, sound, texts


def script(run_id=None, until=None, first=True):
    from dashboard import session
    from dashboard.components.training import first_minute
    from dashboard.runs import find_source

    session.begin()
    if run_id is None:
        first_minute.offer(first=first)
    else:
        first_minute.strip(find_source(run_id), until)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """An example run that also keeps checkpoints within its epochs, as far as its settings say."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    example = runs.find("example-memorises")
    run = runs.Run.open(shutil.copytree(example.path, tmp_path / "watched"))
    files.write_json(run.path / "config.json", run.config.to_json() | {"checkpoint_every": 25})
    return run


def test_the_button_starts_it_and_looks_at_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    started = []

    def create(config, by):
        started.append(config)
        return runs.create(config)

    monkeypatch.setattr(launcher, "launch", create)
    app = sound(drawn(script).button[0].click().run())
    assert started == [CLASSIC]
    assert left(app)["run"] == runs.listing().runs[0].id
    assert app.session_state["visit"].starts == 1, "the page comes to its top"


def test_sixteen_answers_of_the_step_that_is_chosen(run):
    app = drawn(script, run_id=run.id)
    steps = [checkpoint.step for checkpoint in run.checkpoints().all]
    (slider,) = app.select_slider
    assert [int(option.replace(",", "")) for option in slider.options] == steps
    late = texts(app.markdown)
    assert late[0].startswith(f"The checkpoint after {steps[-1]:,} steps ")
    assert f"; the one after {steps[0]:,} classified" in late[0]
    assert len(app.caption) == 16
    app = sound(slider.set_value(steps[0]).run())
    early = texts(app.markdown)
    assert early[0].startswith(f"The checkpoint after {steps[0]:,} steps ") and "the one" not in early[0]
    assert left(app)["p.step"] == str(steps[0])


def test_each_answer_says_in_a_word_whether_it_is_right(run):
    app = drawn(script, {"p.step": "0"}, run_id=run.id)
    captions = [caption.value for caption in app.caption]
    right = [caption for caption in captions if "material/check" in caption]
    assert texts(app.markdown)[0].startswith(
        f"The checkpoint after 25 steps classifies {len(right)} of these 16 "
    )
    assert 0 < len(right) < 16
    assert all("is " in caption for caption in captions if caption not in right)


def test_of_a_run_that_trains_nothing_is_ahead_of_what_the_page_says(run):
    first, second, *_ = (checkpoint.step for checkpoint in run.checkpoints().all)
    for until, step in ((first, first), (second - 1, first), (second, second)):
        app = drawn(script, run_id=run.id, until=until)
        assert texts(app.markdown)[0].startswith(f"The checkpoint after {step:,} steps ")
        assert not app.select_slider
    assert not drawn(script, run_id=run.id, until=first - 1).markdown


def test_where_runs_are_the_button_says_no_more_than_its_name():
    assert len(drawn(script).caption) == 1
    app = drawn(script, first=False)
    assert not app.caption and "learns to read digits" in app.button[0].help


@pytest.mark.parametrize("changes", [{"checkpoint_every": 0}, {"dataset": "folder", "data": "/nowhere"}])
def test_other_runs_have_no_strip(run, changes):
    files.write_json(run.path / "config.json", dataclasses.replace(run.config).to_json() | changes)
    app = drawn(script, run_id=run.id)
    assert not app.markdown and not app.caption


def test_before_the_first_control_point_there_is_nothing_to_say(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    app = drawn(script, run_id=runs.create(CLASSIC).id)
    assert not app.markdown
