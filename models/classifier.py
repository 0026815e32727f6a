"""The records that a zoo entry, a checkpoint or a run yields: a network and all one must know to use it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.preprocessing import Preprocessing


@dataclass(frozen=True)
class Provenance:
    """Where weights come from and under which terms.

    Attributes:
        source: who published them, in words.
        licence: of the weights.
        trained_on: the data in words; empty for untrained weights.
        accuracy: published or measured top-1 on the test data, in [0, 1]; None where unknown.
        paper: address of the paper that describes the architecture; may be empty.
    """

    source: str
    licence: str
    trained_on: str = ""
    accuracy: float | None = None
    paper: str = ""


@dataclass(frozen=True, eq=False)
class Weights:
    """Names and tensors of one set of weights, in their original dtypes.

    Attributes:
        tensors: qualified name -> tensor; shared storage, not to be written.
        digest: SHA-256 over names, dtypes, shapes and bytes, hexadecimal.
        source: file or seed they come from, in words.
    """

    tensors: Mapping[str, Tensor]
    digest: str
    source: str

    @classmethod
    def of(cls, tensors: Mapping[str, Tensor], source: str) -> Weights:
        """The weights with the digest of their content."""
        return cls(tensors, digest(tensors), source)


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network that is ready to classify, with everything its pictures and answers mean.

    Attributes:
        name: as in the address.
        title: as on the page.
        module: in eval mode, frozen (no parameter requires a gradient); shared by everyone, so nobody hooks it.
        weights: of the module.
        preprocessing: picture -> input, and back.
        classes: one name per logit.
        fits: name of the dataset whose images it reads, or PHOTOS.
        provenance: source and terms.
        trained: False means random weights, which is said wherever an answer is shown.
    """

    name: str
    title: str
    module: nn.Module
    weights: Weights
    preprocessing: Preprocessing
    classes: tuple[str, ...]
    fits: str
    provenance: Provenance
    trained: bool


def frozen(module: nn.Module) -> nn.Module:
    """The same module in eval mode with no parameter that requires a gradient."""
    return module.eval().requires_grad_(False)


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over sorted names, dtypes, shapes and bytes, hexadecimal."""
    content = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach().cpu().contiguous()
        content.update(f"{name}:{tensor.dtype}:{tuple(tensor.shape)};".encode())
        content.update(tensor.flatten().view(torch.uint8).numpy().data if tensor.numel() else b"")
    return content.hexdigest()
