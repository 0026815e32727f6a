"""A checkpoint that is dropped into the sidebar is recognised, told about, and looked at on every page."""

from __future__ import annotations

import argparse
import re
import sys

import pytest
import streamlit as st
import torch
import torchvision
from safetensors.torch import save
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox
from torch.nn.utils import prune

from dashboard.components.weights.views import TABS
from dashboard.navigation import PAGES
from dashboard.wording.contract import entries
from models.checkpoints.architectures import LIBRARIES, OWN
from models.checkpoints.choice import fillings
from models.checkpoints.store import CHECKPOINTS
from models.networks import find_network
from models.runtime.progress import silent
from models.zoo.small import ARCHITECTURES
from tests.dashboard.pages.app import moved, sound
from tests.models.checkpoints import files
from tests.models.checkpoints.keras import files as keras_files
from tests.paths import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit"),
    pytest.mark.usefixtures("forked_children"),
]
CLASSES = "\n".join(f"number {k}" for k in range(10))


@pytest.fixture(autouse=True)
def nobody(tmp_path, monkeypatch):
    """No run of this machine, and no checkpoint of another test."""
    monkeypatch.setenv("VITRINE_RUNS", str(tmp_path / "runs"))
    yield
    for held in list(CHECKPOINTS.uploads._known.values()):
        for owner in list(held.drops):
            CHECKPOINTS.forget(owner)


