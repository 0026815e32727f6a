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
from dashboard.wording.numbers import (
    count,
    enumeration,
    leaders,
    lower,
    percent,
    shape,
    short_title,
    three_digits,
)

# Of so many pictures that excite a unit most is said what they are.
FAVOURITES = 6


def headline(title: str, forward: ForwardPass, prediction: Prediction, inputs: tuple[int, ...]) -> str:
    """To how little a network brings a picture down before it answers, and what it answers from that.

    Args:
        title: of the network.
        forward: the picture's way through it.
        prediction: where it ends.
        inputs: shape of what the network reads, height and width last.
    """
    height, width = inputs[-2:]
    answer = f"{prediction.classes[prediction.winner]}, {figure(prediction, prediction.winner)}"
    calls = [stage.call for stage in forward.stages]
    grids = [call.grid for call in calls if call.layout is not None and max(call.grid) > 1]
    # What is read last is the answer itself.
    sizes = [math.prod(call.shape) for call in calls[:-1]]
    left = shape(grids[-1]) + " places" if grids else f"{sizes[-1]:,} numbers" if sizes else "one answer"
    pixels = shape((height, width))
    return f"{short_title(title)} brings {pixels} pixels down to {left}, and answers from those: {answer}."


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
    """Which channel of a layer speaks most for the class, or answers most strongly, and how many are silent.

    Args:
        maps: of the layer.
        target: class index, one of `maps.classes`.
        title: of that class.
    """
    influence, what, name = maps.influence_on(target), noun(maps), maps.call.name
    if influence.max() > 0:
        sentence = f"{leaders(influence, what, name, 'speaks', 'speak alike')} most for {title}"
    elif influence.any():
        sentence = f"No {what} of {name} speaks for {title}"
    elif maps.strength.any():
        sentence = (
            f"{leaders(maps.strength, what, name, 'answers', 'answer alike')} most strongly to this photo"
        )
    else:
        return f"{name} is silent: not one of its {count(maps.channels, what)} answers to this photo."
    silent = int((maps.strength == 0).sum())
    quiet = (
        f"; {silent:,} of {count(maps.channels, what)} {'is' if silent == 1 else 'are'} silent on this photo"
    )
    return f"{sentence}{quiet if silent else ''}."


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
    """What a channel answers to among many pictures, and how often it is off.

    Args:
        what: "channel" or "unit".
        over: the layer over the pictures.
        unit: number of the channel.
        pictures: all of them.
    """
    name = f"{what.capitalize()} {unit} of {over.call.name}"
    about = count(over.pictures, "picture")
    if over.off is None or over.curve is None:
        often = f"it is {three_digits(float(over.mean[unit]))} on average over {about}"
    elif over.off[unit] == 1:
        return f"{name} is never on: its {over.curve.title} is off for all of {about}."
    else:
        often = f"it is off for {percent(float(over.off[unit]))} of what it reads in {about}"
    return f"{name} answers {_favourites(over, unit, pictures)}; {often}."


def _favourites(over: LayerOverData, unit: int, pictures: Pool) -> str:
    """To what a unit answers most, by the pictures that excite it most."""
    indices = [int(index) for index in over.most[unit][:FAVOURITES] if index >= 0]
    label, times = Counter(pictures.label(index) for index in indices).most_common(1)[0]
    if not label:
        return f"most to {pictures.items[indices[0]].title}"
    if times < 2:
        return f"to no one class: the {len(indices)} pictures that excite it most are all of different ones"
    share = f"all {times}" if times == len(indices) else f"{times} of the {len(indices)}"
    return f"most to class {label}, that of {share} pictures that excite it most"


def attention_headline(title: str, weights: np.ndarray, layer: int, layers: int, who: str) -> str:
    """From how little of the picture a token takes half of what it reads there.

    Args:
        title: of the network.
        weights: (heads, h, w), what the token pays to each place of the picture.
        layer: from 0.
        layers: how many there are.
        who: the token, in words.
    """
    mean = weights.mean(0)
    return (
        f"In layer {layer + 1} of {layers}, {who} of {short_title(title)} takes half of what it reads of the picture "
        f"from {percent(concentration(mean))} of it; the picture has {percent(float(mean.sum()))} of its attention."
    )


def health_headline(
    title: str, health: ActivationHealth, findings: Sequence[ActivationFinding], *, few: bool = False
) -> str:
    """What is wrong with the units of a network, if anything.

    Args:
        title: of the network.
        health: what a pass over pictures says of it.
        findings: what is wrong, or may be.
        few: whether these are too few pictures to tell which units are of no use.
    """
    name, about = short_title(title), count(health.pictures, "picture")
    if few and all(finding.of_units for finding in findings):
        return (
            f"The signal of {name} neither dies out nor explodes; which of its {count(health.units, 'unit')} are of no "
            f"use, {about} cannot tell."
        )
    if not findings:
        return f"{name} is in good health: over {about}, nothing is wrong with its {count(health.units, 'unit')}."
    if len(findings) == 1:
        return f"In {name}, {lower(findings[0].says.partition(':')[0].rstrip('.'))}, over {about}."
    titles = enumeration([finding.title.lower() for finding in findings])
    return f"{len(findings)} things stand out in {name} over {about}: {titles}."
