"""No result of one network is served for another, however alike the two are; the same choice joins the same job."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save
from torch import nn

from dashboard import pictures, view
from dashboard.inspection.attribution import METHODS
from dashboard.inspection.attribution.run import Request
from dashboard.inspection.engine.survey import survey
from dashboard.results import attribution, network
from dashboard.selection import Selection
from models.checkpoints import as_networks as checkpoints
from models.checkpoints.choice import Choice
from models.checkpoints.store import Store
from models.networks import find_network
from models.photos.uploads import Uploads
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from tests.networks import classifier

# Of the same names and shapes; the second pads as TensorFlow does.
TWINS = ("timm/mobilenetv3_small_075", "timm/tf_mobilenetv3_small_075")


@pytest.fixture(scope="module")
def views():
    """One file with what may be said of it: each twin, and the first in other ways."""
    with fork_rng(0), pytest.MonkeyPatch.context() as patch:
        store = Store(Uploads())
        patch.setattr(checkpoints, "CHECKPOINTS", store)
        module = timm.create_model("mobilenetv3_small_075", num_classes=3)
        upload = store.take(save(module.state_dict()), "x.safetensors", "ann")
        held = checkpoints.find_checkpoint(upload.address)
        choices = (
            *(Choice(architecture=name) for name in TWINS),
            Choice(architecture=TWINS[0], normalisation="none"),
            Choice(architecture=TWINS[0], classes=("a", "b", "c")),
        )
        return [_view(find_network(store.remember(held, choice))) for choice in choices]


def _view(model):
    return view.build_view(Selection(model.name, (pictures.start(model.fits),)), model, model.load(silent))


def _result(result):
    job = result.submit()
    assert job.wait(60)
    return job.result()


def _logits(one):
    with torch.no_grad():
        return one.classifier.module(torch.tensor(one.seen.inputs)[None])[0].numpy()


@pytest.mark.slow
def test_each_is_served_its_own_forward_pass(views):
    assert len({one.classifier.weights.digest for one in views}) == 1
    assert len({one.classifier.key for one in views}) == len(views)
    logits = [_logits(one) for one in views]
    assert not np.allclose(logits[0], logits[1], rtol=1e-2)
    assert not np.allclose(logits[0], logits[2], rtol=1e-2)
    jobs = {network.forward(one).submit() for one in views}
    assert len(jobs) == len(views)
    for one, own in zip(views, logits, strict=True):
        forward = _result(network.forward(one))
        assert forward.spreads["classifier"].mean == pytest.approx(own.mean(), rel=1e-3)
        assert forward.spreads["classifier"].std == pytest.approx(own.std(), rel=1e-3)


@pytest.mark.slow
def test_each_is_served_its_own_map(views):
    saliency, found = METHODS["saliency"], []
    for one in views:
        request = attribution.request(one, saliency, 0)
        pixels = torch.tensor(one.seen.inputs)[None].requires_grad_()
        (gradient,) = torch.autograd.grad(one.classifier.module(pixels)[0, 0], pixels)
        expected = gradient[0].abs().amax(0).numpy()
        values = _result(attribution.attribution(one, saliency, request)).values
        assert np.corrcoef(values.ravel(), expected.ravel())[0, 1] > 0.999
        found.append(values)
    assert abs(np.corrcoef(found[0].ravel(), found[1].ravel())[0, 1]) < 0.9


@pytest.mark.slow
def test_the_same_choice_is_one_job(views):
    again = dataclasses.replace(views[0], classifier=dataclasses.replace(views[0].classifier))
    assert again.classifier is not views[0].classifier
    assert network.forward(again).submit() is network.forward(views[0]).submit()


class Times(nn.Module):
    """No tensor of its own."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, inputs):
        return self.factor * inputs.flatten(1)[:, :3]


def test_networks_without_tensors_are_served_their_own():
    digit, saliency = _view(find_network("cnn")), METHODS["saliency"]
    request = Request(0, None, None, saliency.defaults((28, 28)))
    for factor in (1.0, 2.0):
        own = classifier(Times(factor), side=28)
        one = dataclasses.replace(
            digit, classifier=own, survey=survey(own.module, torch.tensor(digit.seen.inputs)[None])
        )
        values = _result(attribution.attribution(one, saliency, request)).values
        assert values.max() == factor
