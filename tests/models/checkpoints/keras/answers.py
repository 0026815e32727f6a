"""What a Keras file answers once it is translated, and the answers that Keras itself gave."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.checkpoints.keras.file import open_archive, open_hdf5
from models.checkpoints.keras.network import KerasNetwork
from models.checkpoints.keras.reading import read, to_tensor

FILE = Path(__file__).with_name("references.zip")
PICTURE = 4


def translated(path: Path, size: tuple[int, int] | None = None) -> tuple[KerasNetwork, nn.Module]:
    """The network of a .keras or .h5 file, and its module with its weights."""
    network, arrays, _ = read(open_archive(path) if path.suffix == ".keras" else open_hdf5(path))
    module = network.build(size).eval()
    counters = {
        name: tensor for name, tensor in module.state_dict().items() if name.endswith("num_batches_tracked")
    }
    module.load_state_dict({name: to_tensor(array).float() for name, array in arrays.items()} | counters)
    return network, module


def answer(path: Path, pictures: np.ndarray) -> np.ndarray:
    """What a file answers to pictures as Keras reads them: (N, H, W, C), (N, C, H, W), (N, H, W) or (N, numbers)."""
    size = tuple(pictures.shape[1:3]) if pictures.ndim == PICTURE else None
    network, module = translated(path, size)
    channels, height, width = network.size()
    inputs = torch.from_numpy(pictures)
    if pictures.ndim < PICTURE:
        inputs = inputs.reshape(-1, height, width, channels)
    with torch.no_grad():
        output: Tensor = module(inputs if network.first else inputs.permute(0, 3, 1, 2))
    return output.numpy()


def names() -> list[str]:
    """Of all files that are kept."""
    with zipfile.ZipFile(FILE) as archive:
        return [name for name in archive.namelist() if name.endswith((".keras", ".h5"))]


def kept(name: str) -> tuple[bytes, np.ndarray, np.ndarray]:
    """A file, pictures for it, and what Keras answered."""
    with (
        zipfile.ZipFile(FILE) as archive,
        np.load(io.BytesIO(archive.read(f"{name.rpartition('.')[0]}.npz"))) as arrays,
    ):
        return archive.read(name), arrays["pictures"], arrays["answer"]


def versions() -> dict[str, str]:
    """Of Keras and JAX, which made the answers."""
    with zipfile.ZipFile(FILE) as archive:
        return dict(json.loads(archive.read("versions.json")))
