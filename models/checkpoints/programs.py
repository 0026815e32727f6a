"""TorchScript and torch.export: loading one can run code, so only one that the operator named is loaded."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.checkpoints.limits import SAVE_WEIGHTS, RefusalError

if TYPE_CHECKING:
    from torch import Tensor

SCRIPT, EXPORT = "TorchScript", "torch.export program"
# A part of a name inside the archive that tells.
SIGNS = {
    "constants.pkl": SCRIPT,
    "/code/": SCRIPT,
    "serialized_exported_program.json": EXPORT,
    "archive_format": EXPORT,
}


def kind(names: list[str]) -> str | None:
    """Which kind of program an archive with these names is; None where it is none."""
    return next((what for part, what in SIGNS.items() if any(part in f"/{name}" for name in names)), None)


def kind_of_file(path: Path) -> str | None:
    """Which kind of program a zip archive is; None where it is none, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return kind(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return None


def tensors(path: Path, what: str) -> Mapping[str, Tensor]:
    """The state dict of a program. Whatever code it holds may run.

    Raises:
        RefusalError: if it cannot be loaded.
    """
    with warnings.catch_warnings():
        # Both formats are on their way out or in, and say so each time.
        warnings.simplefilter("ignore")
        try:
            return LOADERS[what](path)
        # A program can raise anything, as it runs its own code.
        except Exception as error:
            raise RefusalError(
                f"is a {what} that cannot be loaded here ({type(error).__name__}); {SAVE_WEIGHTS}"
            ) from None


def _script(path: Path) -> Mapping[str, Tensor]:
    import torch

    return dict(torch.jit.load(path, map_location="cpu").state_dict())  # type: ignore[no-untyped-call]


def _export(path: Path) -> Mapping[str, Tensor]:
    import torch

    return dict(torch.export.load(path).state_dict)


LOADERS: Mapping[str, Callable[[Path], Mapping[str, Tensor]]] = {SCRIPT: _script, EXPORT: _export}
