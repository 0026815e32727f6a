"""Where runs are in a folder of anybody's TensorBoard logs."""

from __future__ import annotations

from pathlib import Path

from models.tensorboard.parts import find_parts, is_bare, own_files, subfolders

MOST_RUNS = 1000
MOST_FOLDERS = 20_000
DEEPEST = 8  # levels below the root


def find_runs(root: Path) -> tuple[Path, ...]:
    """The folders below (and with) a folder that hold a run each, in the order of their names.

    A folder that is a part of a run ("train", "validation") belongs to it. A folder with runs below whose own files
    say nothing is none. Links to folders are not followed. Of an endless tree the first runs are found.

    Args:
        root: that may not exist; then there are none.
    """
    runs: dict[Path, bool] = {}  # whether it says something
    claimed: set[Path] = set()
    waiting = [(root, 0)]
    for _ in range(MOST_FOLDERS):
        if not waiting or len(runs) == MOST_RUNS:
            break
        folder, depth = waiting.pop()
        parts = [part for part in find_parts(folder) if part not in claimed]
        files = [path for part in parts for path in own_files(part)]
        if files:
            claimed.update(parts)
            runs[folder] = not all(_is_bare(path) for path in files)
        if depth < DEEPEST:
            waiting += [(path, depth + 1) for path in reversed(subfolders(folder))]
    above = {parent for run in runs for parent in run.parents}
    return tuple(run for run, says in runs.items() if says or run not in above)


def _is_bare(path: Path) -> bool:
    try:
        return is_bare(path)
    except OSError:
        return False
