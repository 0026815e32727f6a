"""What was logged, told apart by who wrote it and when: writers that ran beside each other, sessions after each other.

Files are joined where nothing speaks against it, and parted where steps go back: TensorBoard's own reader draws such a
line straight back to its beginning.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from models.tensorboard.placing import place
from models.tensorboard.series import Columns, Curve, HistogramSeries, Session

# Of one tag in one file; where steps go back more often, writers of one file did not wait for each other.
MOST_RETURNS = 200
# Points for each return of a curve that seldom goes back, and how many of its steps then lie between others.
SELDOM, BETWEEN = 10, 3
# Seconds that a file may be open before its first point: longer, and its points tell another clock's time.
SOON = 60.0
# What is told apart where each step has several values under one tag.
_ORDINALS = ("first", "second", "third", "fourth")
MOST_TOGETHER = len(_ORDINALS)


@dataclass(frozen=True, eq=False)
class Logged:
    """What one file says, what is void left out.

    Attributes:
        name: of the file.
        folder: that it lies in.
        part: what that folder is within the run; empty for the run's own.
        columns: tag -> points, in the order of the records.
        opened: when its writer began it, in seconds since 1970, if that is known.
    """

    name: str
    folder: Path
    part: str
    columns: Mapping[str, Columns]
    opened: float | None = None


@dataclass(frozen=True, eq=False)
class Arrangement:
    """All curves of a run, and its sessions.

    Attributes:
        curves: by part and tag in the order in which they appeared, then by session and writer.
        sessions: by time; at least one where there is a curve.
    """

    curves: tuple[Curve, ...] = ()
    sessions: tuple[Session, ...] = ()


@dataclass(eq=False)
class _Stretch:
    """Points of one file without a session that begins among them."""

    columns: dict[str, Columns]
    begins: bool = False
    session: int = 0

    @cached_property
    def first_wall(self) -> float:
        return min(float(columns.walls[0]) for columns in self.columns.values())

    @cached_property
    def last_wall(self) -> float:
        return max(float(columns.walls[-1]) for columns in self.columns.values())


@dataclass(eq=False)
class _Writer:
    """One process, or several that went on where the one before had ended.

    Attributes:
        file: its first.
        stretches: by time.
        reached: tag -> the greatest step of its present session.
    """

    file: Logged
    stretches: list[_Stretch] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)

    def goes_back(self, stretch: _Stretch) -> bool:
        """Whether any curve would go back to earlier steps."""
        return any(
            int(columns.steps.min()) < self.reached[tag]
            for tag, columns in stretch.columns.items()
            if tag in self.reached
        )

    def add(self, stretch: _Stretch) -> None:
        """Let a stretch follow."""
        stretch.begins = bool(self.stretches) and self.goes_back(stretch)
        if stretch.begins:
            self.reached.clear()
        self.stretches.append(stretch)
        for tag, columns in stretch.columns.items():
            self.reached[tag] = max(int(columns.steps.max()), self.reached.get(tag, int(columns.steps[0])))


def arrange(files: Iterable[Logged]) -> Arrangement:
    """Tell writers and sessions apart.

    Two files are of two writers where they were open at the same time, or where their names end differently and
    they tell the same steps. One that begins after another has ended goes on with it; where its steps go back it is a
    new session, as are steps that go back within a file and are told again. Steps that only come late are put in order.

    Args:
        files: of one run, in the order of their names.
    """
    writers: list[_Writer] = []
    for file in files:
        stretches = _split(file.columns)
        if stretches:
            writer = _find_writer(file, stretches[0], writers)
            for stretch in stretches:
                writer.add(stretch)
    sessions = _number_sessions(writers)
    return Arrangement(place(_join(writers)), sessions)


def newest_session(series: HistogramSeries) -> HistogramSeries:
    """A quantity's distributions without those that a later session voids, from whose first step it tells anew."""
    kept = np.arange(series.steps.size)
    for _, begin in _returns(series.steps, kept):
        kept = kept[(kept >= begin) | (series.steps[kept] < series.steps[begin])]
    return dataclasses.replace(
        series,
        steps=series.steps[kept],
        wall_times=series.wall_times[kept],
        buckets=tuple(series.buckets[place] for place in kept),
    )


