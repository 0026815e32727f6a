"""What a picture does in a network, layer by layer and channel by channel, in sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from dashboard.inspection.passes.pool import Pool
from dashboard.records.activations import (
    ActivationFinding,
    ActivationHealth,
    ForwardPass,
    LayerMaps,
    LayerOverData,
    ValueSpread,
)
from dashboard.records.attribution import concentration
from dashboard.records.network import LayerCall
from dashboard.records.pictures import Prediction
from dashboard.wording.answer import figure
from dashboard.wording.numbers import percent, shape, three_digits

# Of so many pictures that excite a unit most is said what they are.
FAVOURITES = 6


def headline(forward: ForwardPass, prediction: Prediction, inputs: tuple[int, ...]) -> str:
    """How many numbers become which answer, and in how many steps.

    Args:
        forward: the picture's way through the network.
        prediction: where it ends.
        inputs: shape of what the network reads.
    """
    sure = figure(prediction, prediction.winner)
    return (
        f"{math.prod(inputs):,} numbers become one answer in {len(forward.stages)} stages and "
        f"{len(forward.spreads):,} layer calls: {prediction.classes[prediction.winner]}, {sure}."
    )


def spread(values: ValueSpread) -> str:
    """How the values of an output are spread: "0.31 ± 0.52, 40 % zero"."""
    zeros = f", {percent(values.zeros)} zero" if values.zeros else ""
    return f"{three_digits(values.mean)} ± {three_digits(values.std)}{zeros}"


def size(call: LayerCall) -> str:
    """The shape of an output: "64 x 14 x 14"."""
    return shape(call.shape, scalar="")


def noun(maps: LayerMaps) -> str:
    """What one entry of a layer is called."""
    return "channel" if maps.spatial else "unit"


def layer_headline(maps: LayerMaps, target: int, title: str) -> str:
    """Which channel of a layer is strongest, which speaks most for the class, and how many are silent.

    Args:
        maps: of the layer.
        target: class index, one of `maps.classes`.
        title: of that class.
    """
    influence, what = maps.influence_on(target), noun(maps)
    silent = int((maps.strength == 0).sum())
    quiet = f"; {silent:,} are silent on this photo" if silent else ""
    sentence = (
        f"{maps.call.name}: {maps.channels:,} {what}s, {what} {int(maps.strength.argmax())} is strongest"
    )
    if influence.any():
        sentence += f", {what} {int(influence.argmax())} speaks most for {title}"
    return f"{sentence}{quiet}."


def place_note(call: LayerCall) -> str:
    """What is to be known of a layer's places before they are taken for the picture's; empty where they are."""
    if call.layout is None:
        return f"These places are not places of the picture. {call.unlike}".rstrip()
    if call.assumed:
        return (
            "That these are places of the picture follows from the layers before: each of them sees so much of it that "
            "a changed patch does not tell."
        )
    return ""


def influence_source(maps: LayerMaps) -> str:
    """What a channel's influence on a class is, in a few words."""
    if not maps.followed:
        return "No gradient gets from the scores to this layer, so what it adds to them is not known."
    return "Weight times activation, exactly." if maps.exact else "Gradient times activation, to first order."


def channel_headline(what: str, over: LayerOverData, unit: int, pictures: Pool) -> str:
    """What a channel does over many pictures, and what most of those are that excite it most.

    Args:
        what: "channel" or "unit".
        over: the layer over the pictures.
        unit: number of the channel.
        pictures: all of them.
    """
    name = f"{what.capitalize()} {unit} of {over.call.name}"
    about = f"{over.pictures:,} pictures"
    favourites = _favourites(over, unit, pictures)
    if over.off is None or over.curve is None:
        return f"{name} is {three_digits(float(over.mean[unit]))} on average over {about}{favourites}."
    off = float(over.off[unit])
    if off == 1:
        return f"{name} is never on: its {over.curve.title} is off for all of {about}."
    return f"{name} is off for {percent(off)} of what it reads in {about}{favourites}."


def _favourites(over: LayerOverData, unit: int, pictures: Pool) -> str:
    """What most of the pictures that excite a unit most are, where that is known and clear."""
    indices = [int(index) for index in over.most[unit][:FAVOURITES] if index >= 0]
    label, count = Counter(pictures.label(index) for index in indices).most_common(1)[0]
    if not label:
        return f"; most on {pictures.items[indices[0]].title}"
    if count < 2:
        return ""
    share = f"all {count}" if count == len(indices) else f"{count} of the {len(indices)}"
    return f"; {share} that excite it most are of class {label}"


def attention_headline(weights: np.ndarray, layer: int, layers: int, who: str) -> str:
    """How much of its attention a token pays to the picture, and to how little of it.

    Args:
        weights: (heads, h, w), what the token pays to each place of the picture.
        layer: from 0.
        layers: how many there are.
        who: the token, in words.
    """
    mean = weights.mean(0)
    return (
        f"Layer {layer + 1} of {layers}: {who} pays {percent(float(mean.sum()))} of its attention to the picture, "
        f"half of that to {percent(concentration(mean))} of it."
    )


def health_headline(health: ActivationHealth, findings: Sequence[ActivationFinding]) -> str:
    """What is wrong with the units of a network, if anything."""
    about = f"{health.pictures:,} pictures and {health.units:,} units"
    if not findings:
        return f"Nothing wrong found over {about}."
    if len(findings) == 1:
        return f"{findings[0].says.partition(':')[0].rstrip('.')}, over {health.pictures:,} pictures."
    titles = ", ".join(finding.title.lower() for finding in findings)
    return f"{len(findings)} things stand out over {about}: {titles}."
