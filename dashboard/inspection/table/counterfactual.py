"""A counterfactual: the nearest row that a network calls something else, with few columns changed, within bounds.

Columns alone and in pairs are gone through on a grid of their values, so that fewer than were found would not do on
that grid; more are added one by one to the sets that came nearest. What is found is drawn back as far as the answer
holds.

Reference: Wachter, Mittelstadt and Russell, Counterfactual explanations without opening the black box, 2017.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.table.run import read_row
from dashboard.records.table import Counterfactual
from models.table.columns import Columns

# Values of a column that are tried, alone and where several change; columns that may change together, and sets that are
# gone on with when no pair was enough.
ALONE, TOGETHER, MOST, BEAM = 101, 15, 5, 24
# Rows of one pass.
AT_ONCE = 50_000
# How often what was found is halved back to the row.
HALVINGS = 12
Rows = NDArray[np.float64]


def counterfactual(
    module: nn.Module,
    columns: Columns,
    row: Rows,
    background: Rows,
    classes: tuple[str, ...],
    fixed: Collection[int] = (),
    progress: Progress = ignore,
) -> Counterfactual:
    """The nearest row with another answer.

    Args:
        module: shared with other threads; not changed.
        columns: what it reads, with the bounds of what it learned from.
        row: (C,) as the table has it.
        background: (B, C), rows of the data, at least two.
        classes: one name per logit.
        fixed: columns that cannot change.
        progress: told the share done; what it raises ends the search.
    """
    search = _Search(isolate(module), columns, row, fixed, progress)
    started = time.perf_counter()
    before = read_row(search.module, columns.encode(row), classes)
    found = search.run(before.winner)
    changed = row if found is None else found
    gaps = columns.distance(background[:, None], background)
    np.fill_diagonal(gaps, np.inf)
    own, distance = gaps.min(1), float(columns.distance(background, changed).min())
    return Counterfactual(
        row=changed,
        columns=tuple(int(place) for place in np.flatnonzero(columns.differ(changed, row))),
        before=before,
        after=read_row(search.module, columns.encode(changed), classes),
        distance=distance,
        usual=float(np.median(own)),
        as_far=float((own >= distance).mean()),
        tried=search.tried,
        seconds=time.perf_counter() - started,
    )


class _Search:
    def __init__(
        self, module: nn.Module, columns: Columns, row: Rows, fixed: Collection[int], progress: Progress
    ) -> None:
        self.module, self.tried = module, 0
        self._columns, self._row, self._progress = columns, row, progress
        self._free = [place for place in range(len(columns)) if place not in fixed]

    def run(self, winner: int) -> Rows | None:
        """The nearest row that is not called `winner`; None where none was found."""
        sets: list[tuple[int, ...]] = [(place,) for place in self._free]
        kept: list[Rows] = []
        for size in range(1, MOST + 1):
            self._progress((size - 1) / MOST)
            best, nearest, came_near = np.inf, None, []
            for rows in self._rows(sets, kept, ALONE if size == 1 else TOGETHER):
                lead = self._lead(rows, winner)
                cost = self._cost(rows)
                cost[lead <= 0] = np.inf
                place = int(cost.argmin())
                if cost[place] < best:
                    best, nearest = float(cost[place]), rows[place]
                top = np.argsort(-lead, kind="stable")[:BEAM]
                came_near += [(float(lead[one]), rows[one]) for one in top]
            if nearest is not None:
                return self._draw_back(nearest, winner)
            if size == 1:
                sets = list(itertools.combinations(self._free, 2))
            else:
                came_near.sort(key=lambda pair: -pair[0])
                kept, sets = [one for _, one in came_near[:BEAM]], [(place,) for place in self._free]
        return None

    def _rows(self, sets: list[tuple[int, ...]], kept: list[Rows], points: int) -> Iterator[Rows]:
        """Rows in which columns of each set have each of their values, in parts that fit one pass."""
        part: list[Rows] = []
        for start in kept or [self._row]:
            for places in sets:
                values = np.meshgrid(*(self._values(place, points) for place in places), indexing="ij")
                rows = np.repeat(start[None], values[0].size, 0)
                for place, of_place in zip(places, values, strict=True):
                    rows[:, place] = of_place.ravel()
                part.append(rows)
                if sum(map(len, part)) >= AT_ONCE:
                    yield np.concatenate(part)
                    part = []
        if part:
            yield np.concatenate(part)

    def _values(self, place: int, points: int) -> Rows:
        column = self._columns.columns[place]
        if np.isnan(self._row[place]):
            # What is not known is not changed.
            return self._row[place : place + 1]
        if column.categories:
            return np.arange(len(column.categories), dtype=np.float64)
        low, high = min(column.low, self._row[place]), max(column.high, self._row[place])
        values = np.linspace(low, high, points)
        return np.unique(np.round(values)) if column.whole else values

    def _lead(self, rows: Rows, winner: int) -> Rows:
        """By how much the best other class leads: (N, C) -> (N,)."""
        self.tried += len(rows)
        with torch.no_grad():
            logits = self.module(torch.from_numpy(self._columns.encode(rows))).double().numpy()
        own = logits[:, winner].copy()
        logits[:, winner] = -np.inf
        return np.asarray(logits.max(1) - own)

    def _cost(self, rows: Rows) -> Rows:
        """How far rows are from the one that is explained, in spreads: (N, C) -> (N,)."""
        return self._columns.distance(rows, self._row)

    def _draw_back(self, found: Rows, winner: int) -> Rows:
        """The same columns changed by as little as the answer holds with, one after the other."""
        for place in np.flatnonzero(self._columns.differ(found, self._row)):
            if self._columns.columns[place].categories:
                # There is nothing between two categories.
                continue
            near, far = self._row[place], found[place]
            for _ in range(HALVINGS):
                middle = (near + far) / 2
                if self._columns.columns[place].whole:
                    middle = np.round(middle)
                trial = found.copy()
                trial[place] = middle
                if self._lead(trial[None], winner)[0] > 0:
                    far = middle
                else:
                    near = middle
            found = found.copy()
            found[place] = far
        return found
