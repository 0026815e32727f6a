"""What is inside a network: a layer for the picture, for many pictures, and the picture that is made for a unit."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from dashboard.inspection.activations.attention_maps import attention_maps as compute_attention_maps
from dashboard.inspection.activations.backward_pass import backward_pass as compute_backward_pass
from dashboard.inspection.activations.layer_maps import layer_maps as compute_layer_maps
from dashboard.inspection.activations.learning import learning as compute_learning
from dashboard.inspection.activations.maximisation import maximise
from dashboard.inspection.activations.measured_receptive_field import measure_receptive_field
from dashboard.inspection.activations.neuron import neuron as compute_neuron
from dashboard.inspection.passes.excerpts import excerpts as compute_excerpts
from dashboard.inspection.passes.health import health as compute_health
from dashboard.inspection.passes.layer import layer_over_data as compute_layer_over_data
from dashboard.inspection.passes.pool import Pool
from dashboard.inspection.passes.scores import scores as compute_scores
from dashboard.jobs import Lane
from dashboard.records.activations import (
    ActivationHealth,
    AttentionMaps,
    LayerMaps,
    LayerOverData,
    ReceptiveField,
)
from dashboard.records.gradients import BackwardPass
from dashboard.records.learning import Learning
from dashboard.records.maximisation import Aim, ExtremeScores, MaximisedPicture
from dashboard.records.network import LayerCall
from dashboard.records.neuron import Neuron
from dashboard.results.result import FilesKey, Result
from dashboard.view import View
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint

# What a layer adds is worked out for so many classes, the most probable first: each costs a backward pass.
CLASSES = 10
# A picture with more pixels than this takes seconds, so a first draft of it is shown: after a share of the steps.
LARGE = 64 * 64
DRAFT = 8


def layer_maps(view: View, call: LayerCall) -> Result[LayerMaps]:
    """One layer's channels for the picture, and what they add to the most probable classes and the chosen one."""
    classes = tuple(dict.fromkeys([*view.prediction.ranking()[:CLASSES], view.target]))
    return Result(
        view.classifier.key,
        "layer maps",
        (view.seen.digest, call.name, classes),
        lambda _: compute_layer_maps(view.classifier, view.seen.inputs, call=call, classes=classes),
        f"Layer {call.name}",
    )


def layer_over_data(view: View, call: LayerCall, pictures: Pool) -> Result[LayerOverData]:
    """One layer over many pictures."""
    return Result(
        view.classifier.key,
        "layer over data",
        (call.name, pictures.key),
        lambda report: compute_layer_over_data(view.classifier, call, pictures, report),
        f"{call.name} over {pictures.title}",
        "slow",
    )


def receptive_field(view: View, call: LayerCall) -> Result[ReceptiveField]:
    """What one place of a layer sees."""
    return Result(
        view.classifier.key,
        "receptive field",
        (call.name,),
        lambda _: measure_receptive_field(view.classifier, call),
        f"What {call.name} sees",
    )


def excerpts(
    view: View, pictures: Pool, indices: Sequence[int], places: Sequence[int], field: ReceptiveField
) -> Result[list[np.ndarray]]:
    """Pictures cut to what one place of a layer sees, (h, w, 3) uint8 each.

    Args:
        view: the network.
        pictures: the pool.
        indices: of pictures.
        places: of the layer, one for each picture.
        field: of the layer.
    """
    return Result(
        view.classifier.key,
        "excerpts",
        (pictures.key, tuple(indices), tuple(places), field),
        lambda _: compute_excerpts(view.classifier, pictures, indices, places, field),
        "Pictures",
    )


def backward_pass(view: View) -> Result[BackwardPass]:
    """The backward pass of the loss of the view's class."""
    return Result(
        view.classifier.key,
        "backward pass",
        (view.seen.digest, view.target),
        lambda _: compute_backward_pass(view.classifier, view.seen.inputs, view.target, view.survey),
        "Backward pass",
    )


def neuron(view: View, call: LayerCall, unit: int | None) -> Result[Neuron]:
    """One channel or dense unit, and the gradient of the loss of the view's class at it; None for the strongest."""
    return Result(
        view.classifier.key,
        "neuron",
        (view.seen.digest, call.name, unit, view.target),
        lambda _: compute_neuron(view.classifier, view.seen.inputs, call=call, target=view.target, unit=unit),
        f"One neuron of {call.name}",
    )


def health(view: View, pictures: Pool) -> Result[ActivationHealth]:
    """The whole network over many pictures."""
    return Result(
        view.classifier.key,
        "health of units",
        (pictures.key,),
        lambda report: compute_health(view.classifier, pictures, view.survey, report),
        f"All layers over {pictures.title}",
        "slow",
    )


def attention_maps(view: View) -> Result[AttentionMaps]:
    """The attention between the picture's tokens."""
    return Result(
        view.classifier.key,
        "attention maps",
        (view.seen.digest,),
        lambda _: compute_attention_maps(view.classifier, view.seen.inputs, view.survey),
        "Attention",
    )


def scores(view: View, pictures: Pool) -> Result[ExtremeScores]:
    """The scores of all classes over many pictures."""
    return Result(
        view.classifier.key,
        "scores",
        (pictures.key,),
        lambda report: compute_scores(view.classifier, pictures, report),
        f"Scores of {pictures.title}",
        "slow",
    )


def maximisation(view: View, aim: Aim) -> Result[MaximisedPicture]:
    """A picture made for one number in the network."""
    return _maximisation(view, aim, f"Picture in {aim.steps:,} steps", "slow")


def draft(view: View, aim: Aim) -> Result[MaximisedPicture] | None:
    """The same picture after its first steps; None where the whole is there or soon will be."""
    height, width = view.classifier.preprocessing.size
    if height * width <= LARGE or aim.steps <= DRAFT or maximisation(view, aim).is_kept:
        return None
    return _maximisation(view, dataclasses.replace(aim, steps=aim.steps // DRAFT), "Draft", "preview")


def _maximisation(view: View, aim: Aim, what: str, lane: Lane) -> Result[MaximisedPicture]:
    return Result(
        view.classifier.key,
        "maximisation",
        (aim,),
        lambda report: maximise(view.classifier, aim, report),
        what,
        lane,
    )


def learning(
    view: View, run: Run, checkpoints: Sequence[Checkpoint], call: LayerCall
) -> Result[Learning | None]:
    """One layer and the picture at each checkpoint of the network's run; None where none can be read."""
    network = view.classifier.key
    return Result(
        FilesKey(tuple(checkpoint.digest for checkpoint in checkpoints)),
        "learning",
        (
            str(run.path),
            tuple(checkpoint.step for checkpoint in checkpoints),
            # All that the run's networks have in common.
            (network.architecture, network.preprocessing, network.head),
            (view.seen.digest, call.name),
        ),
        lambda report: compute_learning(run, checkpoints, view.seen.inputs, call=call, progress=report),
        f"{call.name} at {len(checkpoints)} checkpoints",
    )
