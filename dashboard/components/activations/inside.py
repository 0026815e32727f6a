"""The passes behind the Activations page, each a job."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Sequence

import numpy as np

from dashboard import session
from dashboard.components.look import View
from dashboard.components.wait import slot, stoppable, wait
from dashboard.inspection.activations.attention_maps import attention_maps
from dashboard.inspection.activations.backward_pass import backward_pass
from dashboard.inspection.activations.layer_maps import layer_maps
from dashboard.inspection.activations.learning import learning as followed
from dashboard.inspection.activations.maximisation import maximise as made
from dashboard.inspection.activations.measured_receptive_field import measure_receptive_field
from dashboard.inspection.passes.excerpts import excerpts
from dashboard.inspection.passes.health import health as measured_health
from dashboard.inspection.passes.layer import layer_over_data
from dashboard.inspection.passes.pool import Pool
from dashboard.inspection.passes.scores import scores as scored
from dashboard.jobs import GATE
from dashboard.records.activations import (
    ActivationHealth,
    AttentionMaps,
    ForwardPass,
    LayerMaps,
    LayerOverData,
    ReceptiveField,
)
from dashboard.records.gradients import BackwardPass
from dashboard.records.learning import Learning
from dashboard.records.maximisation import Aim, ExtremeScores, MaximisedPicture
from dashboard.records.network import LayerCall
from dashboard.results import network
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint

# What a layer adds is worked out for so many classes, the most probable first: each costs a pass back.
CLASSES = 10
# A picture with more pixels than this takes seconds, so a first draft of it is shown: after a share of the steps.
LARGE = 64 * 64
DRAFT = 8


def forward(view: View) -> ForwardPass:
    """The picture's way through the network."""
    order = network.forward(view)
    return wait(order.submit, order.what, slot())


def maps(view: View, call: LayerCall) -> LayerMaps:
    """One layer's channels for the picture, and what they add to the most probable classes and the chosen one."""
    classes = tuple(dict.fromkeys([*view.prediction.ranked()[:CLASSES], view.target]))
    key = ("layer maps", view.classifier.key, view.seen.digest, call.name, classes)
    return wait(
        lambda: GATE.submit(
            key,
            lambda _: layer_maps(view.classifier, view.seen.inputs, call=call, classes=classes),
            lane="quick",
        ),
        f"Layer {call.name}",
        slot(),
    )


def over_data(view: View, call: LayerCall, pictures: Pool) -> LayerOverData:
    """One layer over many pictures."""
    return stoppable(
        (
            "layer over data",
            view.classifier.key,
            call.name,
            pictures.key,
        ),
        lambda report: layer_over_data(view.classifier, call, pictures, report),
        f"{call.name} over {pictures.title}",
    )


def field(view: View, call: LayerCall) -> ReceptiveField:
    """What one place of a layer sees."""
    key = ("receptive field", view.classifier.key, call.name)
    return wait(
        lambda: GATE.submit(key, lambda _: measure_receptive_field(view.classifier, call), lane="quick"),
        f"What {call.name} sees",
        slot(),
    )


def cut(
    view: View, pictures: Pool, indices: Sequence[int], places: Sequence[int], seen: ReceptiveField
) -> list[np.ndarray]:
    """Pictures cut to what one place of a layer sees."""
    key = ("excerpts", pictures.key, view.classifier.preprocessing, tuple(indices), tuple(places), seen)
    return wait(
        lambda: GATE.submit(
            key, lambda _: excerpts(view.classifier, pictures, indices, places, seen), lane="quick"
        ),
        "Pictures",
        slot(),
    )


def backward(view: View) -> BackwardPass:
    """The way back of the loss of the view's class."""
    key = ("backward", view.classifier.key, view.seen.digest, view.target)
    return wait(
        lambda: GATE.submit(
            key,
            lambda _: backward_pass(view.classifier, view.seen.inputs, view.target, view.survey),
            lane="quick",
        ),
        "Backward pass",
        slot(),
    )


def health(view: View, pictures: Pool) -> ActivationHealth:
    """The whole network over many pictures."""
    return stoppable(
        ("health", view.classifier.key, pictures.key),
        lambda report: measured_health(view.classifier, pictures, view.survey, report),
        f"All layers over {pictures.title}",
    )


def attention(view: View) -> AttentionMaps:
    """The attention between the picture's tokens."""
    key = ("attention", view.classifier.key, view.seen.digest)
    return wait(
        lambda: GATE.submit(
            key, lambda _: attention_maps(view.classifier, view.seen.inputs, view.survey), lane="quick"
        ),
        "Attention",
        slot(),
    )


def scores(view: View, pictures: Pool) -> ExtremeScores:
    """The scores of all classes over many pictures."""
    return stoppable(
        ("scores", view.classifier.key, pictures.key),
        lambda report: scored(view.classifier, pictures, report),
        f"Scores of {pictures.title}",
    )


def drafted(view: View, aim: Aim) -> MaximisedPicture | None:
    """The picture that is made for an aim, after its first steps; None where the whole is there or soon will be."""
    height, width = view.classifier.preprocessing.size
    wanted = _maximised(view, aim)
    if (
        height * width <= LARGE
        or aim.steps <= DRAFT
        or GATE.keeps(wanted)
        or wanted in session.visit().stopped
    ):
        return None
    early = dataclasses.replace(aim, steps=max(1, aim.steps // DRAFT))
    return wait(
        lambda: GATE.submit(
            _maximised(view, early), lambda report: made(view.classifier, early, report), lane="preview"
        ),
        "Draft",
        slot(),
        stop=lambda: session.stop(wanted),
    )


def maximised(view: View, aim: Aim) -> MaximisedPicture:
    """A picture made for one number in the network."""
    return stoppable(
        _maximised(view, aim),
        lambda report: made(view.classifier, aim, report),
        f"Picture in {aim.steps:,} steps",
    )


def _maximised(view: View, aim: Aim) -> Hashable:
    return ("maximised", view.classifier.key, aim)


def learning(view: View, run: Run, checkpoints: Sequence[Checkpoint], call: LayerCall) -> Learning | None:
    """One layer and the picture at each checkpoint of a run; None where none can be read."""
    kept = tuple((one.step, one.digest) for one in checkpoints)
    return wait(
        lambda: GATE.submit(
            ("learning", str(run.path), kept, view.seen.digest, call.name),
            lambda report: followed(run, checkpoints, view.seen.inputs, call=call, progress=report),
            lane="quick",
        ),
        f"{call.name} at {len(kept)} checkpoints",
        slot(),
    )
