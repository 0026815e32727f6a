"""Anybody's TensorBoard logs: the curves and histograms of a run, read fast and as they grow."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path

import numpy as np

from models.tensorboard.event_file import LONGEST_TAG, MOST_TAGS, EventFile
from models.tensorboard.framing import LARGEST
from models.tensorboard.parts import find_parts, own_files
from models.tensorboard.series import Columns, Curve, HistogramSeries, Series, Session, TimedHistogram
from models.tensorboard.sessions import Arrangement, Logged, arrange

MOST_FILES = 1000  # of one run
MOST_NUMBERS = 10_000_000  # points and buckets of one run; 24 bytes each


class EventReader:
    """A run's event files: those in its folder, and in folders within that are parts of it ("validation").

    What a call of `refresh` finds is in `series` and `histograms` from then on, in the order of files and records,
    whenever it was found. May be used by several threads.
    """

    def __init__(self, folder: Path) -> None:
        """A reader that has read nothing yet.

        Args:
            folder: of the run; it and its files may come later.
        """
        self.folder = folder
        self._files: dict[Path, EventFile] = {}
        self._failures: dict[Path, str] = {}
        self._files_left_out = 0
        self._lock = threading.Lock()
        self._arranged: tuple[object, Arrangement] = ((), Arrangement())

    def refresh(self) -> int:
        """Read what was written since the last call; returns how many points and buckets were new.

        A record that is still being written is left for a later call, a file that was replaced or has shrunk is
        read anew, and what cannot be read is told by `problems`.
        """
        with self._lock:
            paths = [
                (path, part) for folder, part in find_parts(self.folder).items() for path in own_files(folder)
            ]
            self._files_left_out = max(0, len(paths) - MOST_FILES)
            known, self._files, self._failures = self._files, {}, {}
            for path, part in paths[:MOST_FILES]:
                self._open(path, part, known.get(path))
            return sum(self._refresh_file(file) for file in self._files.values())

    def series(self) -> tuple[Series, ...]:
        """All curves, by part and tag in the order in which they appeared; arrays are not to be written."""
        with self._lock:
            columns: defaultdict[tuple[str, str], list[Columns]] = defaultdict(list)
            for file, limit in self._files_with_limits():
                for tag, curve in file.curves.items():
                    columns[file.part, tag].append(curve.before(limit))
        return tuple(
            Series(tag, part, *Columns.concatenate(pieces)[:3]) for (part, tag), pieces in columns.items()
        )

    def curves(self) -> tuple[Curve, ...]:
        """All curves as they are drawn, one for each writer and session; arrays are not to be written."""
        return self._arrange().curves

    def sessions(self) -> tuple[Session, ...]:
        """The sessions that the curves are of, by time."""
        return self._arrange().sessions

    def _arrange(self) -> Arrangement:
        """Writers and sessions told apart, anew only where something was read since."""
        with self._lock:
            state = tuple((file, file.record_file.offset) for file in self._files.values())
            if self._arranged[0] != state:
                self._arranged = state, arrange(self._logged(*pair) for pair in self._files_with_limits())
            return self._arranged[1]

    def _logged(self, file: EventFile, limit: int | None) -> Logged:
        columns = {tag: curve.before(limit) for tag, curve in file.curves.items()}
        return Logged(file.path.name, file.path.parent, file.part, columns, file.opened)

    def histograms(self) -> tuple[HistogramSeries, ...]:
        """All histograms, by part and tag in the order in which they appeared."""
        with self._lock:
            histograms: defaultdict[tuple[str, str], list[TimedHistogram]] = defaultdict(list)
            for file, limit in self._files_with_limits():
                for tag, all_steps in file.histograms.items():
                    histograms[file.part, tag] += [
                        histogram for histogram in all_steps if limit is None or histogram.step < limit
                    ]
        return tuple(_join_histograms(tag, part, pieces) for (part, tag), pieces in histograms.items())

    def others(self) -> dict[str, set[str]]:
        """What is neither curve nor histogram, as TensorBoard calls it ("images", "text") -> tags."""
        with self._lock:
            kinds = {kind for file in self._files.values() for kind in file.others}
            return {
                kind: set().union(
                    *(file.others[kind] for file in self._files.values() if kind in file.others)
                )
                for kind in sorted(kinds)
            }

    def problems(self) -> tuple[str, ...]:
        """One sentence for each thing that could not be read."""
        with self._lock:
            sentences = [
                sentence
                for file in self._files.values()
                for sentence in _problems(file, self._relative_path(file.path))
            ]
            sentences += [
                f"{self._relative_path(path)} cannot be read: {why}." for path, why in self._failures.items()
            ]
            if self._files_left_out:
                sentences.append(
                    f"The run has more than {MOST_FILES} event files; {self._files_left_out} are left out."
                )
            if self._room() <= 0:
                sentences.append(
                    f"The run has more than {MOST_NUMBERS:,} points; those that come later are left out."
                )
        return tuple(sentences)

    def _open(self, path: Path, part: str, file: EventFile | None) -> None:
        """Go on with a file, or begin with it where it is new or another one."""
        try:
            if file is None or file.is_replaced():
                file = EventFile(path, part)
        except OSError as error:
            self._failures[path] = error.strerror or type(error).__name__
        if file is not None:
            self._files[path] = file

    def _refresh_file(self, file: EventFile) -> int:
        """Read what is new in a file, as long as there is room; returns how many numbers were new."""
        room = self._room()
        if room <= 0:
            return 0
        try:
            return file.refresh(room)
        except OSError as error:
            self._failures[file.path] = error.strerror or type(error).__name__
            return 0

    def _room(self) -> int:
        return MOST_NUMBERS - sum(file.size for file in self._files.values())

    def _files_with_limits(self) -> list[tuple[EventFile, int | None]]:
        """Each file and the step from which on a later file of the same folder has begun anew, or None."""
        limits: dict[Path, int | None] = {}
        pairs = []
        for file in reversed(self._files.values()):
            limit = limits.get(file.path.parent)
            pairs.append((file, limit))
            steps = [step for step in (limit, file.restart) if step is not None]
            limits[file.path.parent] = min(steps, default=None)
        return pairs[::-1]

    def _relative_path(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _join_histograms(tag: str, part: str, histograms: list[TimedHistogram]) -> HistogramSeries:
    steps = np.array([histogram.step for histogram in histograms], np.int64)
    walls = np.array([histogram.wall for histogram in histograms], np.float64)
    return HistogramSeries(tag, part, steps, walls, tuple(histogram.buckets for histogram in histograms))


def _problems(file: EventFile, name: str) -> list[str]:
    """One sentence for each kind of thing that could not be read in a file."""
    records = file.record_file
    counts = {
        "with a wrong checksum": records.damaged,
        f"larger than {LARGEST >> 20} MB": records.oversized,
        "that make no sense": file.unreadable,
    }
    sentences = [f"{name}: {_omission(count, which)}." for which, count in counts.items() if count]
    if records.lost:
        sentences.append(f"{name}: damaged at byte {records.offset:,}; the rest is left out.")
    if file.unnamed:
        sentences.append(
            f"{name}: {file.unnamed} values are left out, since there are more than {MOST_TAGS:,} tags "
            f"or theirs is longer than {LONGEST_TAG} bytes."
        )
    return sentences


def _omission(count: int, which: str) -> str:
    return f"{count:,} records {which} are left out" if count > 1 else f"1 record {which} is left out"
