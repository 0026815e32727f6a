"""The sentence about what more training pictures would bring."""

from __future__ import annotations

from dashboard.wording.numbers import rate
from models.training.sweep.data_curve import DataCurve

HOW = (
    "A power law, fitted to the errors of all trials, which learn for as many epochs each; the band is the law's. "
    "It knows of no floor below which errors never fall, so twice as many pictures is as far as it is told."
)


def promise(curve: DataCurve) -> str:
    """What twice as many pictures would bring, or that this cannot be told."""
    interval = f"95 % interval {rate(float(curve.low[-1]))} to {rate(float(curve.high[-1]))}"
    if not curve.helps:
        return (
            f"That more training pictures help cannot be told: with twice as many, {rate(float(curve.law[-1]))} of the "
            f"{curve.part} pictures would be wrong ({interval})."
        )
    most = int(curve.sizes.max())
    now = float(curve.errors[curve.sizes == most].mean())
    fall = 100 * (1 - 2**-curve.exponent)
    return (
        f"With twice as many training pictures, {2 * most:,}, {rate(float(curve.law[-1]))} of the {curve.part} "
        f"pictures would be wrong ({interval}) instead of {rate(now)}: errors fall by {fall:.0f} % each time the "
        "pictures double."
    )
