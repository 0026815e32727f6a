"""The map of one picture at each checkpoint of a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.run import Request, attribute
from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.records.attribution import Attribution
from dashboard.records.network import Survey
from models.runtime.progress import silent
from models.training import as_networks
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint


def maps_over_training(
    run: Run,
    checkpoints: Sequence[Checkpoint],
    inputs: np.ndarray,
    *,
    method: Method,
    request: Request,
    survey: Survey,
    progress: Progress = ignore,
) -> tuple[Attribution, ...]:
    """One map a checkpoint, each checked as any map is.

    Args:
        run: that the checkpoints belong to.
        checkpoints: by step; each can be read.
        inputs: (C, H, W), normalised.
        method: of the table.
        request: what to explain.
        survey: of the run's network, which is built alike at each step.
        progress: told the share done before each checkpoint; what it raises ends the work.

    Raises:
        UserError: if a checkpoint is gone or damaged.
    """
    return tuple(
        attribute(
            as_networks.find(as_networks.address(run, checkpoint)).load(silent),
            inputs,
            method=method,
            request=request,
            survey=survey,
            # Each network is met once: measuring how fast it is would take longer than its map.
            hasty=True,
        )
        for checkpoint in each(checkpoints, progress)
    )
