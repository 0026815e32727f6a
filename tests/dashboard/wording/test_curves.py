"""Which curves share a chart, and the exact words about how they were logged."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from dashboard.records.curves import Line
from dashboard.wording import curves as wording
from dashboard.wording.curves import CurveChoice, charts, join, mark
from models.tensorboard.folders import find_runs
from models.tensorboard.reader import EventReader
from models.tensorboard.series import EPOCH, Curve, Session
from tests.models.tensorboard.logged import scalars, version

STEPS = np.arange(3)


def curve(tag, part="", writer="", session=0, unit="step") -> Curve:
    return Curve(tag, part, writer, session, STEPS, STEPS * 1.0, STEPS * 1.0, unit)


def named(found: dict[str, list[Line]]) -> dict[str, list[str]]:
    return {
        title: [", ".join(part for part in (line.split, line.detail) if part) for line in lines]
        for title, lines in found.items()
    }


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["train/loss", "validation/loss"], {"loss": ["training", "validation"]}),
        (  # Lightning: the epoch's mean is the partner
            ["train_loss_step", "val_loss", "train_loss_epoch"],
            {"loss (step)": ["training"], "loss": ["training", "validation"]},
        ),
        (["train_loss_step", "val_loss"], {"loss": ["training", "validation"]}),
        (  # ours: each step has its partner, the epoch's mean stays for itself
            ["loss/train", "loss_epoch/train", "loss/validation"],
            {"loss": ["training", "validation"], "loss (epoch)": ["training"]},
        ),
        (  # Composer: whether a cross entropy is that loss nobody says
            ["loss/train/total", "metrics/mine/CrossEntropy"],
            {"loss": ["training"], "CrossEntropy": ["validation, mine"]},
        ),
    ],
)
def test_training_and_validation_share_a_chart(tags, expected):
    assert named(charts("log", [curve(tag) for tag in tags], 0)) == expected


# Folder and file -> tags with their steps, as each library was seen to write them.
LAYOUTS: dict[str, dict[str, dict[str, Iterable[int]]]] = {
    "CatBoost 1.2.10": {
        "learn/events.out.tfevents": {"Logloss": range(3)},
        "test/events.out.tfevents": {"Logloss:0": range(3)},
        "test1/events.out.tfevents": {"Logloss": range(3)},
    },
    "skorch 1.4.0": {
        "events.out.tfevents.1.h.2.0": {
            "Loss/train_loss": [1, 2],
            "Loss/valid_loss": [1, 2],
            "Loss/valid_acc": [1, 2],
        }
    },
    "tensorboardX 2.6.5": {
        "events.out.tfevents.1.h": {},
        "Loss/train/events.out.tfevents.1.h": {"Loss": range(3)},
        "Loss/val/events.out.tfevents.1.h": {"Loss": range(3)},
    },
    "Keras 3.15.1": {
        "train/events.out.tfevents.1.h.2.0.v2": {"epoch_loss": range(3)},
        "validation/events.out.tfevents.1.h.2.1.v2": {"epoch_loss": range(3)},
    },
    "XGBoost 3.2.0": {
        "events.out.tfevents.1.h": {"validation_0/auc": range(3), "validation_1/auc": range(3)}
    },
}


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("CatBoost 1.2.10", {"Logloss": ["training", "test", "test, test1"]}),
        ("skorch 1.4.0", {"loss": ["training", "validation"], "accuracy": ["validation"]}),
        ("tensorboardX 2.6.5", {"loss": ["training", "validation"]}),
        ("Keras 3.15.1", {"loss": ["training", "validation"]}),
        ("XGBoost 3.2.0", {"auc": ["validation_0", "validation_1"]}),
    ],
)
def test_files_as_the_libraries_write_them(tmp_path, layout, expected):
    for name, tags in LAYOUTS[layout].items():
        path = tmp_path / "run" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        records = [scalars(step, **{tag: 1.0 / (step + 1)}) for tag, steps in tags.items() for step in steps]
        # CatBoost's files begin without a version.
        path.write_bytes(b"".join([*([] if "CatBoost" in layout else [version()]), *records]))
    assert find_runs(tmp_path) == (tmp_path / "run",)
    reader = EventReader(tmp_path / "run")
    reader.refresh()
    assert named(charts("run", reader.curves(), 0)) == expected
    assert len(reader.sessions()) == 1


def test_sessions_have_lines_of_their_own_and_the_newest_comes_last():
    logged = [curve("loss", session=1), curve("loss", session=0), curve("acc", session=0)]
    found = charts("log", logged, 3)
    assert named(found) == {"loss": ["session 1", "session 2"], "accuracy": ["session 1"]}
    assert [line.is_faint for line in found["loss"]] == [True, False]
    assert [line.colour for line in found["loss"]] == [3, 3]
    for session in (1, 7):
        (line,) = charts("log", logged, 3, CurveChoice(session=session))["loss"]
        assert (line.detail, line.is_faint) == ("", False)


def test_writers_have_colours_and_a_writer_can_be_a_split():
    found = charts("log", [curve("loss", writer=f"rank{rank}") for rank in (0, 10, 9)], 2)
    assert {line.detail: line.colour for line in found["loss"]} == {"rank0": 2, "rank9": 3, "rank10": 4}
    (line,) = charts("log", [curve("loss", writer="val")], 0)["loss"]
    assert line.split == "validation"


def test_charts_are_joined_by_hand():
    logged = [curve("loss/train/total"), curve("metrics/eval/CrossEntropy"), curve("lr", unit=EPOCH)]
    found = charts("log", logged, 0)
    assert wording.apart(found) == (["loss"], ["CrossEntropy"])
    joined = join(found, [{mark("loss"), mark("CrossEntropy")}, {mark("learning rate")}, {mark("gone")}])
    assert named(joined) == {
        "learning rate": [""],
        "loss and CrossEntropy": ["training, loss", "validation, CrossEntropy"],
    }
    assert wording.apart(joined) == ([], [])


def test_what_is_left_apart_is_said():
    found = charts("log", [curve("loss/train/total"), curve("metrics/eval/CrossEntropy")], 0)
    assert wording.apart_sentence(found) == (
        "Training alone: loss. Validation or test alone: CrossEntropy. Their names do not say whether any of them "
        "belong together; they can be joined under Curves."
    )
    assert wording.apart_sentence({}) == ""


def test_sessions_in_words(monkeypatch):
    monkeypatch.setattr(wording, "date", lambda session: f"at {session.begun:g}")
    sessions = [Session(float(number), 10 * number, 10 * number + 9) for number in range(6)]
    assert wording.sessions_sentence("log", sessions[:1]) == ""
    assert wording.sessions_sentence("log", sessions[:2]) == (
        "log holds 2 sessions, begun at 0 and at 1: its steps go back each time. Each has its own line; those before "
        "the newest are faint."
    )
    assert wording.sessions_sentence("log", sessions).startswith(
        "log holds 6 sessions; the last 4 began at 2, at 3, at 4 and at 5: its steps"
    )
    assert wording.sessions_sentence("log", sessions[:2], 0).endswith("each time. Drawn is number 1 alone.")
    assert wording.sessions_sentence("log", sessions[:2], 9).endswith("Drawn is number 2 alone.")
    assert wording.session_title(1, sessions[1]) == "2, begun at 1, steps 10 to 19"


@pytest.mark.parametrize("begun", [float("nan"), float("inf"), 1e300])
def test_a_clock_that_was_not_set_tells_nothing(begun):
    assert wording.date(Session(begun, 0, 1)) == "at an unknown time"


def test_what_a_log_without_curves_holds():
    assert wording.contents_sentence("log", {}) == (
        "log holds nothing yet: the first points come with the first steps."
    )
    told = {"images": {"sample"}, "text": {"config/text_summary"}, "graph": set()}
    assert wording.contents_sentence("log", told) == (
        "log holds no curves, but 1 picture (sample), 1 text (config) and the graph of a network."
    )
    many = {"histograms": {f"w{number}" for number in range(6)}}
    assert wording.contents_sentence("log", many) == (
        "log holds no curves, but 6 histograms (w0, w1, w2, w3 and 2 more)."
    )
