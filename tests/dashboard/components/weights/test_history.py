"""How a run's weights spread and moved, step by step."""

from __future__ import annotations

from dashboard.results import weights as results
from dashboard.wording.weights import history_headline, no_checkpoints
from models.training import runs
from models.training.runs import names
from tests.dashboard.components.component import chart, left, made, sound, texts
from tests.dashboard.components.weights.weighed import shown_by, subject

RUN = "example-healthy"


def test_the_first_weight_of_the_run_is_followed_over_its_checkpoints():
    app = shown_by("history", {"run": RUN})
    tracks = made(results.history(runs.find(RUN).checkpoints().all)).tracks
    track = next(track for track in tracks if track.name == app.selectbox(key="weights-tag").value)
    assert track.name.endswith("weight")
    assert texts(app.header) == [history_headline(track, names.title(runs.find(RUN)))]
    assert app.select_slider[0].value == int(track.steps[-1])
    assert chart(app, "spread")["data"] and chart(app, "movement")["data"]


def test_the_step_moves_everything_and_is_in_the_address():
    app = shown_by("history", {"run": RUN})
    first = int(app.select_slider[0].options[0].replace(",", ""))
    sound(app.select_slider[0].set_value(first).run())
    assert left(app)["p.step"] == str(first)
    assert any(f"At step {first:,}: spread " in text for text in texts(app.caption))


def test_a_network_without_checkpoints_says_so_first_and_shows_a_run_as_an_example():
    app = shown_by("history")
    title = subject().title
    assert texts(app.header)[0] == no_checkpoints(title)
    assert texts(app.header)[1].startswith("conv1.weight of LeNet-5 example came to rest")
    assert texts(app.subheader)[0].startswith(f"An example, not {title}: LeNet-5 example")
    assert app.selectbox[0].value is None
    sound(app.selectbox[0].set_value("example-memorises").run())
    assert left(app)["run"] == "example-memorises"
    assert any("is another network" in text for text in texts(app.info))
    assert not any("An example" in text for text in texts(app.subheader))