def opened(**query: str) -> AppTest:
    """The app with the place for checkpoints open."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.session_state["own"] = True
    return sound(app.run())


def said(elements: object) -> str:
    text = " ".join(str(element.value) for element in elements)  # type: ignore[attr-defined]
    return text.replace("\\", "").replace("\u200b", "").replace("\u00a0", " ")


def model(app: AppTest) -> str:
    """The network of the address."""
    value = app.query_params["model"]
    return value if isinstance(value, str) else value[0]


def drop(app, name, content):
    uploader = next(one for one in app.get("file_uploader") if one.label == "Drop a checkpoint")
    uploader.upload(name, content, "application/octet-stream")
    return sound(app.run())


@pytest.fixture(scope="module")
def lenet() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return dict(ARCHITECTURES["lenet5"].build(10, 1).state_dict())


def test_a_checkpoint_is_recognised_told_about_and_looked_at(lenet):
    app = drop(opened(), "my digits.pt", files.saved({"model": lenet}))
    address = model(app)
    assert address.startswith("upload:")
    assert app.selectbox(key="model").value == address
    assert "my digits.pt: LeNet-5" in app.selectbox(key="model").options
    text = said(app.markdown)
    assert "Recognised as LeNet-5: every name and shape fits, with its 10 classes." in text
    assert "The weights were taken from model in the file." in said(app.caption)
    assert "private temporary folder of this server until 6 hours after" in said(app.caption)
    assert "class " in said(app.header)

    assert "its activation function (ReLU)" in said(app.caption)
    app.text_area[0].set_value(CLASSES)
    next(box for box in app.selectbox if box.label == "Pixels are brought to").set_value("none")
    next(box for box in app.selectbox if box.label == "Between its layers stands").set_value("tanh")
    sound(next(button for button in app.button if button.label == "Look at it").click().run())
    told = model(app)
    assert told.startswith(f"{address}@")
    assert find_network(told).title.startswith("LeNet-5 with Tanh, checkpoint")
    assert "number " in said(app.header)

    moved(app, "attribution")
    assert model(app) == told
    again = opened(model=told)
    assert "number " in said(again.header)
    # The link shows the network to anybody, and the file's name to nobody.
    assert not any("my digits" in option for option in again.selectbox(key="model").options)

    sound(next(button for button in app.button if button.label == "Clear my checkpoints").click().run())
    assert "model" not in app.query_params
    gone = opened(model=told)
    assert "dropped on another server, or too long ago; drop it again to see it" in said(gone.warning)
    assert "97 % sure" in said(gone.header)


def test_a_keras_file_is_a_network_on_every_page():
    app = drop(opened(), "first steps.keras", keras_files.keras(keras_files.DIGITS, keras_files.DIGIT_ARRAYS))
    text = said(app.markdown)
    assert "Read as digits (Keras): the file itself says how it computes, with 7 layers" in text
    assert "Told by the file: its layer pixels (Rescaling) reads pixels from 0 to 255." in text
    assert "first steps.keras: digits (Keras)" in app.selectbox(key="model").options
    for page in PAGES:
        moved(app, page.path)
        assert said(app.header)
    assert model(app).startswith("upload:")


def test_a_keras_file_that_is_not_translated_is_refused_by_its_layer():
    make, sentence = keras_files.REFUSED["lambda"]
    app = drop(opened(), "mine.keras", make(ROOT / "none"))
    assert re.fullmatch(rf"mine\.keras {sentence}\.", said(app.error)), said(app.error)
    assert "model" not in app.query_params


def test_a_network_for_grey_photos_says_so_and_works_on_every_page():
    network = torchvision.models.squeezenet1_1(num_classes=3)
    network.features[0] = torch.nn.Conv2d(1, 64, 3, stride=2)
    app = drop(opened(), "grey.safetensors", save(dict(network.state_dict())))
    text = said(app.markdown)
    assert "Recognised as squeezenet1_1 (torchvision)" in text
    assert "its first layer reads grey pictures instead of colours" in text
    for page in PAGES:
        moved(app, page.path)
        assert said(app.header)
    address = app.query_params["model"]
    assert (address if isinstance(address, str) else address[0]).startswith("upload:")


def test_what_four_channels_hold_is_asked_and_said_on_overview():
    network = torchvision.models.squeezenet1_1(num_classes=3)
    network.features[0] = torch.nn.Conv2d(4, 64, 3, stride=2)
    app = drop(opened(), "rgba.safetensors", save(dict(network.state_dict())))
    assert "model" not in app.query_params
    assert "its first layer reads 4 channels instead of 3 colours" in said(app.markdown)
    look = "Look at it"
    sound(next(button for button in app.button if button.label == look).click().run())
    assert "Choose what the 4 channels of rgba.safetensors hold" in said(app.error)
    box = next(box for box in app.selectbox if box.label == "Its 4 channels hold")
    assert box.value is None and len(box.options) == len(fillings(4))
    box.set_value("rgb1")
    sound(next(button for button in app.button if button.label == look).click().run())
    told = model(app)
    for page in ("attribution", "activations"):
        moved(app, page)
        assert said(app.header)
    assert model(app) == told and "@" in told
    assert "hold red, green, blue and ones" in str(entries_of(told))


def entries_of(address: str) -> list[str]:
    """What Overview shows as known of a network."""
    of = find_network(address).load(silent)
    return [row.found for row in entries(of.contract, of.claims, of.preprocessing, of.classes)]


def test_a_list_of_classes_that_does_not_fit_is_told(lenet):
    app = drop(opened(), "x.safetensors", save(lenet))
    app.text_area[0].set_value("one\ntwo")
    sound(next(button for button in app.button if button.label == "Look at it").click().run())
    assert "The list has 2 class names, but the network tells 10 classes apart" in said(app.error)
    assert "@" not in model(app)


def test_a_refused_file_gets_a_sentence_and_a_good_one_works_after_it(lenet):
    app = drop(
        opened(),
        "<b>evil</b>.pt",
        files.saved({"model": lenet, "args": argparse.Namespace(kind=argparse.Namespace)}),
    )
    assert "b>.pt holds more than tensors (argparse.Namespace)" in said(app.error)
    assert "model" not in app.query_params
    assert "97 % sure" in said(app.header)
    drop(app, "good.safetensors", save(lenet))
    assert not app.error
    assert model(app).startswith("upload:")


def test_a_training_run_as_timm_saves_it_is_read_by_its_bytes(lenet):
    saved = {
        "epoch": 3,
        "arch": "lenet5",
        "state_dict": {f"module.{name}": tensor for name, tensor in lenet.items()},
        "args": argparse.Namespace(lr=0.1, betas=(0.9, 0.99)),
    }
    app = drop(opened(), "model_best.pth.tar", files.saved(saved))
    assert "Recognised as LeNet-5: every name and shape fits behind the prefix module." in said(app.markdown)
    # What the browser itself turns away is told on the page.
    assert "A red mark in the drop zone: the file was not sent." in said(app.caption)
    drop(app, "weights.tar", files.tar())
    assert "weights.tar is a tar archive; unpack it and drop the checkpoint inside." in said(app.error)


def broken(classes: int) -> torch.nn.Module:
    raise FileNotFoundError("config.yaml")


def test_what_matches_nothing_names_the_way_to_name_it_and_what_that_raised(lenet, monkeypatch):
    state = {f"x{name}": tensor for name, tensor in lenet.items()}
    app = drop(opened(), "mine.pt", files.saved(state))
    assert "streamlit run app.py -- --model package.module:function" in said(app.markdown)
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", f"{__name__}:broken"])
    try:
        drop(app, "other.pt", files.saved({**state, "more": torch.zeros(2)}))
        assert f"{__name__}:broken, which --model named, cannot be built: FileNotFoundError" in said(
            app.warning
        )
        assert "package.module:function" not in said(app.markdown)
    finally:
        LIBRARIES.pop(OWN, None)


@pytest.mark.parametrize("view", ["distributions", "spectrum", "health", "footprint"])
def test_the_weights_page_shows_what_is_computed_of_pruned_and_narrow_tensors(view):
    pruned = prune.l1_unstructured(torch.nn.Linear(32, 20), "weight", 0.5)
    state = {
        "narrow.weight": torch.randn(64, 32).to(torch.float8_e4m3fn),
        **{f"head.{name}": tensor for name, tensor in pruned.state_dict().items()},
    }
    drop(opened(), "odd.pt", files.saved(state))
    (digest,) = CHECKPOINTS.uploads._known
    app = moved(opened(**{"p.tensors": digest, "p.aspect": view}), "weights")
    assert "Pruning is applied to head.weight (50 % are 0)." in said(app.caption)
    assert said(app.header)
    assert not app.error
    assert not any("_mask" in str(table.value) or "_orig" in str(table.value) for table in app.dataframe)


def test_what_matches_nothing_is_listed_and_predicts_nothing(lenet):
    changed = {**lenet, "extra.weight": torch.zeros(3)}
    name = next(iter(lenet))
    del changed[name]
    app = drop(opened(), "mine.pt", files.saved(changed))
    assert "model" not in app.query_params
    assert "so nothing is predicted" in said(app.warning)
    text = said(app.markdown)
    assert f"Nearest is LeNet-5: {len(lenet) - 1} of its {len(lenet)} tensors fit." in text
    assert f"- {name}" in text and "- extra.weight" in text
    assert {"Missing (1)", "Left over (1)"} <= {one.label for one in app.expander}
    assert "97 % sure" in said(app.header)
    linked = opened(model=f"upload:{next(iter(CHECKPOINTS.uploads._known))}")
    assert "No network that is known here has tensors of these names and shapes" in said(linked.warning)


@pytest.mark.parametrize("view", TABS)
def test_the_weights_page_shows_tensors_that_match_nothing(lenet, view):
    app = drop(
        opened(), "odd.pt", files.saved({f"strange.{name}": one for name, one in list(lenet.items())[1:]})
    )
    pressed = next(button for button in app.button if button.label == "Look at its weights")
    sound(pressed.click().run())
    assert "Tensors of odd.pt, looked at without a network." in said(app.markdown)
    chosen = app.query_params["p.tensors"]
    digest = chosen if isinstance(chosen, str) else chosen[0]
    assert any(known.startswith(digest) for known in CHECKPOINTS.uploads._known)

    app = opened(**{"p.tensors": digest, "p.view": view})
    moved(app, "weights")
    assert "looked at without a network" in said(app.markdown)
    assert said(app.header)
    sound(app.selectbox(key="model").set_value("mlp").run())
    assert "looked at without a network" not in said(app.markdown)


def test_two_files_are_compared(lenet):
    name = next(iter(lenet))
    app = drop(opened(), "before.safetensors", save(lenet))
    app = drop(app, "after.safetensors", save(lenet | {name: lenet[name] + 1}))
    moved(app, "weights")
    sound(app.segmented_control(key="aspect").set_value("against").run())
    against = compare_box(app)
    assert "before.safetensors" in against.options and "after.safetensors" not in against.options
    before = next(one for one in session_files() if one not in model(app))
    sound(against.set_value(before).run())
    assert "differs from before.safetensors most in conv1" in said(app.header)
    assert f"most in {name.rpartition('.')[0]} (it moved by" in said(app.header)
    assert "against" not in app.query_params

    # A link of the same view, and one of a file that is gone.
    address = {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}
    again = moved(opened(**address), "weights")
    assert "most in" in said(again.header), (address, said(again.error), said(again.warning))
    assert "before.safetensors" not in said(again.header)
    gone = opened(**address | {"p.other": "0" * 16})
    moved(gone, "weights")
    assert "drop it again to see it" in said(gone.error) + said(gone.warning)
    # A network in its place is the network.
    sound(compare_box(app).set_value("lenet5").run())
    assert "p.other" not in app.query_params and "LeNet-5" in said(app.header)


def compare_box(app: AppTest) -> Selectbox:
    """What stands in the box, which only a browser opens."""
    app.session_state["compare"] = True
    sound(app.run())
    return app.selectbox(key="compare-against")


def session_files() -> list[str]:
    """Addresses of what is held."""
    return [f"upload:{digest}" for digest in CHECKPOINTS.uploads._known]


def test_nobody_sees_the_checkpoints_of_others(lenet, monkeypatch):
    def come_from(secret: str) -> None:
        cookie = f"2|00000000|{secret.encode().hex()}|1795491499"
        monkeypatch.setattr(type(st.context), "cookies", {"_streamlit_xsrf": cookie})

    come_from("ann")
    drop(opened(), "secret.pt", save(lenet))
    again = opened()
    assert any("secret.pt" in option for option in again.selectbox(key="model").options)
    come_from("bob")
    other = opened()
    assert not any("secret.pt" in option for option in other.selectbox(key="model").options)
    assert not [button for button in other.button if button.label == "Clear my checkpoints"]


def test_what_the_operator_named_is_there_for_everybody(lenet, tmp_path, monkeypatch):
    path = tmp_path / "large.safetensors"
    path.write_bytes(save(lenet))
    named = ["app.py", "--checkpoint", str(path), "--checkpoint", str(tmp_path / "gone.pt")]
    monkeypatch.setattr(sys, "argv", named)
    app = opened()
    assert "large.safetensors: LeNet-5" in app.selectbox(key="model").options
    assert "gone.pt cannot be read (No such file or directory)." in said(app.warning)
    assert path.exists()
