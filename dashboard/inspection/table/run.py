"""What the columns of one row count for, from a network and a row to a record with its outcome; and its answer."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dashboard.inspection.attribution.completeness import Change
from dashboard.inspection.attribution.outcome import Evidence, judge
from dashboard.inspection.attribution.sampling import agreement
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.table.method import TableMethod, TableTask
from dashboard.records.pictures import Prediction
from dashboard.records.table import TableAttribution


def read_row(module: nn.Module, row: NDArray[np.float32], classes: Sequence[str]) -> Prediction:
    """A network's answer to a row of shape (F,), encoded."""
    with torch.no_grad():
        logits = module(torch.from_numpy(row)[None])[0].float()
    return Prediction(logits.numpy(), logits.softmax(0).numpy(), tuple(classes))


def probabilities(module: nn.Module, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """A network's probabilities of each class: (N, F) encoded -> (N, classes)."""
    with torch.no_grad():
        return np.asarray(module(torch.from_numpy(rows)).double().softmax(1))


def attribute(
    module: nn.Module,
    row: NDArray[np.float32],
    background: NDArray[np.float32],
    *,
    method: TableMethod,
    target: int,
    column: NDArray[np.int64] | None = None,
) -> TableAttribution:
    """What each column of a row counts for, and what that is worth.

    Args:
        module: shared with other threads; not changed.
        row: (F,) encoded.
        background: (B, F) encoded, at least one row.
        method: of the table.
        target: class index.
        column: (F,) the column that each number comes from, in order; each is one of its own where it is left out.
    """
    started = time.perf_counter()
    numbers = np.arange(len(row)) if column is None else column
    task = TableTask(
        isolate(module),
        torch.from_numpy(row),
        torch.from_numpy(background),
        target,
        torch.from_numpy(numbers),
    )
    with torch.no_grad():
        logits = task.network(task.row[None])[0]
    explained = float(logits[target])
    with torch.set_grad_enabled(method.differentiates):
        raw = method.run(task)
    values = raw.values.detach().numpy()
    change = Change(explained - raw.nothing, float(logits.max() - logits.min()))
    evidence = Evidence(
        gap=change.gap(float(values.sum())) if raw.complete else None,
        agreement=None if raw.halves is None else agreement(lambda half: half, raw.halves),
        size=float(logits.abs().max()),
        of="row",
    )
    # Beside a column that counts for nothing: all columns of a row may have equal values.
    outcome = judge(np.append(values, 0.0), evidence)
    return TableAttribution(
        method=method.name,
        values=None if outcome.kind == "refused" else values,
        outcome=outcome,
        explained=explained,
        nothing=raw.nothing,
        errors=None if raw.errors is None else raw.errors.numpy(),
        seconds=time.perf_counter() - started,
    )
