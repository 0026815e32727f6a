"""What a file does to a picture itself, and what only training does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.checkpoints.keras.later import modules, nn
from models.checkpoints.keras.layers.activations import OLD
from models.checkpoints.keras.piece import Given, Piece, Weight
from models.checkpoints.keras.settings import is_number

# Layers that change nothing once training is over.
IDLE = (
    *("Dropout", "SpatialDropout2D", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"),
    *("ActivityRegularization", "Identity", "StochasticDepth", "MixUp", "CutMix", "RandAugment", "AugMix"),
    *(
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness",
    ),
    *(
        "RandomCrop",
        "RandomColorJitter",
        "RandomColorDegeneration",
        "RandomElasticTransform",
        "RandomErasing",
    ),
    *(
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomHue",
        "RandomInvert",
        "RandomPerspective",
        "RandomShear",
    ),
    *("RandomPosterization", "RandomSaturation", "RandomSharpness"),
)
# Those of them that are dropout, which the pages know.
DROPOUTS = {"Dropout": nn.Dropout, "SpatialDropout2D": nn.Dropout2d}


def _idle(given: Given) -> Piece:
    shape = given.shapes[0] if given.settings.kind == "StochasticDepth" and given.shapes else given.shape
    build = DROPOUTS.get(given.settings.kind)
    rate = given.settings.values.get("rate")
    if build is not None and isinstance(rate, float) and 0 <= rate < 1:
        return Piece(shape, (("", partial(build, rate)),))
    return Piece(shape, (("", nn.Identity),))


def _numbers(given: Given, name: str, channels: int) -> float | tuple[float, ...]:
    """One number for all channels, or one for each."""
    value = given.settings.values.get(name)
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list):
        if len(value) != channels or not all(map(is_number, value)):
            raise given.settings.odd(name)
        return tuple(map(float, value))
    return float(value) if is_number(value) else given.settings.number(name, 0.0)


def _channels(given: Given) -> int:
    return given.shape[0] if given.first else given.shape[-1]


def _rescaling(given: Given) -> Piece:
    channels, rank = _channels(given), len(given.shape) + 1
    scale, offset = (_numbers(given, name, channels) for name in ("scale", "offset"))
    if isinstance(scale, float) and isinstance(offset, float):
        return Piece(given.shape, (("", partial(modules.ScaleShift, scale, offset)),))
    fixed = ((0, "weight", (channels,), scale), (0, "bias", (channels,), offset))
    build = partial(modules.Affine, channels, given.axis(-1 if not given.first else 1, rank), rank)
    return Piece(given.shape, (("", build),), fixed=fixed)


def _normalisation(given: Given) -> Piece:
    """(x - mean) / max(root of variance, 1e-7), of numbers that are kept as weights or said in the configuration."""
    values, shape = given.settings, given.shape
    rank = len(shape) + 1
    if values.flag("invert"):
        raise values.unknown("invert")
    axis = values.values.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    kept: tuple[int, ...]
    if axis is None or axis == []:
        channels, dim, kept = 1, 1, ()
    elif type(axis) is int:
        dim = given.axis(axis, rank)
        channels = shape[axis - 1 if axis > 0 else axis]
        kept = (channels,)
    else:
        raise values.unknown("several axes")
    build = partial(modules.Affine, channels, dim, rank, inverse=True)
    named = (("mean", "bias"), ("variance", "weight"))
    if values.values.get("mean") is not None:
        fixed = tuple((0, target, (channels,), _numbers(given, name, channels)) for name, target in named)
        return Piece(shape, (("", build),), fixed=fixed)
    weights = tuple(
        Weight(name, kept, target, ("", number), lambda array: array.reshape(-1))
        for number, (name, target) in enumerate(named)
    )
    return Piece(shape, (("", build),), weights, ignored=((("", 2), "count"),))


def _layer_scale(given: Given) -> Piece:
    """ConvNeXt's, of keras.applications: each channel times a number."""
    channels, rank = _channels(given), len(given.shape) + 1
    if given.settings.whole("projection_dim") != channels:
        raise given.settings.odd("projection_dim")
    build = partial(modules.Affine, channels, given.axis(1 if given.first else -1, rank), rank, shifted=False)
    # Its variable has no name of its own in Keras 3.
    name = "gamma" if given.settings.release <= OLD else "variable"
    return Piece(given.shape, (("", build),), (Weight(name, (channels,), "weight", ("", 0)),))


def _resizing(given: Given) -> Piece:
    values = given.settings
    channels, size = given.picture()
    made = values.whole("height"), values.whole("width")
    how = values.values.get("interpolation", "bilinear")
    if how not in ("nearest", "bilinear"):
        raise values.unknown(f"interpolation {how!r}")
    for name in ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"):
        if values.flag(name):
            raise values.unknown(name)
    if made == size:
        return Piece(given.shape, (("", nn.Identity),))
    mode = "nearest-exact" if how == "nearest" else how
    return Piece(given.made(channels, made), (("", partial(modules.Resize, made, mode)),))


def _center_crop(given: Given) -> Piece:
    values = given.settings
    channels, (height, width) = given.picture()
    rows, columns = values.whole("height"), values.whole("width")
    if rows > height or columns > width:
        raise values.unknown("a crop larger than its picture")
    top, left = (height - rows) // 2, (width - columns) // 2
    cut = (-left, left + columns - width, -top, top + rows - height)
    return Piece(given.made(channels, (rows, columns)), (("", partial(nn.ZeroPad2d, cut)),))


LAYERS: dict[str, Callable[[Given], Piece]] = {
    **dict.fromkeys(IDLE, _idle),
    "Rescaling": _rescaling,
    "Normalization": _normalisation,
    "LayerScale": _layer_scale,
    "Resizing": _resizing,
    "CenterCrop": _center_crop,
}
