"""Normalisation layers, as they compute once training is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.piece import PICTURE, Array, Given, Piece, Weight

ROW = 1


def _channel_axis(given: Given) -> int:
    """The one axis that is normalised apart, as torch counts it."""
    axis = given.settings.values.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if type(axis) is not int:
        raise given.settings.odd("axis")
    return given.axis(axis, len(given.shape) + 1)


def _channels(given: Given) -> int:
    """How many numbers a weight has that goes along that axis."""
    axis = given.settings.values.get("axis", -1)
    axis = int(axis[0] if isinstance(axis, list) else axis)
    return given.shape[axis - 1 if axis > 0 else axis]


def _batch_normalisation(given: Given) -> Piece:
    values, shape = given.settings, given.shape
    dim, channels = _channel_axis(given), _channels(given)
    rank = len(shape) + 1
    last = rank == PICTURE and dim == PICTURE - 1
    if dim != 1 and not last:
        raise values.unknown(f"normalisation along axis {values.values.get('axis')}")
    if rank not in (ROW + 1, PICTURE, PICTURE + 1):
        raise values.unknown(f"normalisation of {rank} axes")
    kind = nn.BatchNorm2d if rank == PICTURE + 1 else nn.BatchNorm1d
    names = [name for name, default in (("scale", True), ("center", True)) if values.flag(name, default)]
    renorm = values.flag("renorm")
    # Whatever order layers.vars has, it is that in which they are made: gamma, beta, mean, variance.
    filed = [
        *({"scale": ("gamma", "weight"), "center": ("beta", "bias")}[name] for name in names),
        ("moving_mean", "running_mean"),
        ("moving_variance", "running_var"),
    ]
    part = 1 if last else 0
    weights = tuple(
        Weight(name, (channels,), target, ("", number), part=part)
        for number, (name, target) in enumerate(filed)
    )
    fixed = tuple(
        (part, target, (channels,), value)
        for name, target, value in (("scale", "weight", 1.0), ("center", "bias", 0.0))
        if name not in names
    )
    extra = ("moving_stddev", "renorm_mean", "renorm_stddev") if renorm else ()
    ignored = tuple((("", len(filed) + number), name) for number, name in enumerate(extra))
    build = partial(kind, channels, eps=values.number("epsilon", 1e-3))
    turn = partial(modules.Permute, (0, 2, 1))
    chain = (("turn", turn), ("", build), ("back", turn)) if last else (("", build),)
    return Piece(shape, chain, weights, fixed, ignored)


def _layer_normalisation(given: Given) -> Piece:
    values, shape = given.settings, given.shape
    rank, epsilon = len(shape) + 1, values.number("epsilon", 1e-3)
    axes = sorted(axis % rank for axis in (values.wholes("axis") if "axis" in values.values else (-1,)))
    scale, centre = values.flag("scale", True), values.flag("center", True)
    picture = rank == PICTURE + 1
    whole = axes == list(range(1, rank))
    if not whole and axes != [rank - 1]:
        raise values.unknown(f"normalisation over the axes {axes}")
    sizes = shape if whole and rank > ROW + 1 else shape[-1:]
    place = given.axis(axes[0], rank)
    if values.flag("rms_scaling"):
        if len(axes) != 1:
            raise values.unknown("rms_scaling over several axes")
        weight = Weight("gamma", sizes, "weight", ("", 0))
        # It has a scale even where it is told to have none.
        build = partial(modules.RootNorm, sizes[0], place, epsilon, rank, centred=True)
        return Piece(shape, (("", build),), (weight,))
    turn: Callable[[Array], Array] = lambda array: array  # noqa: E731
    laid: tuple[int, ...] = sizes
    if picture and whole and not given.first:
        laid, turn = (sizes[2], sizes[0], sizes[1]), lambda array: array.transpose(2, 0, 1)
    kind = modules.ChannelNorm if picture and place == 1 and not whole else nn.LayerNorm
    named = [pair for pair, there in ((("gamma", "weight"), scale), (("beta", "bias"), centre)) if there]
    weights = tuple(
        Weight(name, sizes, target, ("", number), turn) for number, (name, target) in enumerate(named)
    )
    there = {name for name, _ in named}
    fixed = tuple(
        (0, target, laid, value)
        for name, target, value in (("gamma", "weight", 1.0), ("beta", "bias", 0.0))
        if name not in there
    )
    return Piece(shape, (("", partial(kind, laid, epsilon)),), weights, fixed)


def _group_normalisation(given: Given) -> Piece:
    values = given.settings
    rank = len(given.shape) + 1
    dim, channels = _channel_axis(given), _channels(given)
    if dim != 1 or rank == PICTURE:
        raise values.unknown(f"normalisation in groups along axis {values.values.get('axis')}")
    groups = values.whole("groups", 32, -1)
    groups = channels if groups == -1 else groups
    if groups < 1 or channels % groups:
        raise values.odd("groups")
    flags = (
        ("gamma", "weight", values.flag("scale", True), 1.0),
        ("beta", "bias", values.flag("center", True), 0.0),
    )
    named = [(name, target) for name, target, there, _ in flags if there]
    weights = tuple(
        Weight(name, (channels,), target, ("", number)) for number, (name, target) in enumerate(named)
    )
    fixed = tuple((0, target, (channels,), value) for _, target, there, value in flags if not there)
    build = partial(nn.GroupNorm, groups, channels, values.number("epsilon", 1e-3))
    return Piece(given.shape, (("", build),), weights, fixed)


def _root_normalisation(given: Given) -> Piece:
    values, rank = given.settings, len(given.shape) + 1
    dim, channels = _channel_axis(given), _channels(given)
    build = partial(modules.RootNorm, channels, dim, values.number("epsilon", 1e-6), rank, centred=False)
    return Piece(given.shape, (("", build),), (Weight("scale", (channels,), "weight", ("", 0)),))


def _unit_normalisation(given: Given) -> Piece:
    rank = len(given.shape) + 1
    axes = given.settings.wholes("axis") if "axis" in given.settings.values else (-1,)
    dims = [given.axis(axis, rank) for axis in axes]
    return Piece(given.shape, (("", partial(modules.UnitNorm, dims)),))


LAYERS: dict[str, Callable[[Given], Piece]] = {
    "BatchNormalization": _batch_normalisation,
    "LayerNormalization": _layer_normalisation,
    "GroupNormalization": _group_normalisation,
    "RMSNormalization": _root_normalisation,
    "UnitNormalization": _unit_normalisation,
}
