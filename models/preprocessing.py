"""From a picture to what a network reads, and back to what a person sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from models.runtime.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor
    from torchvision.transforms import v2

# A 1 x 20,000 picture resized by its short side would be 5 million pixels wide; only its centre is seen.
LONGEST_ASPECT = 8
# What a channel of an input may hold, by a letter.
PLANES = {"r": "red", "g": "green", "b": "blue", "l": "grey", "1": "ones", "0": "zeros"}
COLOURS, GREY = "rgb", "l"
CONSTANTS = {"1": 1.0, "0": 0.0}
# How much of each colour makes a grey, as Pillow has it.
LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Box:
    """The part of the original picture that a network reads, in its pixels: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Preprocessing:
    """How a network wants its input: resize, centre crop, scale to [0, 1], normalise.

    Attributes:
        size: height and width of the network's input, in pixels.
        resize: length of the picture's shorter side before the crop; height and width where the picture is
            squashed to that size whatever its aspect.
        mean: per channel, subtracted after scaling to [0, 1]; one entry means grey input, three RGB.
        std: per channel, divided by.
        interpolation: name of a torchvision InterpolationMode ("bilinear", "bicubic", "nearest", ...).
        planes: what each channel holds, a letter of PLANES each; empty where they are grey, or red, green and blue.
    """

    size: tuple[int, int]
    resize: int | tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str = "bilinear"
    planes: str = ""

    @property
    def channels(self) -> int:
        """Channels of the network's input."""
        return len(self.mean)

    @property
    def holds(self) -> str:
        """What each channel holds, a letter of PLANES each.

        Raises:
            UserError: if they are neither 1 nor 3 and nobody said it.
        """
        known = self.planes or {1: GREY, 3: COLOURS}.get(self.channels)
        if known is None:
            raise UserError(
                f"The network reads {self.channels} channels, and what each of them holds is not said; give its "
                f"Preprocessing `planes`, a letter for each of {', '.join(PLANES)} ({', '.join(PLANES.values())})."
            )
        return known

    @property
    def colours(self) -> int:
        """Channels of a picture that fill the input: 1 (grey) or 3 (RGB)."""
        return len(COLOURS) if set(COLOURS) & set(self.holds) else 1

    def with_channels(self, channels: int) -> Preprocessing:
        """The same for so many channels, 1 or 3: grey has the mean of the colours' numbers, and colours have grey's."""
        if channels == self.channels:
            return self
        mean, std = ((sum(numbers) / len(numbers),) * channels for numbers in (self.mean, self.std))
        return replace(self, mean=mean, std=std, planes="")

    def with_planes(self, planes: str) -> Preprocessing:
        """The same for channels that hold this; constants are not normalised.

        Args:
            planes: a letter of PLANES each.
        """
        grey, colours = self.with_channels(1), self.with_channels(len(COLOURS))
        constant = dict.fromkeys(CONSTANTS, (0.0, 1.0))
        of = {
            **dict(zip(COLOURS, zip(colours.mean, colours.std, strict=True), strict=True)),
            GREY: (*grey.mean, *grey.std),
            **constant,
        }
        mean, std = zip(*(of[plane] for plane in planes), strict=True)
        if len(planes) == self.channels and self.channels not in (1, len(COLOURS)):
            mean, std = self.mean, self.std
        return replace(self, mean=mean, std=std, planes="" if planes in (COLOURS, GREY) else planes)

    def pixels(self) -> v2.Transform:
        """The first half of transforms(): PIL image -> uint8 tensor of shape (C, H, W)."""
        from torchvision.transforms import InterpolationMode, v2

        resize = self.resize if isinstance(self.resize, int) else list(self.resize)
        return v2.Compose(
            [
                v2.Lambda(cap_aspect),
                v2.Lambda(lambda image: image.convert("RGB" if self.colours == len(COLOURS) else "L")),
                v2.Resize(resize, interpolation=InterpolationMode(self.interpolation)),
                v2.CenterCrop(list(self.size)),
                v2.PILToTensor(),
                v2.Lambda(lambda pixels: self.fill(pixels, 255)),
            ]
        )

    def fill(self, colours: Tensor, whole: int = 1) -> Tensor:
        """The channels of an input, of those of a picture: (..., colours, H, W) -> (..., C, H, W), of the same dtype.

        Args:
            colours: red, green and blue, or grey.
            whole: the number that is all of a colour.
        """
        import torch

        if not self.planes:
            return colours
        of = dict(zip(COLOURS if self.colours > 1 else GREY, colours.unbind(-3), strict=True))
        if GREY in self.planes and GREY not in of:
            grey = torch.einsum("...chw,c->...hw", colours.float(), torch.tensor(LUMA))
            of[GREY] = (grey if colours.is_floating_point() else grey.round()).to(colours.dtype)
        like = colours.select(-3, 0)
        of |= {name: torch.full_like(like, whole * value) for name, value in CONSTANTS.items()}
        return torch.stack([of[name] for name in self.planes], -3)

    def transforms(self) -> v2.Transform:
        """The torchvision v2 transform: PIL image -> float tensor of shape (C, H, W), normalised."""
        import torch
        from torchvision.transforms import v2

        return v2.Compose(
            [
                self.pixels(),
                v2.ToDtype(torch.float32),
                # Divided, as the libraries' own presets do: scale=True multiplies, which rounds otherwise.
                v2.Lambda(lambda pixels: pixels / 255),
                v2.Normalize(list(self.mean), list(self.std)),
            ]
        )

    def display(self, inputs: Tensor) -> np.ndarray:
        """What the network was shown, undone to colours: (C, H, W) float -> (H, W, 3) uint8."""
        pixels = inputs.detach().cpu().numpy()  # (C, H, W)
        shape = (self.channels, 1, 1)
        colours = pixels * np.reshape(self.std, shape) + np.reshape(self.mean, shape)
        colours = colours[[self.holds.find(name) for name in (COLOURS if self.colours > 1 else GREY)]]
        picture = np.clip(np.rint(colours * 255), 0, 255).astype(np.uint8).transpose(1, 2, 0)
        return np.broadcast_to(picture, (*picture.shape[:2], 3)).copy()

    def normalised(self, colours: np.ndarray) -> np.ndarray:
        """Colours in [0, 1], shape (C, ...), as the network reads them: same shape, normalised, float32.

        Channels that are the same for every picture hold that, whatever stands in their place.
        """
        shape = (self.channels,) + (1,) * (colours.ndim - 1)
        if self.planes:
            colours = np.stack(
                [
                    np.full_like(plane, CONSTANTS[name]) if name in CONSTANTS else plane
                    for plane, name in zip(colours, self.planes, strict=True)
                ]
            )
        scaled = (colours - np.reshape(self.mean, shape)) / np.reshape(self.std, shape)
        return np.asarray(scaled, dtype=np.float32)

    def seen(self, width: int, height: int) -> Box:
        """Which part of a picture of width x height the network reads; beyond its edges where it pads."""
        left = top = 0.0
        if max(width, height) > LONGEST_ASPECT * min(width, height):
            kept = LONGEST_ASPECT * min(width, height)
            left, top = max(0, width - kept) / 2, max(0, height - kept) / 2
            width, height = min(width, kept), min(height, kept)
        if isinstance(self.resize, int):
            scale_x = scale_y = min(width, height) / self.resize
        else:
            scale_y, scale_x = height / self.resize[0], width / self.resize[1]
        half_height, half_width = self.size[0] * scale_y / 2, self.size[1] * scale_x / 2
        x, y = left + width / 2, top + height / 2
        return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def cap_aspect(image: Image.Image) -> Image.Image:
    """The picture, or its central part where it is more than LONGEST_ASPECT times as long as wide."""
    kept = LONGEST_ASPECT * min(image.size)
    if max(image.size) <= kept:
        return image
    left, top = (max(0, side - kept) // 2 for side in image.size)
    return image.crop((left, top, left + min(image.width, kept), top + min(image.height, kept)))