def _split(columns: Mapping[str, Columns]) -> list[_Stretch]:
    """A file's points, parted where a session begins: there all its curves are parted."""
    columns = {tag: points for tag, points in columns.items() if points.steps.size}
    returns = sorted(
        (after, before)
        for points in columns.values()
        for before, after in _returns(points.steps, points.order)
    )
    begins: list[int] = []
    for after, before in returns:  # curves that go back between the same records do so for one reason
        if not begins or begins[-1] <= before:
            begins.append(after)
    if not begins:
        return [_Stretch(columns)] if columns else []
    stretches: list[dict[str, Columns]] = [{} for _ in range(len(begins) + 1)]
    for tag, points in columns.items():
        cuts = [0, *np.searchsorted(points.order, begins).tolist(), points.steps.size]
        for number, stretch in enumerate(stretches):
            if cuts[number] < cuts[number + 1]:
                stretch[tag] = points.cut(slice(cuts[number], cuts[number + 1]))
    return [_Stretch(stretch) for stretch in stretches if stretch]


def _returns(steps: np.ndarray, order: np.ndarray) -> list[tuple[int, int]]:
    """Between which records one curve goes back to steps that it then tells again: at least two, or its first.

    Where it seldom goes back, it also does where it then tells some steps between those that it told.
    """
    returns = np.flatnonzero(steps[1:] < steps[:-1]) + 1
    if not 0 < returns.size <= MOST_RETURNS:
        return []
    before, is_seldom = _told_before(steps), returns.size * SELDOM <= steps.size
    found, begin = [], 0
    for here, end in pairwise([*returns.tolist(), steps.size]):
        told, then = steps[begin:here], steps[here:end]
        again = np.count_nonzero((before[here:end] >= begin) & (before[here:end] < here))
        between = min(np.count_nonzero(told > then[0]), np.count_nonzero(then < told.max()))
        if again >= 2 or (again and then[0] <= told[0]) or (is_seldom and between >= BETWEEN):
            found.append((int(order[here - 1]), int(order[here])))
            begin = here
    return found


def _told_before(steps: np.ndarray) -> np.ndarray:
    """For each point the place of the last one before it with the same step, or -1; (n,)."""
    by_step = np.argsort(steps, kind="stable")
    before = np.full(steps.size, -1)
    same = steps[by_step][1:] == steps[by_step][:-1]
    before[by_step[1:][same]] = by_step[:-1][same]
    return before


def _find_writer(file: Logged, stretch: _Stretch, writers: list[_Writer]) -> _Writer:
    """Who wrote a file: one that had ended and that it goes on with, if any, rather one that told the same."""
    begun = stretch.first_wall
    if file.opened is not None and begun - SOON <= file.opened < begun:
        begun = file.opened
    ended = [
        writer
        for writer in writers
        if writer.file.folder == file.folder
        and writer.stretches[-1].last_wall <= begun
        and (_ending(writer.file.name) == _ending(file.name) or not writer.goes_back(stretch))
    ]
    if not ended:
        writers.append(_Writer(file))
        return writers[-1]
    return max(reversed(ended), key=lambda writer: len(writer.reached.keys() & stretch.columns.keys()))


def _number_sessions(writers: Sequence[_Writer]) -> tuple[Session, ...]:
    """Give each stretch its session: what began anew at one time did so together."""
    anew = sorted(
        (later.first_wall, earlier.last_wall)
        for writer in writers
        for earlier, later in pairwise(writer.stretches)
        if later.begins
    )
    moments: list[float] = []
    for first, last in anew:
        if not moments or moments[-1] < last:
            moments.append(first)
    numbered: defaultdict[int, list[_Stretch]] = defaultdict(list)
    for writer in writers:
        session = bisect_left(moments, writer.stretches[0].first_wall)
        for stretch in writer.stretches:
            if stretch.begins:
                session = max(session + 1, bisect_right(moments, stretch.first_wall))
            stretch.session = session
            numbered[session].append(stretch)
    numbers = {session: number for number, session in enumerate(sorted(numbered))}
    for session, stretches in numbered.items():
        for stretch in stretches:
            stretch.session = numbers[session]
    return tuple(_session(numbered[session]) for session in numbers)


