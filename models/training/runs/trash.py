"""Runs that were deleted: set aside in the folder of runs, until the app next starts."""

from __future__ import annotations

import secrets
import shutil
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from models.runtime.errors import UserError

# Neither is the name of a run: they begin with a dot.
FOLDER, GOING = ".deleted", ".deleted-"


def set_aside(run: Path) -> None:
    """Move a run's folder among those that were deleted.

    Raises:
        UserError: if it cannot be moved.
    """
    place = run.parent / FOLDER
    try:
        place.mkdir(exist_ok=True)
        run.replace(place / run.name)
    except OSError as error:
        raise UserError(f"Run {run.name} cannot be set aside ({error.strerror}); it stays.") from error


def bring_back(run: Path) -> None:
    """Move a run's folder back to where it was.

    Raises:
        UserError: if it is gone, or there is another run of its name.
    """
    try:
        run.replace(run.parent.parent / run.name)
    except FileNotFoundError as error:
        raise UserError(f"Run {run.name} is gone: the app has started again since it was deleted.") from error
    except OSError as error:
        raise UserError(f"Run {run.name} cannot be brought back ({error.strerror}).") from error


@cache
def empty_once(root: Path) -> None:
    """Delete for good what was set aside before this process first asked; what is set aside later stays.

    Args:
        root: the folder of all runs.
    """
    # Renamed at once, and deleted in the background: gigabytes take their time.
    with suppress(OSError):
        (root / FOLDER).rename(root / f"{GOING}{secrets.token_hex(8)}")
    for folder in root.glob(f"{GOING}*"):
        threading.Thread(
            target=shutil.rmtree, args=(folder, True), name="empty the trash", daemon=True
        ).start()
