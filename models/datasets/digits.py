"""From a photo of a handwritten digit to a picture as MNIST's networks know them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

FIELD = 28  # pixels; the side of MNIST's pictures
BODY = 20  # pixels; the longer side of the digit in them
CENTRE = 14  # row and column of the digit's centre of mass

WORKING_SIDE = 256  # pixels; enough for the digit, and the reduction averages a camera's noise away
FILTERED_SIDE = 64  # pixels; from here on strokes are wider than the filter that takes specks away
FAINTEST = 20  # grey levels between paper and ink; what differs less is paper

# What a digit on paper looks like, in shares of the picture or of its ink: how much is inked, how much of that is one
# stroke, how much of it lies at the edge, and how even the paper is for its ink.
INKED = (0.004, 0.35)
ONE_STROKE = 0.8
AT_EDGE = 0.02
UNEVEN = 0.25


def as_digit(image: Image.Image) -> Image.Image:
    """The digit of a photo, white on black, placed as in MNIST.

    The background is what the border shows; ink is what differs from it, darker or lighter, whichever differs
    more. As in MNIST the ink's box is scaled to fit 20 x 20 pixels, aspect kept, anti-aliased, and moved so
    that its centre of mass is the middle of the 28 x 28 field.

    Args:
        image: of any size and mode, one digit on plain paper; transparency already put on a background.

    Returns:
        A picture of mode "L" and 28 x 28 pixels; black where nothing stands out from the paper.

    Reference: LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998 (placement);
    Otsu, A threshold selection method from gray-level histograms, 1979.
    """
    ink = _ink(_contrast(_working_copy(image)))
    if not ink.any():
        return Image.new("L", (FIELD, FIELD))
    return Image.fromarray(_place_in_centre(_fit_to_body(_crop(ink))))


def is_digit(image: Image.Image) -> bool:
    """Whether a photo looks like one handwritten digit, or another single sign, on plain paper.

    Args:
        image: of any size and mode; transparency already put on a background.
    """
    from scipy.ndimage import label

    contrast = _contrast(_working_copy(image))
    ink = _ink(contrast)
    inked = ink > 0.5
    if not INKED[0] <= inked.mean() <= INKED[1] or (ink > 0).all():
        return False
    # Strokes of one hand may miss each other by a pixel.
    strokes, _ = label(ink > 0, structure=np.ones((3, 3)))
    largest = np.bincount(strokes[inked])[1:].max()
    edge = np.concatenate((inked[0], inked[-1], inked[:, 0], inked[:, -1]))
    return bool(
        largest >= ONE_STROKE * inked.sum()
        and edge.mean() <= AT_EDGE
        and contrast[ink == 0].std() <= UNEVEN * contrast[inked].mean()
    )


def _working_copy(image: Image.Image) -> NDArray[np.float64]:
    """The photo in grey levels, as large as is needed; shape (H, W)."""
    grey = image.convert("L")
    grey.thumbnail((WORKING_SIDE, WORKING_SIDE))
    if min(grey.size) >= FILTERED_SIDE:
        grey = grey.filter(ImageFilter.MedianFilter(3))
    return np.asarray(grey, dtype=np.float64)


def otsu(levels: NDArray[np.uint8]) -> int:
    """The grey level that splits pixels best in two: those above it, and the others.

    It maximises the variance between the two classes, w0 * w1 * (mean0 - mean1)^2.

    Args:
        levels: any shape, not empty.
    """
    counts = np.bincount(levels.ravel(), minlength=256)  # (256,)
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * np.arange(256)).cumsum()
    means = sums / np.maximum(below, 1), (sums[-1] - sums) / np.maximum(above, 1)
    return int(np.argmax(below * above * (means[0] - means[1]) ** 2.0))


def _contrast(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """How far each pixel is from the paper towards the ink, in grey levels; shape (H, W)."""
    difference = grey - _paper(grey)
    if (difference**3).sum() < 0:  # the tail of the distribution is ink: here darker than the paper
        difference = -difference
    return np.clip(np.rint(difference), 0, 255).astype(np.uint8)


def _paper(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """The plane through the border's grey levels, since paper is rarely lit evenly; shape (H, W)."""
    height, width = grey.shape
    rows, columns = np.mgrid[:height, :width]
    border = (rows == 0) | (rows == height - 1) | (columns == 0) | (columns == width - 1)
    terms = np.stack((np.ones_like(rows), rows, columns), axis=-1)  # (H, W, 3)
    plane, *_ = np.linalg.lstsq(terms[border], grey[border], rcond=None)
    return np.asarray(terms @ plane)


def _ink(contrast: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of each pixel is ink, from 0 to 1; shape (H, W)."""
    threshold = otsu(contrast)
    above = contrast > threshold
    if not above.any() or contrast[above].mean() < FAINTEST:
        return np.zeros(contrast.shape)
    # Otsu's level halves the edge of a stroke and cuts faint ends off: reach lower, but not into the noise.
    noise = 5 * contrast[~above].std()
    inked = contrast > np.clip(noise, threshold / 2, threshold)
    return np.where(inked, np.minimum(contrast / contrast[above].mean(), 1), 0)


def _crop(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest box that holds all ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fit_to_body(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ink, scaled so that its longer side is BODY and its darkest pixel 255."""
    height, width = ink.shape
    scale = BODY / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    resized = np.asarray(Image.fromarray(ink.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
    return np.asarray(resized * (255 / resized.max()), dtype=np.float64)


def _place_in_centre(ink: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The ink in the black field, its centre of mass in the middle as far as the field reaches."""
    field = np.zeros((FIELD, FIELD), dtype=np.uint8)
    top, left = (_offset(ink.sum(axis=other), ink.shape[axis]) for axis, other in ((0, 1), (1, 0)))
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = np.rint(ink)
    return field


def _offset(masses: NDArray[np.float64], length: int) -> int:
    centre = (masses * np.arange(length)).sum() / masses.sum()
    return int(np.clip(round(CENTRE - centre), 0, FIELD - length))
