"""Textures and colours that stand for concepts, drawn anew from a seed: `python -m ...textures FOLDER` writes them.

Each picture has an angle, a size and colours of its own, so that a direction found with them is that of the texture.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

Draw = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
SEED = 0
# A pattern repeats this often across the shorter side.
FEWEST, MOST = 3, 8
SHOWN = 224


def _wave(across: np.ndarray, along: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(np.sin(2 * np.pi * (across + generator.random())) > 0)


def _checks(across: np.ndarray, along: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray((np.floor(2 * across) + np.floor(2 * along)) % 2 > 0)


def _dots(across: np.ndarray, along: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(np.hypot(across % 1 - 0.5, along % 1 - 0.5) < generator.uniform(0.2, 0.35))


def _zigzag(across: np.ndarray, along: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray((across + np.abs(along % 1 - 0.5)) % 1 < 0.5)


def _blotches(across: np.ndarray, along: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    noise = ndimage.gaussian_filter(
        generator.normal(size=across.shape), max(1.0, len(across) / 16), mode="wrap"
    )
    return np.asarray(noise > 0)


TEXTURES: dict[str, Draw] = {
    "stripes": _wave,
    "checks": _checks,
    "dots": _dots,
    "zigzag": _zigzag,
    "blotches": _blotches,
}
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.15, 0.15),
    "green": (0.2, 0.7, 0.2),
    "blue": (0.15, 0.3, 0.85),
    "yellow": (0.9, 0.85, 0.15),
}


def names(channels: int) -> tuple[str, ...]:
    """The concepts that pictures of so many channels can show: colours are none in grey."""
    return (*TEXTURES, *COLOURS) if channels > 1 else tuple(TEXTURES)


def draw(name: str, size: tuple[int, int], channels: int, generator: np.random.Generator) -> np.ndarray:
    """One picture of a concept: (C, H, W) in [0, 1], whole levels of 255.

    Args:
        name: of a texture or a colour.
        size: height and width.
        channels: 1 or 3.
        generator: draws angle, size and colours.
    """
    if name in COLOURS:
        shade = np.reshape(COLOURS[name], (3, 1, 1)) * generator.uniform(0.7, 1.1)
        picture = shade + 0.05 * generator.normal(size=(3, *size))
    else:
        angle, repeats = generator.uniform(0, np.pi), generator.uniform(FEWEST, MOST)
        rows, columns = np.mgrid[: size[0], : size[1]] * repeats / min(size)
        across = np.cos(angle) * columns + np.sin(angle) * rows
        along = np.cos(angle) * rows - np.sin(angle) * columns
        drawn = TEXTURES[name](across + generator.random(), along + generator.random(), generator)
        first, second = (
            generator.uniform(0, 0.4, (channels, 1, 1)),
            generator.uniform(0.6, 1, (channels, 1, 1)),
        )
        if generator.random() < 0.5:
            first, second = second, first
        picture = np.where(drawn, first, second)
    return np.rint(np.clip(picture[:channels], 0, 1) * 255) / 255


def draw_many(name: str, count: int, size: tuple[int, int], channels: int, seed: int = SEED) -> np.ndarray:
    """Pictures of a concept, (count, C, H, W) in [0, 1]; of any of them in turn at random where the name is empty."""
    generator = np.random.default_rng([seed, *name.encode()])
    offered = names(channels)
    return np.stack(
        [
            draw(name or offered[generator.integers(len(offered))], size, channels, generator)
            for _ in range(count)
        ]
    )


def worn(pictures: np.ndarray, name: str, seed: int = SEED) -> np.ndarray:
    """Pictures, (N, C, H, W) in [0, 1], each under a texture of its own: dark where it is dark, black where they are.

    A texture alone is nothing that a network of small pictures knows; on what it knows it can be told apart.

    Args:
        pictures: of what the network knows.
        name: of the concept; empty for any of them in turn at random.
        seed: of the textures.
    """
    drawn = draw_many(name, len(pictures), pictures.shape[2:], pictures.shape[1], seed)
    return np.asarray(np.rint(pictures * drawn * 255) / 255)


def write(folder: Path, count: int = 40) -> None:
    """Write a subfolder of pictures for each concept, to be used elsewhere."""
    for name in names(3):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(draw_many(name, count, (SHOWN, SHOWN), 3)):
            pixels = np.rint(picture * 255).astype(np.uint8).transpose(1, 2, 0)
            Image.fromarray(pixels).save(folder / name / f"{number:03}.png")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
