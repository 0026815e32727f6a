"""Maps: of which methods, with which settings, and how long they take."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from dashboard.inspection.attribution import METHODS, method
from dashboard.results import attribution


def _with(view, **changes):
    return dataclasses.replace(view, selection=dataclasses.replace(view.selection, **changes))


def test_methods_are_those_of_the_address_or_the_first_that_are_allowed(mlp, cnn):
    assert [chosen.name for chosen in attribution.methods(_with(mlp, methods=("saliency",)))] == ["saliency"]
    usual = attribution.methods(mlp)
    assert len(usual) == attribution.DEFAULT_METHODS
    assert all(chosen.refusal(mlp.survey) is None for chosen in usual)


def test_a_wrong_setting_falls_back_with_a_sentence(cnn):
    occlusion = METHODS["occlusion"]
    usual, problem = attribution.settings(occlusion, cnn)
    assert usual == occlusion.defaults((28, 28)) and problem is None
    wrong, sentence = attribution.settings(occlusion, _with(cnn, parameters={"window": "lots"}))
    assert wrong == usual and sentence is not None


def test_a_map_is_what_the_method_gives(cnn):
    saliency = METHODS["saliency"]
    wanted = attribution.attribution(cnn, saliency, attribution.request(cnn, saliency, 3))
    pixels = torch.tensor(cnn.seen.inputs)[None].requires_grad_()
    (gradient,) = torch.autograd.grad(cnn.classifier.module(pixels)[0, 3], pixels)
    values = wanted.work(lambda _: None).values
    assert values is not None and np.allclose(values, gradient[0].abs().amax(0).numpy(), atol=1e-5)
    assert (wanted.what, wanted.lane, wanted.pictures) == (saliency.title, "quick", 1)
    assert wanted.preview() is None
    other = attribution.attribution(cnn, saliency, attribution.request(cnn, saliency, 4))
    assert other.key != wanted.key


def test_a_slow_map_has_a_coarse_preview_in_a_lane_of_its_own(cnn, monkeypatch):
    monkeypatch.setattr(method, "SMALL", 1)  # below, a map is there as soon as its preview
    occlusion = METHODS["occlusion"]
    whole = attribution.attribution(
        cnn,
        occlusion,
        attribution.request(_with(cnn, parameters={"window": "2", "stride": "1"}), occlusion, 0),
    )
    assert whole.lane == "slow"
    preview = whole.preview()
    assert preview is not None
    assert preview.lane == "preview" and preview.key != whole.key
    assert 1 < preview.pictures < whole.pictures
