"""Networks of one's own: what a trial refuses is told with the way on, and each meaning has its words on every page."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PAGES
from models.checkpoints.architectures import LIBRARIES, OWN
from models.checkpoints.onnx.black_box import SEALED, Session
from models.checkpoints.operator_arguments import parse_arguments
from models.checkpoints.store import CHECKPOINTS
from models.kinds import PICTURES
from tests import habits
from tests.dashboard.pages.app import moved, said, sound
from tests.models.checkpoints.onnx import graphs
from tests.networks import built
from tests.paths import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit"),
    pytest.mark.usefixtures("forked_children"),
]


@pytest.fixture
def look_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Starts the app with a file, and looks at it."""

    def start(path: Path, *arguments: str) -> AppTest:
        monkeypatch.setattr(sys, "argv", ["app.py", *arguments, "--checkpoint", str(path)])
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.session_state["own"] = True
        sound(app.run())
        (upload,) = CHECKPOINTS.of_owner("")
        return sound(app.selectbox(key="model").set_value(upload.address).run())

    yield start
    LIBRARIES.pop(OWN, None)
    parse_arguments.cache_clear()
    for held in list(CHECKPOINTS.uploads._known.values()):
        for owner in list(held.drops):
            CHECKPOINTS.forget(owner)


@pytest.fixture
def bring(tmp_path: Path, look_at: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """Starts the app with a habit's network and its checkpoint, and looks at it."""

    def start(habit: type[torch.nn.Module], classes: int = 5) -> AppTest:
        # Of its own numbers, because a file is recognised once.
        network = built(lambda: habit(classes), seed=sum(map(ord, habit.__name__)))
        for layer in network.modules():
            if isinstance(layer, torch.nn.BatchNorm2d) and layer.running_mean is not None:
                layer.running_mean.fill_(0.01)  # as if somebody had trained it
        path = tmp_path / "mine.safetensors"
        save_file(network.state_dict(), path)
        return look_at(path, "--model", f"tests.habits:{habit.__name__}")

    return start


def field(app: AppTest, label: str):
    """The entry of the form with that label."""
    return next(box for box in (*app.selectbox, *app.text_input, *app.text_area) if label in box.label)


def tell(app: AppTest, **said_of_it: object) -> AppTest:
    """The app after the form was filled in so; `_` stands for a space."""
    for label, value in said_of_it.items():
        field(app, label.replace("_", " ")).set_value(value)
    return sound(next(button for button in app.button if button.label == "Look at it").click().run())


def everything(app: AppTest) -> str:
    """All that a page says."""
    bars = " ".join(bar.proto.text for bar in app.get("progress"))
    return " ".join((said(app.header), said(app.markdown), said(app.caption), bars))


def test_a_size_that_folds_the_batch_is_asked_and_then_works(bring):
    app = bring(habits.Folds)
    assert "3 pictures of 3 x 224 x 224 went in and 588 rows came out, (588, 5)" in said(app.warning)
    assert "97 % sure" in said(app.header)
    tell(app, Size_of_its_input="16")
    assert not app.warning and "class " in said(app.header)
    assert "16 x 16 px" in everything(app) and "said by a person" in everything(app)
    link = app.query_params["model"]
    assert "@" in (link if isinstance(link, str) else link[0])
    for page in PAGES:
        assert said(moved(app, page.path).header) and not app.error


def test_one_number_is_shown_with_both_sides_until_it_is_said_to_be_a_value(bring):
    app = bring(habits.Plain, classes=1)
    assert [bar.proto.text.partition(" ·")[0].strip("*") for bar in app.get("progress")] in (
        ["no", "yes"],
        ["yes", "no"],
    )
    assert "one score of a yes or no, whose sigmoid is the probability of yes" in everything(app)
    tell(app, Names_of_its="cat\ndog")
    assert "cat" in everything(app) and "dog" in everything(app)
    tell(app, What_its_numbers_mean="values", Names_of_its="age")
    assert said(app.header).partition(" gives ")[2]
    for page in PAGES:
        moved(app, page.path)
        text = everything(app)
        assert "probability of" not in text.lower() and not app.error, page.title
    moved(app, "evaluation")
    assert "it gives values, and labelled pictures name classes" in said(app.header)


def test_attributes_are_each_by_themselves_on_every_page(bring):
    app = bring(habits.Sigmoided)
    assert said(app.header).partition(" says yes: ")[2] or "sees none of 5 attributes" in said(app.header)
    assert "The likeliest of 5 attributes, each by itself" in said(app.subheader)
    for page in PAGES:
        assert said(moved(app, page.path).header) and not app.error, page.title
    moved(app, "surrogate")
    assert "No tree: this network does not answer with one of several classes" in said(app.header)


def test_a_random_network_says_so_on_every_page_and_marks_its_maps(bring):
    app = bring(habits.Noisy)
    assert said(app.header).startswith("Random, so this is one answer of many: ")
    assert "The network is random: its scores move by" in said(app.warning) + said(app.error)
    # Pages of another kind look at a network of theirs.
    for page in (page for page in PAGES if page.reads in ("", PICTURES)):
        moved(app, page.path)
        assert "This network is random" in said(app.warning), page.title


def test_which_of_two_rows_is_meant_is_asked(bring):
    app = bring(habits.TwoHeads)
    assert "that its scores stand at [0], not at [1]" in said(app.caption)
    first = [bar.proto.text.strip("*").partition("**")[0] for bar in app.get("progress")]
    tell(app, Where_its_scores_stand="[1]")
    assert "its scores stand" not in said(app.caption)
    last = [bar.proto.text.strip("*").partition("**")[0] for bar in app.get("progress")]
    assert last[0] != first[0]


def test_a_network_that_reads_grey_is_shown_grey(bring):
    app = bring(habits.Grey)
    assert not app.warning
    assert "in grey, 1 x 224 x 224" in everything(app)


@pytest.mark.parametrize("make", [graphs.convolution, graphs.opaque], ids=["translated", "black box"])
def test_every_page_of_an_onnx_file_is_whole(look_at, tmp_path, monkeypatch, make):
    askers, ask = set(), Session.__call__

    def note(session, pictures):
        askers.add(re.split("[-_]", threading.current_thread().name)[0])
        return ask(session, pictures)

    monkeypatch.setattr(Session, "__call__", note)
    path = tmp_path / "mine.onnx"
    path.write_bytes(make(reads=("n", 1, 28, 28)).SerializeToString())
    app = look_at(path)
    assert "class " in said(app.header)
    sealed = set()
    for page in PAGES:
        assert said(moved(app, page.path).header) and not app.error, page.title
        if SEALED in everything(app) + said(app.info):
            sealed.add(page.path)
    # Only there is what a black box has not; other pages work.
    told = {"", "architecture", "activations", "report"}
    assert sealed == (told if make is graphs.opaque else set())
    # Its process computes for a job that had its turn at the gate, or for the one thread of single passes.
    assert askers <= {"opening", "quick", "preview", "slow", "report", "light"}
