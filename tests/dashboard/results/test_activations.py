"""What is inside a network is keyed by what was asked of it, and is that."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from dashboard.inspection.engine.survey import survey
from dashboard.inspection.passes.pool import Item, Pool
from dashboard.records.maximisation import Aim
from dashboard.results import activations
from dashboard.selection import Selection
from dashboard.view import build_view
from models.networks import find_network
from models.runtime.progress import silent
from models.training import runs


def _value(result):
    return result.work(lambda _: None)


@pytest.fixture(scope="module")
def pool(cnn):
    inputs = torch.tensor(cnn.seen.inputs)
    pictures = torch.stack([inputs, inputs.flip(2), inputs.flip(1)])
    items = tuple(Item(f"test/{number}", f"Picture {number}") for number in range(3))
    return Pool("three pictures", "three", items, lambda indices: pictures[list(indices)])


def test_a_layers_maps_are_its_output(cnn):
    call = cnn.survey.calls[0]
    maps = _value(activations.layer_maps(cnn, call))
    layer = cnn.classifier.module.get_submodule(call.name)
    with torch.no_grad():
        expected = layer(torch.tensor(cnn.seen.inputs)[None])[0].numpy()
    assert maps.maps == pytest.approx(expected, abs=1e-5)
    other = activations.layer_maps(cnn, cnn.survey.calls[1])
    assert other.key != activations.layer_maps(cnn, call).key


def test_passes_over_pictures_are_keyed_by_the_pictures(cnn, pool):
    call = cnn.survey.calls[0]
    fewer = dataclasses.replace(pool, key="two")
    assert activations.scores(cnn, pool).key != activations.scores(cnn, fewer).key
    assert activations.health(cnn, pool).key != activations.scores(cnn, pool).key
    scores = _value(activations.scores(cnn, pool))
    with torch.no_grad():
        logits = cnn.classifier.module(pool.take(range(3)))
    assert scores.highest == pytest.approx(logits.amax(0).numpy(), rel=1e-4, abs=1e-4)
    assert _value(activations.layer_over_data(cnn, call, pool)).pictures == 3
    assert _value(activations.health(cnn, pool)).pictures == 3


def test_an_excerpt_is_what_a_place_sees(cnn, pool):
    call = cnn.survey.calls[0]
    field = _value(activations.receptive_field(cnn, call))
    (part,) = _value(activations.excerpts(cnn, pool, [0], [0], field))
    assert part.shape[2] == 3 and part.shape[0] <= 28
    first, second = (activations.excerpts(cnn, pool, [0], [place], field).key for place in (0, 1))
    assert first != second


def test_a_backward_pass_starts_at_the_class(cnn):
    other = dataclasses.replace(cnn, selection=dataclasses.replace(cnn.selection, target=3))
    assert _value(activations.backward_pass(other)).target == 3
    assert activations.backward_pass(other).key != activations.backward_pass(cnn).key


def test_attention_is_shared_out_among_all_tokens():
    model = find_network("vit")
    view = build_view(Selection("vit", ("mnist-10k/test/0",)), model, model.load(silent))
    weights = _value(activations.attention_maps(view)).weights
    assert weights.sum(-1) == pytest.approx(np.ones(weights.shape[:-1]), abs=1e-5)


def test_a_draft_is_made_where_the_picture_is_large_and_takes_long(cnn, monkeypatch):
    aim = Aim(None, 0, steps=32)
    assert activations.draft(cnn, aim) is None
    monkeypatch.setattr(activations, "LARGE", 1)
    draft = activations.draft(cnn, aim)
    assert draft is not None and draft.lane == "preview"
    assert len(_value(draft).trace) == 32 // activations.DRAFT
    assert draft.key != activations.maximisation(cnn, aim).key
    assert activations.draft(cnn, dataclasses.replace(aim, steps=activations.DRAFT)) is None


def test_learning_follows_the_checkpoints_of_a_run(cnn):
    run = runs.find("example-healthy")
    kept = run.checkpoints().all[:2]
    network = find_network("run:example-healthy").load(silent)
    calls = survey(network.module, torch.tensor(cnn.seen.inputs)[None]).calls
    view = dataclasses.replace(cnn, classifier=network)
    learning = _value(activations.learning(view, run, kept, calls[0]))
    assert [int(step) for step in learning.steps] == [checkpoint.step for checkpoint in kept]
    assert np.isfinite(learning.probabilities).all()
    whole = activations.learning(view, run, run.checkpoints().all, calls[0])
    assert whole.key != activations.learning(view, run, kept, calls[0]).key
