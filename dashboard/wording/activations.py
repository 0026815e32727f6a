"""What a picture's way through a network comes to, in a sentence."""

from __future__ import annotations

import math

from dashboard.records.activations import ForwardPass, Spread
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.wording.numbers import percent, significant


def finding(found: ForwardPass, prediction: Prediction, shape: tuple[int, ...]) -> str:
    """The sentence on top.

    Args:
        found: the way.
        prediction: where it ends.
        shape: of what the network reads.
    """
    sure = percent(float(prediction.probabilities[prediction.winner]))
    answer = f"{prediction.classes[prediction.winner]}, {sure}"
    return (
        f"{math.prod(shape):,} numbers become one answer in {len(found.stages)} stages and "
        f"{len(found.spreads):,} layer calls: {answer}."
    )


def spread(one: Spread) -> str:
    """How the values of an output are spread: "0.31 ± 0.52, 40 % zero"."""
    zeros = f", {percent(one.zeros)} zero" if one.zeros else ""
    return f"{significant(one.mean)} ± {significant(one.std)}{zeros}"


def size(call: LayerCall) -> str:
    """The shape of an output: "64 x 14 x 14"."""
    return " x ".join(f"{length:,}" for length in call.shape)
