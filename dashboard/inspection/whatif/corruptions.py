"""Changes of everyday that no eye minds much, each in five strengths: what they do to an answer.

Noise, blur, brightness and JPEG are those of ImageNet-C, and for small pictures of CIFAR-10-C, with their published
parameters (Hendrycks and Dietterich 2019); to shift and to turn are our own.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.prediction import predict
from dashboard.inspection.whatif.attack import LEVELS, levels_of
from dashboard.inspection.whatif.margin import Decision, Margin
from dashboard.records.whatif import Harmless
from models.classifier import Classifier

# Pictures whose shorter side is below this are changed as CIFAR's are.
SMALL = 64
SEED = 0
# A picture (H, W, C) in [0, 1], a parameter and a generator -> the same changed, to be clipped.
Change = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
Five = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Corruption:
    """One kind of change.

    Attributes:
        title: on the page.
        parameter: what its number is, in words, with `{}` for it.
        photos: its five numbers for photos, the weakest first.
        small: the same for small pictures.
        change: a picture by a number.
        published: whether the numbers are those of ImageNet-C and CIFAR-10-C.
    """

    title: str
    parameter: str
    photos: Five
    small: Five
    change: Change
    published: bool = True


def _jpeg(picture: np.ndarray, quality: float, _: np.random.Generator) -> np.ndarray:
    pixels = np.rint(picture * LEVELS).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(
        file, "JPEG", quality=int(quality)
    )
    with Image.open(file) as opened:
        decoded = np.asarray(opened, dtype=float)
    return np.asarray(decoded.reshape(picture.shape) / LEVELS)


def _blur(picture: np.ndarray, sigma: float, _: np.random.Generator) -> np.ndarray:
    return np.asarray(ndimage.gaussian_filter(picture, (sigma, sigma, 0), mode="nearest"))


def _brightness(picture: np.ndarray, added: float, _: np.random.Generator) -> np.ndarray:
    """The value of hue, saturation and value, which is the largest colour: all colours grow by one factor."""
    value = picture.max(2, keepdims=True)
    wanted = np.clip(value + added, 0, 1)
    return np.asarray(np.where(value > 0, picture * wanted / np.where(value > 0, value, 1), wanted))


def _shift(picture: np.ndarray, share: float, _: np.random.Generator) -> np.ndarray:
    """To the right and down; the edge is repeated where nothing is known."""
    rows, columns = (round(share * side) for side in picture.shape[:2])
    padded = np.pad(picture, ((rows, 0), (columns, 0), (0, 0)), mode="edge")
    return padded[: picture.shape[0], : picture.shape[1]]


def _turn(picture: np.ndarray, degrees: float, _: np.random.Generator) -> np.ndarray:
    return np.asarray(ndimage.rotate(picture, degrees, reshape=False, order=1, mode="nearest"))


def _gaussian(picture: np.ndarray, sigma: float, generator: np.random.Generator) -> np.ndarray:
    return picture + generator.normal(scale=sigma, size=picture.shape)


def _shot(picture: np.ndarray, photons: float, generator: np.random.Generator) -> np.ndarray:
    return generator.poisson(picture * photons) / photons


def _impulse(picture: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    drawn = generator.random(picture.shape)
    return np.where(drawn < share / 2, 0.0, np.where(drawn < share, 1.0, picture))


CORRUPTIONS: dict[str, Corruption] = {
    "jpeg": Corruption("JPEG", "quality {}", (25, 18, 15, 10, 7), (80, 65, 58, 50, 40), _jpeg),
    "blur": Corruption("Blur", "deviation {} px", (1, 2, 3, 4, 6), (0.4, 0.6, 0.7, 0.8, 1), _blur),
    "brightness": Corruption(
        "Brightness", "{} brighter", (0.1, 0.2, 0.3, 0.4, 0.5), (0.05, 0.1, 0.15, 0.2, 0.3), _brightness
    ),
    "shift": Corruption(
        "Shift",
        "by {} of the side",
        (0.01, 0.02, 0.04, 0.08, 0.16),
        (0.04, 0.08, 0.12, 0.16, 0.2),
        _shift,
        published=False,
    ),
    "rotation": Corruption(
        "Rotation", "by {} degrees", (2, 5, 10, 20, 30), (2, 5, 10, 20, 30), _turn, published=False
    ),
    "gaussian": Corruption(
        "Gaussian noise",
        "deviation {}",
        (0.08, 0.12, 0.18, 0.26, 0.38),
        (0.04, 0.06, 0.08, 0.09, 0.10),
        _gaussian,
    ),
    "shot": Corruption("Shot noise", "{} photons", (60, 25, 12, 5, 3), (500, 250, 100, 75, 50), _shot),
    "impulse": Corruption(
        "Impulse noise",
        "{} of the dots",
        (0.03, 0.06, 0.09, 0.17, 0.27),
        (0.01, 0.02, 0.03, 0.05, 0.07),
        _impulse,
    ),
}


def corrupt(levels: np.ndarray, corruption: Corruption, number: float) -> np.ndarray:
    """An 8-bit picture changed: (C, H, W) uint8 -> the same; noise is drawn anew from its own seed."""
    generator = np.random.default_rng(SEED)
    changed = corruption.change(levels.transpose(1, 2, 0) / LEVELS, number, generator)
    rounded: np.ndarray = np.clip(np.rint(changed * LEVELS), 0, LEVELS).astype(np.uint8)
    return rounded.transpose(2, 0, 1)


def values_of(corruption: Corruption, size: tuple[int, int]) -> Five:
    """Its five numbers for pictures of height x width."""
    return corruption.small if min(size) < SMALL else corruption.photos


def apply_corruptions(
    classifier: Classifier, inputs: np.ndarray, *, decision: Decision, progress: Progress = ignore
) -> Harmless:
    """What each change does to an answer in each strength.

    Args:
        classifier: shared; not changed.
        inputs: (C, H, W), normalised, of an 8-bit picture.
        decision: the answer that there is, which may be lost.
        progress: called before each kind.
    """
    margin = Margin(classifier.module, decision)
    levels = levels_of(inputs, classifier.preprocessing)
    size = (levels.shape[1], levels.shape[2])
    table = []
    for corruption in each(list(CORRUPTIONS.values()), progress):
        values = values_of(corruption, size)
        changed = [corrupt(levels, corruption, value) for value in values]
        row = []
        for one in changed:
            given = classifier.preprocessing.normalised(one.astype(np.float64) / LEVELS)
            answer = predict(classifier, given)
            lost = float(margin.select(torch.from_numpy(answer.logits)[None])[0]) < 0
            largest = int(np.abs(one.astype(int) - levels).max())
            row.append((largest, answer.strength(decision.index), answer.winner, lost))
        place = next((at for at, (*_, lost) in enumerate(row) if lost), len(row) - 1)
        picture = np.broadcast_to(changed[place].transpose(1, 2, 0), (*size, 3)).copy()
        table.append((values, row, picture))
    columns = [np.array([[cell[at] for cell in row] for _, row, _ in table]) for at in range(4)]
    return Harmless(
        names=tuple(CORRUPTIONS),
        values=np.array([values for values, _, _ in table]),
        largest=columns[0],
        strength=columns[1],
        winner=columns[2],
        flipped=columns[3],
        pictures=np.stack([picture for *_, picture in table]),
    )
