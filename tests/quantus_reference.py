"""What Quantus measures on a small network: `python -m tests.quantus_reference` writes it down for the tests.

Quantus brings OpenCV, pandas and more, too much for a test's environment; its answers are kept instead. Install it
beside the project to write them anew.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.classifier import Classifier
from tests.networks import ConvNet, classifier

FILE = Path(__file__).parent / "dashboard" / "inspection" / "faithfulness" / "quantus.json"
TARGET, SIDE = 1, 8


def network() -> Classifier:
    """A network whose weights are written out, so that no generator of random numbers decides them."""
    module: nn.Module = ConvNet()
    with torch.no_grad():
        for place, parameter in enumerate(module.parameters()):
            parameter.copy_(_waves(parameter.shape, place))
    return classifier(module)


def picture() -> np.ndarray:
    """What the network is shown: (1, SIDE, SIDE)."""
    return _waves(torch.Size((1, SIDE, SIDE)), 40).numpy()


def attribution() -> np.ndarray:
    """The map that is measured, all its values different: (SIDE, SIDE)."""
    return _waves(torch.Size((SIDE, SIDE)), 50).numpy()


def _waves(shape: torch.Size, phase: int) -> Tensor:
    return (1.7 * torch.arange(shape.numel(), dtype=torch.float64) + phase).sin().float().reshape(shape)


def main() -> None:
    """Measure and write."""
    import quantus

    flipping = quantus.PixelFlipping(
        features_in_step=1, perturb_baseline=0.0, abs=False, normalise=False, disable_warnings=True
    )
    deletion = flipping(
        model=network().module,
        x_batch=picture()[None],
        y_batch=np.array([TARGET]),
        a_batch=attribution()[None, None],
        softmax=True,
        device="cpu",
    )
    found = {"quantus": version("quantus"), "deletion": np.ravel(deletion).astype(float).tolist()}
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
