"""How it learned: the curves of a run, and what they say."""

from __future__ import annotations

import dataclasses
import shutil

import pytest

from dashboard.report.chapters import CHAPTERS
from dashboard.report.contents import Chart, Points, Words
from models.runtime.errors import UserError
from models.training import runs
from tests.dashboard.components.component import made
from tests.dashboard.report import subjects
from tests.dashboard.report.chapters.built import built, subject


def test_curves_and_verdict_of_the_run():
    section = built("training", subject("example-memorises"))
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    assert charts and all(chart.alt.endswith(" over optimizer steps") for chart in charts)
    assert "memorises" in section.finding and section.finding.startswith("Run MLP example")
    assert any(isinstance(block, Points) for block in section.blocks)
    ((title, settings),) = section.provenance
    assert title == "Run MLP example" and "epochs = " in settings


def test_what_a_remedy_did_comes_along_with_its_method(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path))
    example = runs.find("example-memorises")
    remedy = runs.create(dataclasses.replace(example.config, dropout=0.3), origin=example.id)
    for file in ("status.json", "data.json", "events.out.tfevents.0000000001.example"):
        shutil.copyfile(example.path / file, remedy.path / file)
    section = built("training", subject(remedy.id))
    said, method = (block for block in section.blocks[:2] if isinstance(block, Words))
    assert said.text.startswith("With dropout 0.3 memorising begins at epoch 3, as without; 86.4 %")
    assert method.tone == "small" and "Newcombe's (1998, method 10)" in method.text
    ((title, settings),) = section.provenance
    assert title == "Run MLP, dropout 0.3, from MLP example" and settings.startswith(remedy.id)


def test_without_a_run_there_is_a_reason():
    with pytest.raises(UserError, match="no run was chosen"):
        CHAPTERS["training"].build(subject(), made)
    assert not CHAPTERS["training"].usual(subject())


def test_of_another_run_nothing_is_said_unless_it_is_chosen():
    assert not CHAPTERS["training"].usual(subject("example-healthy"))
    own = subjects.subject("run:example-healthy", run="example-healthy")
    assert CHAPTERS["training"].usual(own)
