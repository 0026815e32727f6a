"""All runs in one table: in what they differ, how good they got; what is ticked, deleted and brought back."""

from __future__ import annotations

import pytest

from models.training import runs
from models.training.config import Config
from tests.dashboard.components.component import columns, drawn, sound, texts


def script():
    from dashboard import session
    from dashboard.components.palette import categories
    from dashboard.components.training import table
    from dashboard.runs import find_source
    from models.training import runs

    session.begin()
    chosen = [find_source(name) for name in session.visit().selection.runs]
    table.table((*runs.listing().runs, *runs.examples()), [], chosen, categories())


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))


def test_every_run_has_its_scores_and_the_settings_in_which_they_differ():
    table = columns(drawn(script))
    examples = runs.examples()
    assert table["Run"] == ["LeNet-5 example", "MLP example"]
    assert table["Id"] == [run.id for run in examples]
    assert table["Best accuracy"] == [run.status().scores.get("best_top1") for run in examples]
    # How far each is, not how far it was to go.
    assert table["Epochs"] == ["8 of 8", "20 of 20"]
    assert "Training pictures" in table and "Seed" not in table
    assert all(dot.startswith("data:image/svg+xml,") for dot in table["Colour"])
    assert len(set(table["Colour"])) == len(examples)


def test_a_run_has_a_name_beside_its_id_and_nothing_is_shown_as_none():
    run = runs.create(Config(model="mlp", dropout=0.3))
    app = drawn(script)
    table = columns(app)
    assert (table["Run"][0], table["Id"][0]) == ("MLP, dropout 0.3", run.id)
    assert app.dataframe[0].proto.placeholder == ""


def test_examples_cannot_be_deleted():
    app = drawn(script, {"run": [run.id for run in runs.examples()]})
    assert not app.button
    assert texts(app.caption)[0].startswith("Tick up to ")


def test_nothing_is_deleted_that_nobody_ticked():
    runs.create(Config(model="mlp"))
    assert not drawn(script).button


def test_the_question_names_the_runs_and_they_can_be_brought_back():
    kept, gone = runs.create(Config(model="vit")), runs.create(Config(model="mlp", dropout=0.3))
    app = drawn(script, {"run": gone.id})
    assert f"- MLP, dropout 0.3 ({gone.id})" in texts(app.markdown)
    assert not any(kept.id in text for text in texts(app.markdown))
    sound(app.button(key="delete").click().run())
    assert runs.listing().runs == (kept,)
    assert "run" not in app.query_params
    (back,) = app.button
    assert back.label.replace("\\", "") == "Bring back MLP, dropout 0.3"
    sound(back.click().run())
    assert runs.listing().runs == (gone, kept)
    assert not app.button
