"""What follows from weights: of a network, or of a file that is none; of one set, of two, or of a run's."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from dashboard.inspection.weights.comparison import comparison as compute_comparison
from dashboard.inspection.weights.distributions import distributions as compute_distributions
from dashboard.inspection.weights.footprint import precisions as compute_precisions
from dashboard.inspection.weights.health import health as compute_health
from dashboard.inspection.weights.history import from_checkpoints
from dashboard.inspection.weights.spectrum import spectra as compute_spectra
from dashboard.records.weights import Comparison, Distributions, History, Precision, Spectra, WeightHealth
from dashboard.results.result import FilesKey, Result
from dashboard.view import View
from models.classifier import ReadyNetwork, Weights
from models.training.runs.checkpoints import Checkpoint

# A network, whose layers say what its tensors are for, or the tensors of a file that is none.
Tensors = ReadyNetwork | Weights


def distributions(of: Tensors) -> Result[Distributions]:
    """How the numbers of all tensors are spread."""
    return Result(
        of.key,
        "distributions",
        (),
        lambda report: compute_distributions(_weights(of), _module(of), report),
        "Reading all weights",
    )


def health(of: Tensors, distributions: Distributions) -> Result[WeightHealth]:
    """What is broken, dead or was never trained."""
    return Result(
        of.key,
        "health of weights",
        (),
        lambda report: compute_health(_weights(of), distributions, report),
        "Examining every tensor",
    )


def spectra(of: Tensors) -> Result[Spectra]:
    """The singular values of every layer."""
    return Result(
        of.key,
        "spectra",
        (),
        lambda report: compute_spectra(_weights(of), _module(of), report),
        "Singular values of every layer",
        "slow",
    )


def comparison(of: Tensors, against: Tensors) -> Result[Comparison]:
    """How far each tensor is from that of the same name in another set of weights."""
    return Result(
        of.key,
        "comparison",
        (against.key,),
        lambda report: compute_comparison(_weights(of), _weights(against), _module(of), report),
        "Comparing all tensors",
    )


def precisions(view: View) -> Result[tuple[Precision, ...]]:
    """What storing the weights in smaller numbers costs on the picture."""
    return Result(
        view.classifier.key,
        "precisions",
        (view.seen.digest,),
        lambda report: compute_precisions(view.classifier, view.seen.inputs, report),
        "The photo in every number format",
    )


def history(checkpoints: Sequence[Checkpoint]) -> Result[History]:
    """How the weights of a run moved, from what it keeps."""
    return Result(
        FilesKey(tuple(checkpoint.digest for checkpoint in checkpoints)),
        "history",
        tuple((checkpoint.path, checkpoint.step) for checkpoint in checkpoints),
        lambda report: from_checkpoints(checkpoints, report),
        f"Reading {len(checkpoints)} checkpoints",
    )


def _weights(of: Tensors) -> Weights:
    """The weights as the network uses them."""
    return (of.weights if isinstance(of, ReadyNetwork) else of).effective


def _module(of: Tensors) -> nn.Module | None:
    return of.module if isinstance(of, ReadyNetwork) else None
