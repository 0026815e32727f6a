"""Where runs are in a folder of anybody's TensorBoard logs."""

from __future__ import annotations

from pathlib import Path

from models.tensorboard.reader import event_files, natural
from models.tensorboard.tags import is_split

MOST_RUNS = 1000
MOST_FOLDERS = 20_000
DEEPEST = 8  # levels below the root


def find_runs(root: Path) -> tuple[Path, ...]:
    """The folders below (and with) a folder that hold a run each, in the order of their names.

    A folder named as a split ("train", "validation") belongs to the folder that it lies in. Links to folders are not
    followed. Of an endless tree the first runs are found.

    Args:
        root: that may not exist; then there are none.
    """
    runs: list[Path] = []
    waiting = [(root, 0)]
    for _ in range(MOST_FOLDERS):
        if not waiting or len(runs) == MOST_RUNS:
            break
        folder, depth = waiting.pop()
        is_run = bool(event_files(folder))
        if is_run:
            runs.append(folder)
        if depth < DEEPEST:
            within = [path for path in _subfolders(folder) if not (is_run and is_split(path.name))]
            waiting += [(path, depth + 1) for path in reversed(within)]
    return tuple(runs)


def _subfolders(folder: Path) -> list[Path]:
    try:
        folders = [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    return sorted(folders, key=lambda path: natural(path.name))
