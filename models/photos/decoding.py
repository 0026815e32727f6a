"""Uploaded bytes in, an upright RGB picture out, or one sentence that says why not.

Photos are decoded in the server, although checkpoints are read in a process of their own (models.checkpoints.sandbox):

- What a photo may take is known before a pixel is decoded. Its bytes, its sides, its pixels and the parts that it is
  built of are bounded by what its file says (models.photos.limits), the decoder refuses pixels beyond what the header
  says, and the largest photo that is accepted costs less than a gigabyte. A pickle's cost is known once it was paid.
- Only the decoders in FORMATS are ever asked, by name; none of them starts a program or runs what a file says.
- A process costs 0.13 s of the processor and 0.3 to 1 s until it answers; a photo of the samples takes 0.01 s, one of
  12 megapixels 0.14 s. Networks are measured over thousands of photos, one after the other.

What stays: a fault in libjpeg, libwebp or their like would be one in the server. Where strangers drop photos, Pillow
is kept up to date.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, ImageCms, TiffImagePlugin, UnidentifiedImageError, features

from models.photos.limits import (
    Limits,
    RefusalError,
    check_bytes,
    check_size,
    check_structure,
    too_many_pixels,
)
from models.runtime.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

TITLES = {
    "PNG": "PNG",
    "JPEG": "JPEG",
    "WEBP": "WebP",
    "GIF": "GIF",
    "BMP": "BMP",
    "TIFF": "TIFF",
    "AVIF": "AVIF",
}
# Named, so that the file's bytes cannot pick a decoder that runs another program (EPS starts Ghostscript).
FORMATS = tuple(name for name in TITLES if name != "AVIF" or features.check("avif"))

# Pillow's decoders raise all of these on broken files, and MemoryError on headers that promise too much.
# Warning, because whoever runs Python with -W error gets Pillow's warnings as exceptions.
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    ImageCms.PyCMSError,
    struct.error,
    zlib.error,
)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

BAND = 2**20  # pixels converted at a time, so that scaling costs megabytes and not a second picture

WIDE = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
USUAL_WHITES = {"F": (1.0, 255.0), "I": (255.0, 65535.0)}
PROFILE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

NAME_LENGTH = 60
NAME_TAIL = 20


def describe_accepted(limits: Limits) -> str:
    """What may be uploaded, in words: formats, then the three limits."""
    return f"{_formats()}, at most {limits.size}, {limits.area} and {limits.side}"


def _formats() -> str:
    """The readable formats in words: "PNG, JPEG or GIF"."""
    *others, last = (TITLES[name] for name in FORMATS)
    return f"{', '.join(others)} or {last}"


def safe_name(name: str) -> str:
    """A file's name fit to be shown: no folders, no control or direction characters, at most 60 long."""
    base = re.split(r"[/\\]", name)[-1]
    spaced = "".join(" " if character.isspace() else character for character in base)
    visible = "".join(character for character in spaced if unicodedata.category(character)[0] != "C")
    name = " ".join(visible.split())
    short = name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - NAME_TAIL - 1]}…{name[-NAME_TAIL:]}"
    return short if short.strip(". ") else "unnamed"


def decode(data: bytes, name: str, limits: Limits | None = None) -> Image.Image:
    """The first picture in a file, as the person who made it sees it.

    Args:
        data: the whole file.
        name: what the person calls it; shown, never opened.
        limits: checked before anything is decoded; those that the operator has set, unless given.

    Returns:
        Mode "RGB" in sRGB, upright, full resolution; transparency over white, 16-bit scaled to 8-bit.

    Raises:
        UserError: if the file is too large, not a picture, or broken.
    """
    limits = limits or Limits.from_environment()
    try:
        return _decode(data, limits)
    except RefusalError as refusal:
        why = str(refusal)
    except BOMBS:
        why = too_many_pixels(limits)
    except UnidentifiedImageError:
        why = f"is not a picture that can be read here; save it as {_formats()}"
    except BROKEN:
        why = "is damaged, cut short or of a rare kind; open it in another program and save it as PNG"
    # Raised out here, or the decoder's exception would come along and keep the half-read picture alive.
    raise UserError(f"{safe_name(name)} {why}.")


def _decode(data: bytes, limits: Limits) -> Image.Image:
    """The picture, or whatever exception says that there is none."""
    check_bytes(data, limits)
    check_structure(data)
    image = _convert_to_srgb(_lay_over_white(_load_upright(data, limits)))
    image.info = {}  # a kept picture should not keep megabytes of somebody's metadata
    return image


