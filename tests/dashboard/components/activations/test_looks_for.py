"""What it looks for, on the page: what it says, what it keeps in the address, what it does with nonsense."""

from __future__ import annotations

import dataclasses
import re
import shutil

import pytest
import torch
from streamlit.testing.v1 import AppTest

from dashboard.inspection.engine.survey import survey
from dashboard.records.maximisation import Aim
from models.networks import find_network
from models.runtime.progress import silent
from models.training import runs
from models.training.runs import EXAMPLES, checkpoints
from models.training.runs.checkpoints import Checkpoints
from models.training.runs.serialisation import serialise_weights, sha256
from tests.dashboard.pages.app import address, page, said, sound

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit")]


def looked(**query: str) -> AppTest:
    return page("activations", **{"model": "lenet5", "p_view": "looks_for", "p_steps": "32", **query})


def pictures(app: AppTest) -> list[str]:
    return [image.proto.imgs[0].alt for image in app.main.get("image")]


def test_a_channel_is_drawn_beside_the_real_picture_that_excites_it_most():
    app = looked(layer="conv2", unit="3")
    assert said(app.header).startswith("The best of 2,000 real pictures excites channel 3 of conv2 no less ")
    assert "A picture made to excite channel 3 of conv2" in pictures(app)
    assert "It is no photo, and the network has never seen it." in said(app.caption)
    assert {"PNG", "Table (CSV)"} <= {button.proto.label for button in app.get("download_button")}
    assert not app.warning


def test_choices_are_in_the_address_and_defaults_are_not():
    app = looked(layer="conv2", unit="3")
    sound(app.segmented_control(key="made-for").set_value("class").run())
    assert said(app.header).startswith("The best of 2,000 real pictures excites the class 4 no less ")
    assert "the network gives the class" in said(app.caption)
    sound(app.segmented_control(key="direction").set_value("least").run())
    assert said(app.header).endswith("than the picture made to avoid it: -14.2 against -13.5.")
    sound(app.number_input(key="ascent-seed").set_value(5).run())
    sound(app.toggle(key="still").set_value(True).run())
    assert address(app) == {
        "model": ["lenet5"],
        "layer": ["conv2"],
        "unit": ["3"],
        **{f"p.{name}": [text] for name, text in (("view", "looks_for"), ("of", "class"), ("avoid", "1"))},
        **{f"p.{name}": [text] for name, text in (("seed", "5"), ("steps", "32"), ("still", "1"))},
    }
    sound(app.select_slider(key="ascent-steps").set_value(128).run())
    sound(app.segmented_control(key="made-for").set_value("channel").run())
    assert not {"p.steps", "p.of"} & address(app).keys()


def test_one_place_is_shown_as_far_as_it_sees_and_all_places_whole():
    app = looked(layer="conv2", unit="3")
    assert "what the place in the middle sees, 14 x 14 of 28 x 28 pixels" in said(app.caption)
    assert "Value in the middle, at each step" in app.get_by_key("ascent").proto.spec
    sound(app.segmented_control(key="where").set_value("everywhere").run())
    assert address(app)["p.everywhere"] == ["1"]
    assert "the place in the middle sees" not in said(app.caption)
    assert "Mean over all places, at each step" in app.get_by_key("ascent").proto.spec
    sound(app.segmented_control(key="direction").set_value("least").run())
    assert re.search(r"picture made to avoid .*: (about )?-[\d.]+ against (about )?-[\d.]+", said(app.header))
    assert [metric.label for metric in app.metric] == ["Made picture", "Real pictures"]
    sound(app.selectbox(key="layer").set_value("fc1").run())
    assert "where" not in [control.key for control in app.get("button_group")]


def test_without_a_gradient_there_is_no_picture_and_the_reason(tmp_path):
    shutil.copytree(EXAMPLES / "example-healthy", tmp_path / "runs" / "nothing")
    run = runs.find("nothing")
    last = run.checkpoints().all[-1]
    zeros = {name: torch.zeros_like(tensor) for name, tensor in last.tensors().items()}
    content = serialise_weights(zeros, step=last.step, epoch=last.epoch, metrics=last.metrics)
    last.path.write_bytes(content)
    changed = dataclasses.replace(last, size=len(content), digest=sha256(content))
    checkpoints.commit(run.path / checkpoints.FOLDER, Checkpoints((changed,)))
    app = looked(model="run:nothing", p_of="class")
    assert said(app.header) == "No picture for the class 0."
    assert "Not drawn: nothing in the picture changes this number: its gradient is zero" in said(app.error)


def _survey(of):
    return survey(of.module, torch.zeros(1, 1, 28, 28))


def test_what_was_stopped_starts_again_when_asked():
    app = looked(layer="conv1", unit="1", p_seed="9")
    of = find_network("lenet5").load(silent)
    call = next(one for one in _survey(of).calls if one.name == "conv1")
    key = (of.key, "maximisation", (Aim(call, 1, steps=32, seed=9),))
    app.session_state["visit"] = dataclasses.replace(app.session_state["visit"], stopped=frozenset({key}))
    sound(app.run())
    assert "stopped" in said(app.caption)
    sound(next(button for button in app.button if button.label == "Start again").click().run())
    assert "excites channel 1 of conv1 no less than the picture made for it" in said(app.header)


def test_photographs_are_few_and_said_to_be_so():
    app = looked(model="squeezenet1_1", layer="features.3", unit="1")
    assert "40 pictures: a hint, not a statistic" in said(app.info)
    assert said(app.header).startswith(
        "The best of 40 real pictures excites channel 1 of features.3 no less "
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"p_steps": "77"}, "'77' is not offered for steps; choose one of 32, 64"),
        ({"p_steps": "many"}, "'many' is not offered for steps"),
        ({"p_seed": "5000"}, "'5000' is not offered for seed; choose one from 0 to 999"),
        ({"p_of": "colour"}, "'colour' is neither"),
        ({"layer": "conv1", "unit": "99"}, "there is no 99"),
    ],
)
def test_what_an_address_names_wrongly_gets_one_sentence(query, sentence):
    app = looked(**query)
    assert sentence in said(app.warning)
    assert "picture made for " in said(app.header)
