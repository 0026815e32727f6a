"""Settings as texts of an address, and a table that can be read before anything heavy is imported."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
import torch

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.method import (
    Parameters,
    choice,
    max_abs_channel,
    mean_channels,
    number,
    sum_channels,
)
from dashboard.records.network import LayerCall, Survey
from models.runtime.errors import UserError
from tests.paths import ROOT

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)


@dataclasses.dataclass(frozen=True)
class Settings(Parameters):
    samples: int = number(25, 5, 500, "Samples", "More is steadier.")
    colour: str = choice("black", ("black", "white"), "Colour", "Of nothing.")


METHOD = dataclasses.replace(
    METHODS["saliency"],
    parameters=Settings,
    defaults=lambda size: Settings(samples=max(size)),
)


def test_defaults_follow_the_size_of_the_input():
    assert METHOD.settings({}, (28, 30)) == Settings(samples=30)


def test_texts_take_the_place_of_defaults_and_other_names_are_passed_over():
    texts = {"samples": "500", "colour": "white", "window": "no business of ours"}
    assert METHOD.settings(texts, (28, 28)) == Settings(500, "white")


@pytest.mark.parametrize("text", ["5", "500", "005"])
def test_bounds_are_inside(text):
    assert METHOD.settings({"samples": text}, (28, 28)) == Settings(samples=int(text))


@pytest.mark.parametrize(
    "text", ["4", "501", "-5", "5.0", "1e2", "", " 7", "\u0667", "\u00b2", "9" * 5000, "None"]
)
def test_what_is_no_number_in_bounds_is_refused_in_one_sentence(text):
    with pytest.raises(UserError) as refusal:
        METHOD.settings({"samples": text}, (28, 28))
    assert str(refusal.value) == f"Samples must be a whole number from 5 to 500; {text[:20]!r} is not."


@pytest.mark.parametrize("text", ["", "Black", "red", "x" * 5000])
def test_what_is_no_choice_is_refused_in_one_sentence(text):
    with pytest.raises(UserError) as refusal:
        METHOD.settings({"colour": text}, (28, 28))
    assert str(refusal.value) == f"Colour can be black, white; {text[:20]!r} is none of them."


@every_method
@pytest.mark.parametrize("size", [(4, 4), (28, 28), (224, 224), (224, 300)])
def test_defaults_are_within_their_own_bounds(method, size):
    defaults = method.settings({}, size)
    assert isinstance(defaults, method.parameters)
    texts = {field.name: str(getattr(defaults, field.name)) for field in dataclasses.fields(defaults)}
    assert method.settings(texts, size) == defaults


@every_method
def test_a_method_says_what_a_page_needs(method):
    assert METHODS[method.name] is method
    for text in (method.title, method.question, method.reading, method.formula, method.paper.citation):
        assert text.strip() == text != ""
    assert method.question.endswith("?") and method.reading.endswith(".")
    assert method.paper.link.startswith("https://")
    for field in dataclasses.fields(method.parameters):
        assert field.metadata["label"] and field.metadata["help"].endswith(".")


def test_channels_are_joined():
    values = torch.tensor([[[[1.0, 2.0]], [[-3.0, 1.0]]]])
    assert sum_channels(values).tolist() == [[[[-2.0, 3.0]]]]
    assert max_abs_channel(values).tolist() == [[[[3.0, 2.0]]]]
    assert mean_channels(values).tolist() == [[[[-1.0, 1.5]]]]


def test_the_table_is_read_without_importing_what_is_heavy():
    script = (
        "import sys; from dashboard.inspection.attribution import METHODS; "
        "[method.settings({}, (28, 28)) for method in METHODS.values()]; "
        "print(sorted({'torch', 'captum', 'torchvision', 'timm', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@every_method
def test_a_preview_is_much_sooner_and_for_photos_only(method):
    layer = LayerCall("layer", "Conv2d", (64, 7, 7), "channels first", 0, (7, 7), reached=True)
    whole = method.defaults((224, 224))
    coarse = method.coarse(whole, (224, 224), layer)
    if coarse is not None:
        assert type(coarse) is method.parameters
        pictures = (method.work(one, (224, 224), layer) for one in (coarse, whole))
        assert 3 * next(pictures) <= next(pictures)
        assert method.coarse(coarse, (224, 224), layer) is None
    assert method.coarse(method.defaults((28, 28)), (28, 28), layer) is None


def test_the_slowest_have_a_preview():
    named = {
        name
        for name, method in METHODS.items()
        if method.coarse(method.defaults((224, 224)), (224, 224), None)
    }
    assert {"integrated_gradients", "occlusion", "kernel_shap", "lime", "rise", "smooth_grad"} <= named


@every_method
def test_what_asks_for_a_gradient_is_refused_where_there_is_none(method):
    survey = Survey((), (), {}, frozenset(), (), None, obstacle="it is a tree")
    reason = method.refusal(survey)
    if method.forward_only:
        assert reason is None
    elif method.name == "attention_rollout":
        assert "no attention" in reason
    else:
        assert reason == "It follows a gradient back to the picture, and none gets there: it is a tree."
