"""Inputs that stand for "nothing there". Zero after normalisation is the mean colour, not black."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dashboard.inspection.attribution.method import choice
from models.preprocessing import Preprocessing

if TYPE_CHECKING:
    from torch import Tensor

# An input (1, C, H, W), normalised, and its preprocessing -> what stands for nothing there, of the same shape.
Make = Callable[["Tensor", Preprocessing], "Tensor"]


def _flat(shade: float) -> Make:
    """Every pixel of one shade in [0, 1]."""

    def make(inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
        import torch

        colour = torch.full((preprocessing.channels, 1, 1), shade).numpy()
        return torch.from_numpy(preprocessing.normalised(colour)).expand_as(inputs).clone()

    return make


def _blur(inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
    """The picture itself, out of focus: a Gaussian of a tenth of its side."""
    from torchvision.transforms.v2.functional import gaussian_blur

    side = min(inputs.shape[-2:])
    kernel = max(3, side // 2 - (side // 2 + 1) % 2)
    # Across and then down: at once it takes a kernel of a hundred pixels squared, and thirty times as long.
    across = gaussian_blur(inputs, [kernel, 1], [side / 10])
    blurred: Tensor = gaussian_blur(across, [1, kernel], [side / 10])
    return blurred


def _noise(inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Uniform noise over all colours; a generator of its own leaves everybody's randomness alone."""
    import torch

    colours = torch.rand(inputs.shape[1:], generator=torch.Generator().manual_seed(0))
    return torch.from_numpy(preprocessing.normalised(colours.numpy()))[None]


def _mean(inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
    """The training data's mean colour, which is zero after normalisation; channels that no picture fills stay."""
    import numpy as np
    import torch

    colour = np.reshape(preprocessing.mean, (-1, 1, 1))
    return torch.from_numpy(preprocessing.normalised(colour)).expand_as(inputs).clone()


BASELINES: dict[str, Make] = {
    "black": _flat(0.0),
    "white": _flat(1.0),
    # Of the training data; and of the picture itself.
    "mean": _mean,
    "average": lambda inputs, _: inputs.mean((2, 3), keepdim=True).expand_as(inputs).clone(),
    "blur": _blur,
    "noise": _noise,
}


def baseline_choice(default: str, text: str) -> str:
    """The name of a baseline, as a field of Parameters; the text says what it is for."""
    explained = f"{text} Mean is the training data's mean colour, average this photo's own."
    field: str = choice(default, tuple(BASELINES), "Baseline", explained)
    return field


def baseline(name: str, inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
    """The baseline of that name for an input of shape (1, C, H, W); same shape, normalised."""
    return BASELINES[name](inputs, preprocessing)


def all_baselines(inputs: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Every baseline, for methods that average over many: (N, C, H, W), normalised."""
    import torch

    return torch.cat([make(inputs, preprocessing) for make in BASELINES.values()])
