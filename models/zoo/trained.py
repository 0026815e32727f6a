"""Networks that `python -m models.training.shipped` trained: weights, with what is known of them in the file's head."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.classifier import Provenance, Weights


@dataclass(frozen=True, eq=False)
class Trained:
    """What one file holds.

    Attributes:
        weights: of the network.
        format: how it reads its input, as the run kept it.
        provenance: where it comes from, and what it was measured to reach.
    """

    weights: Weights
    format: Mapping[str, Any]
    provenance: Provenance


def read_trained(file: Path, paper: str) -> Trained:
    """The content of a file.

    Args:
        file: that ships.
        paper: address of the paper that describes the architecture.
    """
    from safetensors import safe_open
    from safetensors.torch import load_file

    from models.classifier import Provenance, Weights

    with safe_open(file, "pt") as head:
        notes = head.metadata()
    provenance = Provenance(
        source=f"Vitrine, {json.loads(notes['config'])['epochs']} epochs",
        licence="MIT",
        trained_on=notes["trained_on"],
        accuracy=float(notes["test_top1"]),
        paper=paper,
    )
    # The first files were written before there was more than one way to read.
    return Trained(
        Weights.of(load_file(file), source=file.name), json.loads(notes.get("format", "{}")), provenance
    )
