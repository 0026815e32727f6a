"""What a network recommends to a history, and because of what, from a network and ids to records."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.attribution.completeness import Change
from dashboard.inspection.attribution.outcome import Evidence, judge
from dashboard.inspection.attribution.sampling import agreement
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.history.method import HistoryMethod, HistoryTask
from dashboard.records.attribution import Outcome
from dashboard.records.history import HistoryAttribution, Recommendations
from models.history.ranking import COUNT, rank


def recommend(module: nn.Module, ids: Tensor) -> Recommendations:
    """What a network recommends to one history of ids, (L,)."""
    with torch.no_grad():
        scores = module(ids[None]).double().numpy()
    return Recommendations(rank(scores, ids[None].numpy(), COUNT)[0], scores[0])


def attribute(
    module: nn.Module, chosen: Sequence[int], film: int, *, method: HistoryMethod
) -> HistoryAttribution:
    """What each film of a history counts for, and what that is worth.

    Args:
        module: shared with other threads; not changed.
        chosen: ids of the history's films, at least one.
        film: place of the film whose score is explained.
        method: of the table.
    """
    started = time.perf_counter()
    task = HistoryTask(isolate(module), torch.tensor(chosen), film)
    with torch.no_grad():
        nothing, scores = task.network(torch.stack([torch.zeros_like(task.ids), task.ids])).double()
    explained = float(scores[film])
    raw = method.run(task)
    values = raw.values.numpy()
    change = Change(explained - float(nothing[film]), float(scores.max() - scores.min()))
    evidence = Evidence(
        gap=change.gap(float(values.sum())) if raw.complete else None,
        agreement=None if raw.halves is None else agreement(lambda half: half, raw.halves),
        size=float(scores.abs().max()),
        of="history",
    )
    # Beside a film that counts for nothing: a history may have one film.
    outcome = judge(np.append(values, 0.0), evidence)
    if method.refusal:
        assert evidence.gap is not None, "only what promises to add up can miss it"
        outcome = Outcome("refused", f"{method.refusal} by {100 * evidence.gap:.0f} %.", outcome.measures)
    return HistoryAttribution(
        method=method.name,
        values=None if outcome.kind == "refused" else values,
        outcome=outcome,
        explained=explained,
        nothing=float(nothing[film]),
        errors=None if raw.errors is None else raw.errors.numpy(),
        seconds=time.perf_counter() - started,
    )
