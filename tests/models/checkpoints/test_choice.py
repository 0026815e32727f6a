"""What a person says of a checkpoint."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from typing import Any

import pytest

from models.checkpoints.choice import Choice, class_names, fillings, name_count, parse_size
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError

NAMES = "one\ntwo\r\n  three\u202e  \n\n"


def test_class_names_are_read_from_a_text():
    assert class_names(NAMES, 3) == ("one", "two", "three")
    assert class_names("", 3) == ()
    assert class_names("<b>\n=1+1\n" + "x" * 500, 3) == ("<b>", "=1+1", "x" * 120)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("one\ntwo", "The list has 2 class names, but the network tells 3 classes apart; "),
        ("one\n\nthree", "Line 2 of the class names is empty; "),
        ("x" * 5_000_000, "The list of class names is longer than 4 MB; "),
    ],
)
def test_a_list_that_does_not_fit_is_told(text, sentence):
    with pytest.raises(UserError, match=f"^{re.escape(sentence)}"):
        class_names(text, 3)


def test_addresses_from_before_more_could_be_said_stay():
    said = '{"architecture": "", "classes": ["a", "b"], "normalisation": "half"}'
    assert Choice("", ("a", "b"), "half").digest == hashlib.sha256(said.encode()).hexdigest()[:16]
    assert Choice().digest == ""


def test_whatever_is_said_changes_the_address():
    said: dict[str, Any] = {
        "size": (32, 32),
        "resize": "squash",
        "channels": 1,
        "meaning": "values",
        "normalisation": "none",
        "planes": "bgr",
    }
    digests = {dataclasses.replace(Choice(), **{name: value}).digest for name, value in said.items()}
    assert len(digests) == len(said) and "" not in digests


USUAL_CROP = Preprocessing((224, 224), 256, (0.4, 0.5, 0.6), (0.1, 0.2, 0.3))


@pytest.mark.parametrize(
    ("choice", "size", "resize"),
    [
        (Choice(), (224, 224), 256),
        (Choice(size=(448, 448)), (448, 448), 512),
        (Choice(size=(32, 32)), (32, 32), 32),
        (Choice(size=(128, 64), resize="squash"), (128, 64), (128, 64)),
        (Choice(resize="whole"), (224, 224), 224),
    ],
)
def test_a_size_that_is_said_is_read(choice, size, resize):
    reads = choice.preprocessing(USUAL_CROP)
    assert (reads.size, reads.resize, reads.mean) == (size, resize, USUAL_CROP.mean)


def test_what_is_read_in_grey_is_normalised_by_the_mean_of_the_colours():
    assert Choice(channels=1).preprocessing(USUAL_CROP).mean == pytest.approx((0.5,))
    grey = Choice(channels=1, normalisation="half").preprocessing(USUAL_CROP)
    assert (grey.mean, grey.std) == ((0.5,), (0.5,))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", None),
        ("32", (32, 32)),
        (" 128 x 64 px", (128, 64)),
        ("128x64", (128, 64)),
        ("128, 64", (128, 64)),
    ],
)
def test_a_size_as_people_write_it(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["large", "2", "32 x 5000", "1 x 2 x 3", "-32"])
def test_what_is_no_size_is_told(text):
    with pytest.raises(UserError, match=r"size of an input|sides of an input"):
        parse_size(text)


def test_one_number_has_two_names_where_it_is_a_yes_or_no():
    assert [name_count(1, meaning) for meaning in ("", "yes or no", "values", "attributes")] == [2, 2, 1, 1]
    assert name_count(5, "") == 5


def test_what_channels_may_hold_is_offered_for_each_number_of_them():
    assert fillings(1) == fillings(3) == {}
    assert [*fillings(2)] == ["l1", "l0", "ll"]
    assert [*fillings(4)][:3] == ["rgb1", "rgb0", "rgbl"]
    assert "rgbrgb" in fillings(6) and "rgbrgb"[:5] not in fillings(5)
    assert all(len(planes) == 7 for planes in fillings(7))


def test_what_channels_hold_is_read_with_the_normalisation_that_was_said():
    reads = Choice(planes="rgb1", normalisation="half").preprocessing(USUAL_CROP)
    assert (reads.planes, reads.mean, reads.std) == ("rgb1", (0.5, 0.5, 0.5, 0.0), (0.5, 0.5, 0.5, 1.0))
    assert Choice(planes="bgr").preprocessing(USUAL_CROP).mean == (0.6, 0.5, 0.4)
    assert Choice(channels=1).holds == "l" and Choice(planes="bgr").holds == "bgr" and Choice().holds == ""
