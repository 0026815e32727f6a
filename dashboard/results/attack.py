"""Small changes of a picture that change the answer: the search, harmless changes, and a whole set under attack."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from dashboard.inspection.evaluation.sets import available_sets
from dashboard.inspection.whatif import margin
from dashboard.inspection.whatif.attack import attack
from dashboard.inspection.whatif.corruptions import apply_corruptions
from dashboard.inspection.whatif.margin import Decision
from dashboard.inspection.whatif.robustness import PICTURES, robust_accuracy
from dashboard.parameters import AIM, EPS
from dashboard.records.whatif import Attacked, Harmless, RobustAccuracy, Trial
from dashboard.results.result import Result
from dashboard.view import View
from models.datasets.names import PHOTOS

# The set of `available_sets` that is attacked: pictures that the network did not learn from.
SET = "test"


def aim(view: View, settings: Mapping[str, str]) -> int | None:
    """The class that is aimed at; None for any but the answer."""
    index, answer = AIM.parse(settings), view.prediction
    if index is None or answer.reading != "one of several" or index == answer.winner:
        return None
    return index if index < len(answer.classes) else None


def decision(view: View, settings: Mapping[str, str]) -> Decision:
    """What is to change."""
    return margin.decide(view.prediction, view.target, aim(view, settings))


def attacked(view: View, settings: Mapping[str, str]) -> Result[Attacked] | None:
    """The search with the levels of the address; None where these are 0."""
    eps, wanted = EPS.read(settings), decision(view, settings)
    if not eps:
        return None
    return Result(
        view.classifier.key,
        "attack",
        (view.seen.digest, wanted, eps),
        lambda report: attack(view.classifier, view.seen.inputs, decision=wanted, eps=eps, progress=report),
        "Searching for a small change",
        "slow",
    )


def harmless(view: View) -> Result[Harmless]:
    """What changes of everyday do to the answer."""
    lost = margin.decide(view.prediction, view.target)
    return Result(
        view.classifier.key,
        "harmless changes",
        (view.seen.digest, lost),
        lambda report: apply_corruptions(view.classifier, view.seen.inputs, decision=lost, progress=report),
        "Harmless changes",
        "slow",
    )


def curve_refusal(view: View) -> str:
    """Why no set is attacked for this network; empty where one can be."""
    if view.model.fits == PHOTOS:
        return "A set of pictures is attacked for small networks with test pictures on board; photographs are none."
    if not view.classifier.contract.gradient:
        return (
            "A set of pictures is attacked along the gradient, and none reaches the pictures of this network."
        )
    if SET not in available_sets(view.model, view.classifier):
        return "There are no labelled test pictures here whose classes are those of this network."
    return ""


def robustness(view: View) -> Result[RobustAccuracy]:
    """Accuracy under attack over the levels, on the first test pictures; `curve_refusal` says where there is none."""

    def work(report: Callable[[float], None]) -> RobustAccuracy:
        labelled = available_sets(view.model, view.classifier)[SET]().read(view.classifier)
        count = min(PICTURES, len(labelled.pool))
        inputs = labelled.pool.take(range(count)).numpy()
        return robust_accuracy(view.classifier, inputs, labelled.labels[:count], progress=report)

    return Result(
        view.classifier.key,
        "accuracy under attack",
        (view.model.fits, PICTURES),
        work,
        "Attacking a set",
        "slow",
    )


def changed_view(view: View, trial: Trial) -> View:
    """The network looking at the changed picture, for its maps; the class stays the one that is explained."""
    crop = np.broadcast_to(trial.pixels.transpose(1, 2, 0), view.seen.crop.shape).copy()
    seen = dataclasses.replace(
        view.seen,
        digest=hashlib.sha256(trial.inputs.tobytes()).hexdigest(),
        inputs=trial.inputs,
        crop=crop,
        whole=crop,
    )
    pinned = dataclasses.replace(view.selection, target=view.target)
    return dataclasses.replace(view, selection=pinned, seen=seen, prediction=trial.prediction)
