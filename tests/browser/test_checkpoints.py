"""Bringing a checkpoint: dropped, recognised, asked about a photo, explained; and one that is hostile."""

import argparse
import re

import numpy as np
import pytest
import torch
from playwright.sync_api import FilePayload, Locator, expect
from safetensors.torch import load, save
from torch import nn
from torchvision import models

from models.zoo.embedded import WEIGHTS
from tests.browser.conftest import NewScreen
from tests.browser.screen import Screen, photo
from tests.models.checkpoints import files
from tests.models.checkpoints.keras import files as keras_files
from tests.models.checkpoints.onnx import graphs

pytestmark = pytest.mark.slow

UPLOAD = re.compile(r"upload:[0-9a-f]{16}")
# A network that ships with the app, as somebody else's file of it.
SQUEEZENET = WEIGHTS / "squeezenet1_1_fp16.safetensors"


def place(screen: Screen) -> Locator:
    """What is folded under Your checkpoint."""
    return screen.page.get_by_test_id("stPopoverBody")


def drop(screen: Screen, name: str, content: bytes) -> None:
    """Unfold the place, and drop a file."""
    if not place(screen).is_visible():
        with screen.rerun():
            screen.page.get_by_test_id("stSidebar").get_by_role("button", name="Your checkpoint").click()
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    with screen.rerun():
        place(screen).get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    expect(screen.page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
    screen.rest()


def test_a_checkpoint_is_recognised_answers_and_is_explained(screen: Screen, new_screen: NewScreen) -> None:
    screen.open("attribution", method="saliency")
    drop(screen, "found in a drawer.safetensors", SQUEEZENET.read_bytes())
    expect(place(screen)).to_contain_text("Recognised as squeezenet1_1")
    expect(place(screen)).to_contain_text("every name and shape fits")
    expect(place(screen)).to_contain_text("until 6 hours after you last looked at them")
    expect(screen.box("Network")).to_have_value(re.compile(r"found in a drawer\.safetensors: squeezenet1_1"))
    assert UPLOAD.fullmatch(screen.address["model"][0])
    screen.page.keyboard.press("Escape")

    screen.upload(photo("coffee_cup", "my cup.jpg"))
    expect(screen.headline).to_contain_text(re.compile("espresso|cup"))
    expect(screen.maps("Saliency")).to_have_count(1)
    answer = screen.headline.inner_text().partition(" is ")[2]

    # The network that ships with the app is the same one, and so is its answer.
    link = f"{screen.url}/attribution?model=squeezenet1_1&image=coffee_cup&method=saliency"
    assert answer and new_screen().follow(link).headline.inner_text().partition(" is ")[2] == answer


def test_a_keras_file_answers_and_is_explained(screen: Screen) -> None:
    screen.open("attribution", method="saliency")
    drop(screen, "first steps.keras", keras_files.keras(keras_files.DIGITS, keras_files.DIGIT_ARRAYS))
    expect(place(screen)).to_contain_text("Read as digits (Keras)")
    expect(place(screen)).to_contain_text("reads pixels from 0 to 255")
    expect(screen.box("Network")).to_have_value(re.compile(r"first steps\.keras: digits \(Keras\)"))
    screen.page.keyboard.press("Escape")
    screen.upload(photo("coffee_cup", "my cup.jpg"))
    expect(screen.headline).to_contain_text("class ")
    expect(screen.maps("Saliency")).to_have_count(1)

    screen.press("Report")
    screen.page.wait_for_url("**/report?**")
    screen.rest()
    report = screen.download("Download the report (HTML)").read_text()
    assert "digits (Keras), checkpoint" in report and "strokes" in report


def test_an_onnx_file_answers_and_is_explained_by_its_layers_or_without(screen: Screen) -> None:
    screen.open("attribution", method="saliency")
    drop(screen, "as layers.onnx", graphs.convolution().SerializeToString())
    expect(place(screen)).to_contain_text("They became layers of PyTorch")
    screen.page.keyboard.press("Escape")
    expect(screen.headline).to_contain_text("class ")
    expect(screen.maps("Saliency")).to_have_count(1)

    screen.open("attribution", method="occlusion")
    drop(screen, "as it is.onnx", graphs.opaque().SerializeToString())
    expect(place(screen)).to_contain_text("Read as tiny (ONNX)")
    expect(place(screen)).to_contain_text("because no layer of PyTorch is known here for Celu")
    screen.page.keyboard.press("Escape")
    screen.upload(photo("coffee_cup", "my cup.jpg"))
    expect(screen.headline).to_contain_text("class ")
    expect(screen.maps("Occlusion")).to_have_count(1)

    screen.press("Report")
    screen.page.wait_for_url("**/report?**")
    screen.rest()
    report = screen.download("Download the report (HTML)").read_text()
    assert "tiny (ONNX), checkpoint" in report and "can be looked at" in report


def test_a_hostile_checkpoint_is_refused_and_a_good_one_works_after_it(screen: Screen) -> None:
    screen.open()
    before = screen.headline.inner_text()
    named = "<img src=x onerror=document.title='owned'> **bold**.pt"
    drop(
        screen,
        named,
        files.saved({"model": files.weights(), "args": argparse.Namespace(kind=argparse.Namespace)}),
    )
    alert = place(screen).get_by_role("alert")
    expect(alert).to_contain_text("holds more than tensors (argparse.Namespace)")
    expect(alert.locator("img, strong")).to_have_count(0)
    assert screen.page.title() != "owned"
    assert (screen.headline.inner_text(), screen.address) == (before, {})

    drop(screen, "good.safetensors", SQUEEZENET.read_bytes())
    expect(place(screen).get_by_role("alert")).to_have_count(0)
    expect(screen.headline).to_contain_text("giant panda")
    with screen.rerun():
        place(screen).get_by_role("button", name="Clear my checkpoints").click()
    screen.expect_address()


def test_files_as_they_are_written_are_read_asked_about_or_refused(screen: Screen) -> None:
    shipped = load(SQUEEZENET.read_bytes())
    screen.open()

    # As timm's training script writes it: another ending, wrapped, with its settings.
    written = {f"module.{name}": tensor for name, tensor in shipped.items()}
    settings = argparse.Namespace(model="mine", lr=0.1)
    drop(screen, "model_best.pth.tar", files.saved({"epoch": 3, "args": settings, "state_dict": written}))
    expect(place(screen)).to_contain_text("Recognised as squeezenet1_1")
    expect(screen.box("Network")).to_have_value(re.compile(r"model_best\.pth\.tar: squeezenet1_1"))
    expect(screen.headline).to_contain_text("giant panda")

    # One number is a yes or no as long as nobody says otherwise, and its sides are named.
    one = dict(shipped)
    one["classifier.1.weight"] = shipped["classifier.1.weight"][388:389]
    one["classifier.1.bias"] = shipped["classifier.1.bias"][388:389]
    drop(screen, "binary.safetensors", save(one))
    expect(place(screen)).to_contain_text("with 1 class instead of 1,000")
    expect(screen.headline).to_contain_text("yes")
    screen.unfold("What only you know: classes, input, meaning", place(screen))
    place(screen).get_by_role("textbox", name="Names of its").fill("no panda\npanda")
    with screen.rerun():
        place(screen).get_by_role("button", name="Look at it").click()
    expect(screen.headline).to_contain_text("panda")

    # Nothing is in it that could be read: it says where the rest is, and what is looked at stays.
    before = screen.headline.inner_text(), screen.address
    drop(screen, "zero3.pt", files.saved({name: tensor.new_empty(0) for name, tensor in shipped.items()}))
    expect(place(screen).get_by_role("alert").first).to_contain_text(
        "run the zero_to_fp32.py in their folder"
    )
    assert (screen.headline.inner_text(), screen.address) == before


def ground(screen: Screen, about: str) -> str:
    """What Overview says is known of a network about something, and on what ground."""
    row = screen.main.get_by_role("row").filter(has_text=re.compile(f"^{about}"))
    expect(row).to_have_count(1)
    return row.inner_text()


def test_overview_says_of_what_is_brought_what_is_measured_told_and_assumed(screen: Screen) -> None:
    # Three classes of a shipped network, as a training script keeps them: wrapped, with its settings and best number.
    shipped, kept = load(SQUEEZENET.read_bytes()), [388, 967, 504]
    few = {
        name: shipped[name][kept] if name.startswith("classifier.1.") else shipped[name] for name in shipped
    }
    written = {
        "epoch": 3,
        "best_acc1": np.float64(91.25),
        "classes": ["panda", "espresso", "mug"],
        "state_dict": {f"module.{name}": tensor for name, tensor in few.items()},
    }
    screen.open("attribution", method="saliency")
    drop(screen, "model_best.pth.tar", files.saved(written))
    expect(place(screen)).to_contain_text("Recognised as squeezenet1_1")
    screen.page.keyboard.press("Escape")
    screen.upload(photo("coffee_cup", "my cup.jpg"))
    expect(screen.headline).to_contain_text(re.compile("espresso|mug"))
    expect(screen.maps("Saliency")).to_have_count(1)

    screen.visit("Overview")
    screen.main.get_by_text(re.compile("^What is known of this network")).click()
    assert "3 numbers a picture" in (outputs := ground(screen, "It gives")) and "measured" in outputs
    assert "panda, espresso and 1 more" in (names := ground(screen, "Names")) and "told by the file" in names
    assert "224 x 224" in (size := ground(screen, "Size")) and "assumed" in size

    # A ResNet for small pictures: what its weights do not tell is assumed, and 32 px are proposed.
    with torch.random.fork_rng():
        torch.manual_seed(0)
        resnet = models.resnet18(num_classes=10)
        resnet.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    drop(screen, "cifar.pth", files.saved({"net": resnet.half().state_dict(), "acc": 95.2, "epoch": 199}))
    expect(place(screen)).to_contain_text("Its first layer is one for small pictures, 3 x 3; assumed")
    screen.page.keyboard.press("Escape")
    screen.main.get_by_text(re.compile("^What is known of this network")).click()
    assert "32 x 32" in (size := ground(screen, "Size")) and "assumed" in size
    assert "no pooling" in (stem := ground(screen, "Its first layer")) and "assumed" in stem

    # One without the statistics of its normalisations has no answer of its own, which is said, and nothing changes.
    before = screen.headline.inner_text(), screen.address
    bare = {
        name: tensor
        for name, tensor in models.shufflenet_v2_x0_5(num_classes=3).state_dict().items()
        if not name.endswith(("running_mean", "running_var"))
    }
    drop(screen, "bare.pt", files.saved(bare))
    expect(place(screen)).to_contain_text("All that is missing are the means and variances")
    assert (screen.headline.inner_text(), screen.address) == before
