"""All runs in one table: in what they differ, and how good they got."""

from __future__ import annotations

from models.training import runs
from tests.dashboard.components.component import columns, drawn, texts


def script(chosen=()):
    from dashboard import session
    from dashboard.components.training import table
    from models.training import runs

    session.begin()
    table.table(runs.examples(), [], chosen)


def test_every_run_has_its_scores_and_the_settings_in_which_they_differ():
    table = columns(drawn(script))
    examples = runs.examples()
    assert table["Run"] == [run.id for run in examples]
    assert table["Best accuracy"] == [run.status().scores.get("best_top1") for run in examples]
    assert "Training pictures" in table and "Seed" not in table


def test_examples_cannot_be_deleted():
    app = drawn(script, chosen=[run.id for run in runs.examples()])
    assert not app.button
    assert texts(app.caption)[0].startswith("Tick up to ")
