"""From a picture to what a network reads, and back to what a person sees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor
    from torchvision.transforms import v2

# A 1 x 20,000 picture resized by its short side would be 5 million pixels wide; only its centre is seen.
LONGEST_ASPECT = 8


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
    """

    size: tuple[int, int]
    resize: int | tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str = "bilinear"

    @property
    def channels(self) -> int:
        """Channels of the network's input: 1 (grey) or 3 (RGB)."""
        return len(self.mean)

    def with_channels(self, channels: int) -> Preprocessing:
        """The same for so many channels, 1 or 3: grey has the mean of the colours' numbers, and colours have grey's."""
        if channels == self.channels:
            return self
        mean, std = ((sum(numbers) / len(numbers),) * channels for numbers in (self.mean, self.std))
        return replace(self, mean=mean, std=std)

    def pixels(self) -> v2.Transform:
        """The first half of transforms(): PIL image -> uint8 tensor of shape (C, H, W)."""
        from torchvision.transforms import InterpolationMode, v2

        resize = self.resize if isinstance(self.resize, int) else list(self.resize)
        return v2.Compose(
            [
                v2.Lambda(cap_aspect),
                v2.Lambda(lambda image: image.convert("RGB" if self.channels == 3 else "L")),
                v2.Resize(resize, interpolation=InterpolationMode(self.interpolation)),
                v2.CenterCrop(list(self.size)),
                v2.PILToTensor(),
            ]
        )

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
        picture = np.clip(np.rint(colours * 255), 0, 255).astype(np.uint8).transpose(1, 2, 0)
        return np.broadcast_to(picture, (*picture.shape[:2], 3)).copy()

    def normalised(self, colours: np.ndarray) -> np.ndarray:
        """Colours in [0, 1], shape (C, ...), as the network reads them: same shape, normalised, float32."""
        shape = (self.channels,) + (1,) * (colours.ndim - 1)
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
