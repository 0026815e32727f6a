"""How a run's weights spread and moved, step by step."""

from __future__ import annotations

from dashboard.results import weights as results
from dashboard.wording.weights import history_headline
from models.training import runs
from tests.dashboard.components.component import chart, left, made, sound, texts
from tests.dashboard.components.weights.weighed import shown_by

RUN = "example-healthy"


def test_the_first_weight_of_the_run_is_followed_over_its_checkpoints():
    app = shown_by("history", {"run": RUN})
    tracks = made(results.history(runs.find(RUN).checkpoints().all)).tracks
    track = next(track for track in tracks if track.name == app.selectbox(key="weights-tag").value)
    assert track.name.endswith("weight")
    assert texts(app.header) == [history_headline(track, RUN)]
    assert app.select_slider[0].value == int(track.steps[-1])
    assert chart(app, "spread")["data"] and chart(app, "movement")["data"]


def test_the_step_moves_everything_and_is_in_the_address():
    app = shown_by("history", {"run": RUN})
    first = int(app.select_slider[0].options[0].replace(",", ""))
    sound(app.select_slider[0].set_value(first).run())
    assert left(app)["p.step"] == str(first)
    assert any(f"At step {first:,}: spread " in text for text in texts(app.caption))


def test_an_examples_run_is_called_one():
    assert any("of another network" in text for text in texts(shown_by("history").info))
