"""What changes in a network from checkpoint to checkpoint of its run, beside what its layers do."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.inspection.attribution.method import Method
from dashboard.inspection.attribution.over_training import maps_over_training
from dashboard.inspection.weights.history import kernels_over_training
from dashboard.records.attribution import Attribution
from dashboard.records.weights import Filters
from dashboard.results import attribution
from dashboard.results.result import FilesKey, Result
from dashboard.view import View
from models.training.runs import Run
from models.training.runs.checkpoints import Checkpoint


def maps(
    view: View, run: Run, checkpoints: Sequence[Checkpoint], method: Method
) -> Result[tuple[Attribution, ...]]:
    """The map of the view's picture and class at each checkpoint of the network's run."""
    network = view.classifier.key
    request = attribution.request(view, method, view.target)
    return Result(
        _files(checkpoints),
        "maps over training",
        (
            _steps(run, checkpoints),
            # All that the run's networks have in common.
            (network.architecture, network.preprocessing, network.head),
            (view.seen.digest, method.name, request),
        ),
        lambda report: maps_over_training(
            run,
            checkpoints,
            view.seen.inputs,
            method=method,
            request=request,
            survey=view.survey,
            progress=report,
        ),
        f"{method.title} at {len(checkpoints)} checkpoints",
    )


def kernels(run: Run, checkpoints: Sequence[Checkpoint], name: str) -> Result[tuple[Filters, ...]]:
    """Some kernels of one tensor at each checkpoint of a run, as pictures."""
    return Result(
        _files(checkpoints),
        "kernels over training",
        (_steps(run, checkpoints), name),
        lambda report: kernels_over_training(checkpoints, name, report),
        f"{name} at {len(checkpoints)} checkpoints",
    )


def _files(checkpoints: Sequence[Checkpoint]) -> FilesKey:
    return FilesKey(tuple(checkpoint.digest for checkpoint in checkpoints))


def _steps(run: Run, checkpoints: Sequence[Checkpoint]) -> tuple[str, tuple[int, ...]]:
    return str(run.path), tuple(checkpoint.step for checkpoint in checkpoints)
