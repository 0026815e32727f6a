"""Checkpoints to bytes and back, checked against their digest."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.runtime.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor


def serialise_weights(
    tensors: Mapping[str, Tensor], *, step: int, epoch: int, metrics: Mapping[str, float]
) -> bytes:
    """A checkpoint's content: tensors by name, and in its head where it belongs."""
    from safetensors.torch import save

    # Copied, because safetensors refuses weights that share their storage.
    copies = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    metadata = {"format": "pt", "step": str(step), "epoch": str(epoch), "metrics": json.dumps(dict(metrics))}
    content: bytes = save(copies, metadata)
    return content


def serialise_state(state: Mapping[str, Any]) -> bytes:
    """A resume file's content: tensors, numbers, texts, and containers of them."""
    import torch

    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    return buffer.getvalue()


def deserialise_state(content: bytes) -> dict[str, Any]:
    """What serialise_state() was given; nothing in it is run. Raises UserError where it is damaged."""
    import torch

    try:
        state: dict[str, Any] = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    except Exception as error:  # for damage torch raises what its parts happen to raise
        raise UserError("A resume file is damaged and passed over.") from error
    return state


def read_verified(path: Path, digest: str) -> bytes:
    """The bytes of a file. Raises UserError if it is gone, or not the one that was written."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name} of run {_run(path)} cannot be read ({error.strerror}).") from error
    if digest and sha256(content) != digest:
        raise damage_error(path)
    return content


def damage_error(path: Path) -> UserError:
    """The sentence for a file of a run's checkpoints that is not what was written."""
    return UserError(f"{path.name} of run {_run(path)} is damaged; an earlier checkpoint may be intact.")


def sha256(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _run(path: Path) -> str:
    return path.parent.parent.name