def _session(stretches: Sequence[_Stretch]) -> Session:
    steps = [columns.steps for stretch in stretches for columns in stretch.columns.values()]
    return Session(
        begun=min(stretch.first_wall for stretch in stretches),
        first=min(int(column.min()) for column in steps),
        last=max(int(column.max()) for column in steps),
    )


def _join(writers: Sequence[_Writer]) -> list[Curve]:
    """The curves, each of one writer in one session."""
    pieces: defaultdict[tuple[str, str], dict[tuple[int, int], list[Columns]]] = defaultdict(dict)
    for number, writer in enumerate(writers):
        for stretch in writer.stretches:
            for tag, columns in stretch.columns.items():
                pieces[writer.file.part, tag].setdefault((stretch.session, number), []).append(columns)
    curves = []
    for (part, tag), by_writer in pieces.items():
        numbers = sorted({number for _, number in by_writer})
        names = dict(
            zip(numbers, _tell_apart([writers[number].file.name for number in numbers]), strict=True)
        )
        for (session, number), parts in sorted(by_writer.items(), key=lambda item: item[0]):
            for which, columns in _values_of_a_step(_in_order(Columns.concatenate(parts))):
                words = ", ".join(word for word in (names[number], which) if word)
                curves.append(Curve(tag, part, words, session, *columns[:3]))
    return curves


def _values_of_a_step(columns: Columns) -> list[tuple[str, Columns]]:
    """Curves that were logged under one tag in turn, two or more values at each step; mostly it is one."""
    steps = columns.steps
    count = int(np.argmax(steps != steps[0])) or steps.size
    if not 1 < count <= MOST_TOGETHER or steps.size % count or steps.size == count:
        return [("", columns)]
    rows = steps.reshape(-1, count)
    if (rows != rows[:, :1]).any() or (rows[1:, 0] <= rows[:-1, 0]).any():
        return [("", columns)]
    return [(f"{_ORDINALS[k]} of each step", columns.cut(slice(k, None, count))) for k in range(count)]


def _in_order(columns: Columns) -> Columns:
    """The points by step; one that was logged again at once is there once."""
    if (columns.steps[1:] < columns.steps[:-1]).any():
        columns = columns.cut(np.argsort(columns.steps, kind="stable"))
    again = (columns.steps[1:] == columns.steps[:-1]) & (columns.values[1:] == columns.values[:-1])
    # Where nothing was counted there is only the order.
    return columns.cut(np.append(True, ~again)) if again.any() and columns.steps.any() else columns


def _tell_apart(names: Sequence[str]) -> list[str]:
    """What to call the writers of some files; one alone needs no name."""
    if len(names) == 1:
        return [""]
    numbered = [f"writer {number + 1}" for number in range(len(names))]
    processes = [f"process {number}" if (number := _process(name)) else "" for name in names]
    for words in ([_ending(name) for name in names], processes):
        if all(words) and len({*words}) == len(words):
            return words
    return numbered


def _fields(name: str) -> list[str]:
    """What stands behind the mark of event files in a name: the time, host, process, a count, a suffix."""
    return [part for part in name.partition("tfevents")[2].split(".") if part]


def _ending(name: str) -> str:
    """The suffix that a person gave a file ("rank0"), or nothing; numbers alone are the writer's own."""
    words = [field for field in _fields(name) if not field.isdecimal()]
    return re.sub(r"^[\d_\-]+(?=.)", "", words[-1]) if len(words) > 1 else ""


def _process(name: str) -> str:
    """The number of the process in a file's name, or nothing."""
    numbers = [field for field in _fields(name) if field.isdecimal()]
    return numbers[-2] if len(numbers) > 2 else ""
