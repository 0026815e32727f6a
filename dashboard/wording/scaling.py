"""Sentences about what more training pictures or another width would bring."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.wording.numbers import rate
from models.training.sweep.scaling import DATA, WIDTH, Change, ScalingCurve

HOW = {
    DATA: "A power law, fitted to the errors of all trials, which learn for as many epochs each; the band is the "
    "law's. It knows of no floor below which errors never fall, so twice as much is as far as it is told.",
    WIDTH: "A parabola in logarithms, fitted to the errors of all trials, which learn for as many epochs each; the "
    "band is the parabola's, and twice as wide, which none of them was, is as far as it is told.",
}


def headline(curve: ScalingCurve) -> str:
    """Whether another size helps, in one short sentence."""
    if curve.axis == DATA:
        if not curve.double.helps:
            return f"That more training {curve.things} help cannot be told."
        return (
            f"More training {curve.things} help: errors fall by {_fall(curve):.0f} % each time they double."
        )
    return f"{_verdict(curve)}."


def promise(curve: ScalingCurve) -> str:
    """What another size would bring, with its interval."""
    return _of_pictures(curve) if curve.axis == DATA else _of_width(curve)


def _of_pictures(curve: ScalingCurve) -> str:
    interval = f"95 % interval {rate(float(curve.low[-1]))} to {rate(float(curve.high[-1]))}"
    if not curve.double.helps:
        return (
            f"With twice as many training {curve.things}, {rate(float(curve.law[-1]))} of the {curve.part} "
            f"{curve.things} would be wrong ({interval})."
        )
    most = int(curve.sizes.max())
    now = float(curve.errors[curve.sizes == most].mean())
    return (
        f"With twice as many training {curve.things}, {2 * most:,}, {rate(float(curve.law[-1]))} of the {curve.part} "
        f"{curve.things} would be wrong ({interval}) instead of {rate(now)}."
    )


def _of_width(curve: ScalingCurve) -> str:
    now = float(curve.errors[curve.sizes == curve.sizes.max()].mean())
    return (
        f"Half as wide it makes {_change(curve.half)} on {curve.part} {curve.things}, of which "
        f"{rate(now)} are wrong as it is; twice as wide it would make {_change(curve.double)}."
    )


def _fall(curve: ScalingCurve) -> float:
    return 100 * (1 - curve.double.ratio)


def _verdict(curve: ScalingCurve) -> str:
    if curve.half.helps:
        return "A smaller network is better here"
    if curve.half.harms:
        return "A smaller network is worse here"
    return "Whether a smaller network is better cannot be told"


def choice(curves: Sequence[ScalingCurve]) -> str:
    """More data or a smaller network? Empty where not both were tried."""
    changes = {curve.axis: curve.double if curve.axis == DATA else curve.half for curve in curves}
    if len(changes) < 2:
        return ""
    data, width = changes[DATA], changes[WIDTH]
    if not (data.helps or width.helps):
        answer = "neither can be told to help"
    elif data.helps and data.high < width.low:
        answer = "more data"
    elif width.helps and width.high < data.low:
        answer = "a smaller network"
    else:
        answer = "which of them helps more cannot be told"
    return (
        f"More data or a smaller network: {answer}. Twice the {curves[0].things} make {_change(data)}, half the width "
        f"{_change(width)}."
    )


def _change(change: Change) -> str:
    """As in "12 % fewer errors (95 % interval 20 % fewer to 3 % fewer)"."""
    return (
        f"{_percent(change.ratio)} errors (95 % interval {_percent(change.low)} to {_percent(change.high)})"
    )


def _percent(ratio: float) -> str:
    return f"{100 * abs(ratio - 1):.0f} % {'more' if ratio > 1 else 'fewer'}"
