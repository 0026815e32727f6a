"""The view of a selection: made anew or from what is kept, and what it says of network and picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dashboard.known import KNOWN
from dashboard.selection import Selection
from dashboard.view import View, build_view, may_be_digit, mismatch
from models.networks import find_network
from models.runtime.errors import UserError
from models.runtime.progress import silent

DIGIT = "mnist-10k/test/17"


def built(name: str = "cnn", image: str = DIGIT, **changes: object) -> View:
    model = find_network(name)
    selection = Selection(name, (image,), **changes)  # type: ignore[arg-type]  # its fields
    return build_view(selection, model, model.load(silent))


@pytest.fixture(scope="module")
def view() -> View:
    return built()


def test_all_of_it_is_of_one_network_and_one_picture(view):
    assert (view.model.name, view.picture.address, view.digit) == ("cnn", DIGIT, False)
    assert view.seen.inputs.shape == (1, 28, 28)
    assert view.prediction.logits.shape == (10,)
    assert view.target == view.prediction.winner
    assert view.title == view.prediction.classes[view.target]
    assert view.layer is not None and view.layer.name == view.survey.default_layer
    assert view.problems == ()


def test_what_is_kept_is_taken_from_where_it_is_kept(view):
    asked: list[tuple[object, ...]] = []

    def read(classifier, image, digit):
        asked.append((classifier, image, digit))
        return view.seen, view.prediction

    def survey(classifier, image):
        asked.append((classifier, image))
        return view.survey

    again = build_view(view.selection, view.model, view.classifier, read=read, survey=survey)
    assert asked == [(view.classifier, DIGIT, False), (view.classifier, "mnist-10k/test/0")]
    assert again.seen is view.seen and again.prediction is view.prediction and again.survey is view.survey


def test_what_the_network_has_not_is_said_and_left_out():
    wrong = built(target=10, versus=3, layer="no.such", unit=4)
    assert (wrong.selection.target, wrong.selection.versus) == (None, 3)
    assert (wrong.selection.layer, wrong.selection.unit) == (None, None)
    assert len(wrong.problems) == 2


def test_the_class_of_the_address_is_explained(view):
    other = dataclasses.replace(view, selection=dataclasses.replace(view.selection, target=3))
    assert (other.target, other.title) == (3, view.prediction.classes[3])


def test_a_photo_becomes_a_digit_where_that_makes_sense_and_is_asked_for():
    photo, digit = built(image="cameraman"), built(image="cameraman", parameters={"digit": "1"})
    assert (photo.digit, digit.digit) == (False, True)
    assert not np.array_equal(photo.seen.inputs, digit.seen.inputs)
    assert may_be_digit(photo.model, photo.picture)
    assert not may_be_digit(photo.model, built().picture)


def test_a_picture_of_another_kind_is_said_with_the_way_out(view):
    assert mismatch(view) is None
    sentence = mismatch(built(image="cameraman"))
    assert sentence is not None and "a photo is nothing it knows. Turn the photo into a digit" in sentence
    assert mismatch(built(image="cameraman", parameters={"digit": "1"})) is None
    assert mismatch(built("mlp", image="fashion-mnist-10k/test/0")) is not None


def test_an_address_names_what_there_is():
    assert KNOWN.model("cnn") == "mnist-10k/test/0"
    KNOWN.method("saliency")
    for check, name in ((KNOWN.model, "no_such"), (KNOWN.image, "no_such"), (KNOWN.method, "tea_leaves")):
        with pytest.raises(UserError, match=name):
            check(name)
