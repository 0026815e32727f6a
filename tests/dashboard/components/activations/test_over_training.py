"""Over training, on the page: the film of a layer, its step in the address, and runs that are none or gone."""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.components.activations import film
from dashboard.parameters import PLAY
from models.training import runs
from models.training.runs import EXAMPLES
from tests.dashboard.pages.app import address, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]
HEALTHY, MEMORISES = "run:example-healthy", "run:example-memorises"


def followed(**query: str) -> AppTest:
    return page("activations", **{"p_view": "training", **query})


def chart(app: AppTest, key: str) -> str:
    return str(app.get_by_key(key).proto.spec)


def bars(app: AppTest) -> list[str]:
    return [bar.proto.text for bar in app.get("progress")]


@pytest.fixture
def own(tmp_path):
    """A run of one's own, which may be deleted: a copy of an example."""
    shutil.copytree(EXAMPLES / "example-healthy", tmp_path / "runs" / "own")
    return runs.find("own")


def test_the_slider_moves_everything_and_is_in_the_address():
    app = followed(model=HEALTHY, layer="relu1")
    assert " says 4 " in said(app.header)
    # It begins with the step that the network is of: the best one.
    assert app.select_slider(key="training-step").value == 987
    assert "Step 987, after epoch 7; checkpoint 7 of 8." in said(app.caption)
    before = {key: chart(app, key) for key in ("film-tiles-relu1", "film-statistics")}
    assert "**4** · 99.8 %" in bars(app)
    sound(app.select_slider(key="training-step").set_value(141).run())
    assert address(app) == {"model": [HEALTHY], "layer": ["relu1"], "p.step": ["141"], "p.view": ["training"]}
    assert all(chart(app, key) != one for key, one in before.items())
    assert "**4** · 98 %" in bars(app) and len(bars(app)) == 6
    assert "the same at all steps" in said(app.caption)


def test_a_step_of_the_address_is_taken_or_the_nearest_said():
    app = followed(model=f"{HEALTHY}@282", layer="relu1")
    assert app.select_slider(key="training-step").value == 282
    app = followed(model=HEALTHY, layer="relu1", p_step="700")
    assert "keeps no checkpoint of step 700 that can be read; the nearest is shown." in said(app.info)
    assert app.select_slider(key="training-step").value == 705


def test_units_without_places_have_bars_on_one_scale():
    first = followed(model=MEMORISES, layer="relu2", p_step="25")
    last = followed(model=MEMORISES, layer="relu2", p_step="500")
    ends = [
        one.split('"range":[')[-1].split("]")[0]
        for one in (chart(first, "film-units-relu2"), chart(last, "film-units-relu2"))
    ]
    assert ends[0] == ends[1]


def test_play_begins_a_film_and_pause_or_its_end_stop_it():
    app = followed(model=HEALTHY, layer="relu1", p_step="846")
    sound(app.button(key="play").click().run())
    assert (address(app)["p.play"], address(app)["p.step"]) == (["1"], ["846"])
    sound(app.button(key="pause").click().run())
    assert "p.play" not in address(app)
    sound(app.select_slider(key="training-step").set_value(1128).run())
    # From the end it begins again.
    sound(app.button(key="play").click().run())
    assert address(app)["p.step"] == ["141"]


def test_the_film_goes_on_step_by_step_and_stops_at_the_last(monkeypatch):
    said_steps, stopped = [], []
    monkeypatch.setattr(session, "pass_by", lambda parameter, step: said_steps.append(step))
    monkeypatch.setattr(session, "choose_parameter", lambda *args: stopped.append(args))
    film.advance([10, 20, 30], 10)
    assert (said_steps, stopped) == ([20], [])
    film.advance([10, 20, 30], 20)
    assert (said_steps, stopped) == ([20, 30], [(PLAY, None)])
    film.advance([10, 20, 30], 30)
    assert said_steps == [20, 30]


def test_a_step_becomes_the_network_of_every_page():
    app = followed(model=HEALTHY, layer="relu1", p_step="282")
    sound(app.button(key="training-look").click().run())
    assert address(app)["model"] == [f"{HEALTHY}@282"]
    assert address(app)["layer"] == ["relu1"]


def test_a_network_that_is_no_run_leads_to_one():
    app = followed(model="mlp")
    assert "is one set of weights" in app.header[0].value
    assert "An example, not MLP" in said(app.subheader[:1]) and " says " in said(app.header)
    assert len(app.select_slider) == 1 and not any(box.label == "Layer" for box in app.main.selectbox)
    sound(next(one for one in app.button if one.label.replace("\\", "") == "LeNet-5 example").click().run())
    assert address(app)["model"] == [HEALTHY]
    assert "LeNet-5 example says" in said(app.header)


def test_a_run_without_checkpoints_gives_way_with_a_sentence(own):
    shutil.rmtree(own.path / "checkpoints")
    app = followed(model="run:own")
    assert "has no checkpoint yet" in said(app.warning)
    assert "is one set of weights" in said(app.header)
    assert "own" not in [button.label for button in app.button]


def test_a_run_that_is_deleted_meanwhile_gives_way_with_a_sentence(own):
    app = followed(model="run:own", layer="relu1")
    assert "own says" in said(app.header)
    own.delete()
    sound(app.button(key="training-look").click().run())
    assert "There is no run own" in said(app.warning)
    assert "giant panda" in said(app.header)


def test_a_damaged_checkpoint_is_passed_over_with_a_sentence(own):
    own.checkpoints().all[1].path.write_bytes(b"nothing")
    app = followed(model="run:own", layer="relu1")
    assert "282" in said(app.warning)
    assert "checkpoint 6 of 7" in said(app.caption)


def test_a_run_with_one_checkpoint_has_no_film(own):
    from models.training.runs import checkpoints

    kept = own.checkpoints()
    checkpoints.commit(own.path / "checkpoints", checkpoints.Checkpoints(kept.all[:1]))
    app = followed(model="run:own", layer="relu1", p_play="1")
    assert "keeps one checkpoint, of step 141" in said(app.header)
    assert "play" not in [button.key for button in app.button]
    assert "p.play" not in address(app)
