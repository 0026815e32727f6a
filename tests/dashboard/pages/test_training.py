"""The Training page: starts runs, shows anybody's curves, and makes a run's network everybody's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.training import launcher, runs
from models.training.config import Config
from models.training.folds import cross_validate
from models.training.runs import names
from tests.dashboard.pages.app import moved, page, said, sound
from tests.paths import ROOT

pytestmark = pytest.mark.slow
EMPTY = "No network has been trained here yet."


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A folder of runs with one finished run in it."""
    root: Path = tmp_path_factory.mktemp("runs")
    words = "--model mlp --train-samples 200 --epochs 4 --batch-size 50 --every-k 2 --threads 1"
    command = [sys.executable, "-m", "models.training", *words.split()]
    environment = {"VITRINE_RUNS": str(root), "PATH": "", "OMP_NUM_THREADS": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return root


def opened(path: str = "training", **query: str | Sequence[str]) -> AppTest:
    return page(path, **query)


@pytest.fixture
def run_id(trained, tmp_path):
    """A finished run's name, the only one in the folder of runs."""
    shutil.copytree(trained, tmp_path / "runs")
    return runs.listing().runs[0].id


def pressed(app: AppTest, label: str) -> AppTest:
    return sound(next(button for button in app.button if button.label == label).click().run())


def test_without_runs_the_page_shows_an_example_and_says_how_to_get_one():
    app = opened()
    assert EMPTY in said(app.markdown)
    assert "the network memorises" in said(app.header)
    assert next(button for button in app.button if button.label == "Start")
    assert list(app.dataframe[0].value["Run"]) == ["LeNet-5 example", "MLP example"]
    assert not {"Delete", "Go on", "Stop", "Pause"} & {button.label for button in app.button}


def test_the_table_says_all_pictures_in_words():
    rows = opened().dataframe[0].value
    assert dict(zip(rows["Run"], rows["Training pictures"], strict=True)) == {
        "LeNet-5 example": "all",
        "MLP example": "500",
    }


def test_an_examples_remedy_is_a_run_of_ones_own(monkeypatch):
    monkeypatch.setattr(launcher, "launch", runs.create)
    app = pressed(opened(run="example-memorises"), "Dropout")
    (own,) = runs.listing().runs
    example = runs.find("example-memorises")
    assert set(own.config.differences(example.config)) == {"dropout"}
    assert app.query_params["run"] == [own.id, "example-memorises"]


@pytest.mark.parametrize("name", ["example-healthy", "example-memorises@25"])
def test_an_examples_checkpoint_is_a_network_on_every_page(name):
    app = opened("attribution", model=f"run:{name}", image="mnist-10k/test/3")
    for path in ("", "training"):
        assert app.selectbox(key="model").value == f"run:{name}"
        assert not app.warning
        moved(app, path)


def test_the_form_starts_what_it_says(monkeypatch):
    asked = []

    def launch(config, *, by=""):
        asked.append(config)
        return runs.create(config)

    monkeypatch.setattr(launcher, "launch", launch)
    app = opened()
    app.selectbox(key="new-model").set_value("mlp")
    app.number_input(key="new-epochs").set_value(3)
    pressed(app, "Start")
    assert [(config.model, config.epochs, config.dataset) for config in asked] == [("mlp", 3, "mnist-10k")]
    assert app.query_params["run"] in (runs.listing().runs[0].id, [runs.listing().runs[0].id])


def test_a_finished_run_shows_its_verdict_curves_and_scores(run_id):
    app = opened()
    title = names.title(runs.find(run_id))
    assert said(app.header).startswith(f"{title}: ")
    assert f"**{title}**: finished" in said(app.markdown)
    assert run_id in said(app.caption)
    charts = [chart.proto.spec for chart in app.get("plotly_chart")]
    for title in ("Loss", "Accuracy", "Learning rate", "Gradient norm", "Update ratio"):
        assert any(title in chart for chart in charts), title
    table = app.dataframe[0].value
    assert list(table["Id"]) == [run_id, *(run.id for run in runs.examples())]
    assert 0.3 < table["Best accuracy"][0] <= 1


def test_look_at_this_network_leads_to_overview_with_it_and_one_of_its_pictures(run_id):
    app = opened(image="giant_panda")
    pressed(app, "Look at this network")
    address = {name: app.query_params[name] for name in app.query_params}
    assert [*address] == ["model"] and address["model"] in (f"run:{run_id}", [f"run:{run_id}"])
    assert app.selectbox(key="image").value == "mnist-10k/test/0"
    assert "sure" in said(app.header) or "cannot tell" in said(app.header)
    for path in ("", "attribution"):
        moved(app, path)
        assert "Untrained" not in said(app.header)
        assert app.selectbox(key="model").value == f"run:{run_id}"


def test_the_film_strip_of_a_run_is_a_press_away():
    app = opened(run="example-healthy")
    pressed(app, "Film strip")
    assert app.query_params["model"] in ("run:example-healthy", ["run:example-healthy"])
    assert "LeNet-5 example says" in said(app.header) and len(app.select_slider) == 1


def test_a_network_whose_run_is_deleted_gives_way_with_a_sentence(run_id):
    app = opened("", model=f"run:{run_id}")
    runs.find(run_id).delete()
    sound(app.run())
    assert run_id in said(app.warning)
    assert "giant panda" in said(app.header)


def test_a_run_is_deleted_only_where_it_is_ticked_and_comes_back(run_id):
    assert not {"Delete"} & {button.label for button in opened().button}
    app = opened(run=run_id)
    pressed(app, "Delete")
    assert runs.listing().runs == ()
    assert EMPTY in said(app.markdown)
    pressed(app, f"Bring back {names.title(runs.deleted()[0])}")
    assert [run.id for run in runs.listing().runs] == [run_id]
    assert EMPTY not in said(app.markdown)


def test_a_stretch_of_the_steps_is_chosen_and_in_the_address():
    app = opened(run="example-memorises")
    assert app.slider(key="steps").value == (0, 500)
    sound(app.slider(key="steps").set_value((100, 300)).run())
    assert [app.query_params[name] for name in ("p.from", "p.to")] == ["100", "300"]
    (loss,) = [
        json.loads(chart.proto.spec) for chart in app.get("plotly_chart") if '"Loss"' in chart.proto.spec
    ]
    assert loss["data"][-1]["name"] == "validation"
    assert min(len(trace["x"]) for trace in loss["data"]) <= 9


def test_folds_are_drawn_together_with_their_mean_and_spread(tmp_path):
    config = Config(model="mlp", train_samples=100, epochs=2, batch_size=50, folds=2, threads=1, device="cpu")
    run = runs.create(config)
    cross_validate(run.path, config)
    app = opened(run=run.id)
    assert (
        "MLP, 100 training pictures, 2 folds, 2 epochs, batch size 50: over 2 folds it is right for"
        in said(app.header)
    )
    loss = next(chart.proto.spec for chart in app.get("plotly_chart") if '"Loss"' in chart.proto.spec)
    assert all(f"Fold {number}, validation" in loss for number in (1, 2))


def test_somebody_elses_logs_are_shown(tmp_path, monkeypatch):
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path / "logs" / "lightning" / "version_0")) as writer:
        for step in range(20):
            writer.add_scalar("train_loss", 1 / (step + 1), step)
            writer.add_scalar("val_loss", 1.1 / (step + 1), step)
    monkeypatch.setenv("VITRINE_LOGS", str(tmp_path / "logs"))
    app = opened()
    assert "lightning/version_0" in said(app.header)
    assert "Loss" in app.get("plotly_chart")[0].proto.spec
    assert opened(run="log:../../etc").warning