def _load_upright(data: bytes, limits: Limits) -> Image.Image:
    """The first picture, turned as its EXIF says, at most 8 bits a channel.

    A copy, because the opened file holds on to its decoder's buffers: 400 MB for a large WebP.
    """
    opened = Image.open(io.BytesIO(data), formats=FORMATS)
    check_size(*opened.size, limits)
    opened.load()
    # Not ImageOps.exif_transpose: it also rewrites the EXIF block, which a broken block does not survive.
    turn = TURNS.get(_orientation(opened))
    image = opened.transpose(turn) if turn is not None else opened.copy()
    return _scale_to_8_bits(image, *_levels(opened)) if opened.mode in WIDE else image


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or the EXIF is broken, no reason to refuse."""
    with suppress(*BROKEN):
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _levels(image: Image.Image) -> tuple[float, float]:
    """The values that mean black and white in a picture of more than 8 bits."""
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    most = 4095.0 if tags.get(TiffImagePlugin.BITSPERSAMPLE) == (12,) else 65535.0
    black, white = (0.0, most) if image.mode.startswith("I;16") else _range(image)
    white_is_zero = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0
    return (white, black) if white_is_zero else (black, white)


def _range(image: Image.Image) -> tuple[float, float]:
    """The narrowest usual range that holds a float or 32-bit picture, or else its own extremes."""
    low, high = np.inf, -np.inf
    for _, band in _bands(image):
        if not np.isfinite(band).all():
            raise RefusalError("holds NaN or infinity; replace those values and save it again")
        low, high = min(low, float(band.min())), max(high, float(band.max()))
    for usual in USUAL_WHITES[image.mode]:
        if low >= 0 and high <= usual:
            return 0.0, usual
    return low, high


def _bands(image: Image.Image) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """The picture cut into bands of rows: which rows, and their values of shape (rows, width)."""
    rows = max(1, BAND // image.width)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        with np.errstate(invalid="ignore"):  # a signalling NaN warns when it is read; _range refuses it
            values = np.asarray(image.crop((0, top, image.width, bottom)), dtype=np.float64)
        yield slice(top, bottom), values


def _scale_to_8_bits(image: Image.Image, black: float, white: float) -> Image.Image:
    """A grey picture whose values from black to white became 0 to 255; convert() would clip instead."""
    clear = image.info.get("transparency")
    pixels = np.empty((image.height, image.width), np.uint8)
    for rows, band in _bands(image):
        scaled = (band - black) / ((white - black) or 1.0)  # a constant picture has no range
        pixels[rows] = np.rint(np.clip(scaled, 0, 1) * 255)
        if isinstance(clear, int):
            pixels[rows][band == clear] = 255
    grey = Image.fromarray(pixels)
    grey.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return grey


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    """The opaque picture in mode RGB, its colours as its ICC profile means them."""
    if image.mode not in PROFILE_MODES.values():
        image = image.convert("RGB")
    # A broken profile is ignored, as browsers do: the picture is still there to be seen.
    with suppress(*BROKEN):
        image = _apply_profile(image, image.info.get("icc_profile"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _lay_over_white(image: Image.Image) -> Image.Image:
    """The picture without transparency: white where nothing covers it."""
    if "transparency" not in image.info and not image.mode.endswith(("A", "a")):
        return image
    grey = image.mode in ("1", "L", "LA", "La")
    layer_mode = "LA" if grey else "RGBA"
    layer = image if image.mode == layer_mode else image.convert(layer_mode)
    background = Image.new("L" if grey else "RGB", image.size, "white")
    background.paste(layer, mask=layer)
    background.info = {"icc_profile": image.info.get("icc_profile")}
    return background


def _apply_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB, or as it is without a profile or with one for other channels than it has."""
    if not profile:
        return image
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if PROFILE_MODES.get(source.profile.xcolor_space.strip()) != image.mode:
        return image
    turned = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.PERCEPTUAL,
        outputMode="RGB",
        inPlace=image.mode == "RGB",  # saves a copy
    )
    return turned or image


def thumbnail(image: Image.Image, side: int) -> Image.Image:
    """A small copy whose longer side is at most side pixels; never enlarged.

    Raises:
        ValueError: if side is below 1.
    """
    if side < 1:
        raise ValueError(f"side is {side}; it must be at least 1 pixel")
    scale = min(1.0, side / max(image.size))
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def png(picture: Image.Image | NDArray[np.uint8]) -> bytes:
    """A picture, or an array of shape (H, W) or (H, W, 3 or 4), as the bytes of a PNG file."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
