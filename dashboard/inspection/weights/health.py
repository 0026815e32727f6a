"""What is wrong with a set of weights, told from the numbers alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from dashboard.inspection.engine.progress import Progress, each, ignore
from dashboard.inspection.weights.initialisation import expected_spreads, torch_default, uniform_bound
from dashboard.inspection.weights.tensors import is_batch_norm
from dashboard.inspection.weights.units import are_comparable, duplicates, unit_norms
from dashboard.records.weights import Distributions, Severity, TensorSummary, WeightFinding, WeightHealth
from models.classifier import Weights

# A unit so much weaker than the usual unit of its layer is dead, one so much stronger shouts the others down.
DEAD, LOUD = 1e-3, 10.0
# A layer so many times as wide as Kaiming's initialisation is told of, has exploded, and is beyond use. SqueezeNet 1.1,
# as published, has one of 53 times.
WIDE, EXPLODED, BEYOND_USE = 10.0, 100.0, 1000.0
# Published networks have dead and repeated units; where they are so large a share of a layer, it is hardly used.
HARDLY_USED = 0.5
# A channel whose factor is so small beside the largest is switched off.
OFF = 1e-3
# Fewer numbers cannot be told from an initialisation.
ENOUGH = 500
ORDER: tuple[Severity, ...] = ("broken", "serious", "notice")


@dataclass(frozen=True, eq=False)
class TensorExamination:
    """One tensor under examination.

    Attributes:
        summary: how its numbers are spread.
        tensor: itself.
        layer: role and last part of the name -> summaries of the other tensors of its layer.
        batch_norm: whether its layer keeps running statistics.
        norms: (units,) of each unit's weights; empty where it has no units.
    """

    summary: TensorSummary
    tensor: Tensor
    layer: dict[str, TensorSummary]
    batch_norm: bool
    norms: np.ndarray

    def finding(
        self,
        severity: Severity,
        kind: str,
        measure: str,
        meaning: str,
        *,
        share: float = 1.0,
        units: Iterable[int] = (),
    ) -> WeightFinding:
        """Something about it."""
        return WeightFinding(
            severity, kind, self.summary.facts, measure, share, meaning, tuple(int(unit) for unit in units)
        )


def health(weights: Weights, distributions: Distributions, progress: Progress = ignore) -> WeightHealth:
    """All that deserves a look, the worst first.

    Args:
        weights: of any network.
        distributions: how their numbers are spread.
        progress: told the share that is done; raises to cancel.
    """
    layers: dict[str, dict[str, TensorSummary]] = {}
    for summary in distributions.tensors:
        layers.setdefault(summary.facts.layer, {})[summary.facts.name.rpartition(".")[2]] = summary
    findings: list[WeightFinding] = []
    uncompared = []
    for summary in each(distributions.tensors, progress):
        tensor = weights.tensors[summary.facts.name]
        units = summary.facts.role == "weight" and summary.finite > 0
        findings += examine(
            TensorExamination(
                summary=summary,
                tensor=tensor,
                layer=layers[summary.facts.layer],
                batch_norm=is_batch_norm(summary.facts.layer, weights.tensors),
                norms=unit_norms(tensor) if units else np.zeros(0),
            )
        )
        if units and not are_comparable(tensor):
            uncompared.append(summary.facts.name)
    findings.sort(key=lambda finding: (ORDER.index(finding.severity), -finding.share))
    return WeightHealth(tuple(findings), tuple(uncompared))


def examine(patient: TensorExamination) -> Iterator[WeightFinding]:
    """What all checks find about one tensor."""
    for check in CHECKS:
        yield from check(patient)


def _not_finite(patient: TensorExamination) -> Iterator[WeightFinding]:
    summary = patient.summary
    if summary.nan or summary.infinite:
        yield patient.finding(
            "broken",
            "NaN or infinite",
            f"{summary.nan:,} NaN and {summary.infinite:,} infinite of {summary.facts.count:,} numbers",
            "Every answer that passes here is NaN: training diverged, or the file is damaged. Take an earlier one.",
            share=(summary.nan + summary.infinite) / summary.facts.count,
        )


def _negative_variance(patient: TensorExamination) -> Iterator[WeightFinding]:
    if patient.summary.facts.name.endswith("running_var") and patient.summary.low < 0:
        yield patient.finding(
            "broken",
            "Negative variance",
            f"the least running variance is {patient.summary.low:.3g}",
            "A variance cannot be negative, and its root is NaN: the file is damaged.",
        )


def _dead_filters(patient: TensorExamination) -> Iterator[WeightFinding]:
    norms = patient.norms
    if len(norms) < 2 or _constant(patient.summary):
        return
    dead = np.flatnonzero(norms <= DEAD * (np.median(norms) or norms.max()))
    if len(dead):
        yield patient.finding(
            _severity_of_loss(len(dead) / len(norms)),
            "Dead filters",
            f"{len(dead):,} of {len(norms):,} units",
            "Their weights are all but zero (below a thousandth of the usual unit's), so they look at nothing and "
            "could be pruned.",
            share=len(dead) / len(norms),
            units=dead.tolist(),
        )


def _severity_of_loss(share: float) -> Severity:
    return "serious" if share >= HARDLY_USED else "notice"


def _duplicate_filters(patient: TensorExamination) -> Iterator[WeightFinding]:
    if len(patient.norms) < 2 or _constant(patient.summary) or not are_comparable(patient.tensor):
        return
    pairs = duplicates(patient.tensor)
    if pairs:
        named = ", ".join(f"{later} = {first}" for first, later in pairs[:3])
        yield patient.finding(
            _severity_of_loss(len(pairs) / len(patient.norms)),
            "Duplicate filters",
            f"{len(pairs):,} of {len(patient.norms):,} units repeat another ({named})",
            "Units with the same weights (to 1 %) do the same work twice: they started alike, or were copied.",
            share=len(pairs) / len(patient.norms),
            units=[later for _, later in pairs],
        )


def _overbearing_units(patient: TensorExamination) -> Iterator[WeightFinding]:
    norms = patient.norms
    usual = float(np.median(norms)) if len(norms) > 1 else 0.0
    loud = np.flatnonzero(norms > LOUD * usual) if usual > 0 else np.zeros(0, int)
    if len(loud):
        yield patient.finding(
            "notice",
            "Overbearing units",
            f"{len(loud):,} of {len(norms):,} units, up to {norms.max() / usual:.3g} times the usual norm",
            "A few units are more than ten times as strong as the usual one; one scale of eight bits would lose the "
            "rest.",
            share=len(loud) / len(norms),
            units=loud.tolist(),
        )


def _exploding_norm(patient: TensorExamination) -> Iterator[WeightFinding]:
    spreads = expected_spreads(patient.summary.facts)
    times = patient.summary.rms / spreads[0].std if spreads and patient.summary.finite else 0.0
    if times > WIDE:
        yield patient.finding(
            "broken" if times > BEYOND_USE else "serious" if times > EXPLODED else "notice",
            "Exploding norm",
            f"{times:.3g} times as wide as Kaiming's initialisation",
            "Weights this large blow up what passes through unless a norm layer follows or the inputs are small: lower "
            "the learning rate, clip gradients or decay weights.",
            share=1 - 1 / times,
        )


def _unused_batch_norm(patient: TensorExamination) -> Iterator[WeightFinding]:
    mean, variance = (patient.layer.get(name) for name in ("running_mean", "running_var"))
    if mean is None or variance is None or patient.summary is not mean:
        return
    if mean.low == mean.high == 0 and variance.low == variance.high == 1:
        seen = patient.layer.get("num_batches_tracked")
        batches = ", no batch seen" if seen is not None and seen.high == 0 else ""
        yield patient.finding(
            "serious",
            "Unused batch norm",
            f"running mean 0 and variance 1 in all {mean.facts.count:,} channels{batches}",
            "Its running statistics are those it was made with: in eval mode it normalises nothing. It was never run "
            "in training mode, or its statistics were lost.",
        )


def _channels_off(patient: TensorExamination) -> Iterator[WeightFinding]:
    summary = patient.summary
    factor = summary.facts.role == "norm" and summary.facts.name.rpartition(".")[2] in ("weight", "gamma")
    if not factor or summary.facts.count < 2 or summary.largest == 0 or not summary.finite:
        return
    factors = np.nan_to_num(patient.tensor.detach().double().numpy())
    off = np.flatnonzero(abs(factors) <= OFF * summary.largest)
    if len(off):
        yield patient.finding(
            "notice",
            "Channels switched off",
            f"{len(off):,} of {summary.facts.count:,} factors are near zero",
            "Their norm layer multiplies these channels by next to nothing (below a thousandth of the largest "
            "factor); with their filters they could be pruned.",
            share=len(off) / summary.facts.count,
            units=off.tolist(),
        )


def _constant_values(patient: TensorExamination) -> Iterator[WeightFinding]:
    summary = patient.summary
    if summary.facts.role == "weight" and _constant(summary) and summary.facts.count > 1:
        yield patient.finding(
            "serious",
            "Never trained",
            f"all {summary.facts.count:,} weights are {summary.low:.3g}",
            "Weights that are all alike stay alike: this layer was initialised to a constant and never trained.",
        )
    if (
        summary.facts.role == "norm"
        and summary.facts.name.endswith("weight")
        and summary.low == summary.high == 1
    ):
        shift = patient.layer.get("bias")
        if shift is None or shift.low == shift.high == 0:
            yield patient.finding(
                "notice",
                "Never trained",
                f"factor 1{' and shift 0' if shift else ''} in all {summary.facts.count:,} channels",
                "This norm layer is as it was made.",
            )
    if summary.facts.role == "bias" and summary.low == summary.high == 0 and summary.facts.count > 1:
        yield patient.finding(
            "notice",
            "Never trained",
            f"all {summary.facts.count:,} are 0",
            "A bias of exact zeros was never trained, or the layer was made without one.",
        )


def _initial_values(patient: TensorExamination) -> Iterator[WeightFinding]:
    summary = patient.summary
    if (
        summary.facts.fans is None
        or summary.finite < ENOUGH
        or _constant(summary)
        or summary.finite < summary.facts.count
    ):
        return
    title = matching_initialisation(summary)
    if title is not None:
        yield patient.finding(
            "serious",
            "Never trained",
            f"spread {summary.std:.4g}, as {title} draws {summary.facts.count:,} numbers",
            "Its numbers cannot be told from an initialisation: this layer was not trained, or its weights did not "
            "load.",
        )


def matching_initialisation(summary: TensorSummary) -> str | None:
    """The initialisation that a tensor's numbers cannot be told from, or None.

    Spread and kurtosis lie within three standard errors of what it draws; a uniform draw also keeps within its bound
    and comes near it.
    """
    assert summary.facts.fans is not None
    inputs = summary.facts.fans[0]
    n, edge = summary.finite, uniform_bound(inputs)
    error = 3 / math.sqrt(n)
    if abs(summary.mean) > error * summary.std:
        return None
    # Standard errors of the spread, for a uniform and for a normal draw: sqrt((kurtosis + 2) / 4 n) of it.
    uniform = abs(summary.std / torch_default(inputs) - 1) < error * math.sqrt(0.2)
    if (
        uniform
        and 0.98 * edge < summary.largest <= edge * (1 + 1e-3)
        and abs(summary.kurtosis + 1.2) < error * 2
    ):
        return "torch's default"
    if abs(summary.kurtosis) > error * math.sqrt(24):
        return None
    near = [
        spread
        for spread in expected_spreads(summary.facts)[:2]
        if abs(summary.std / spread.std - 1) < error * math.sqrt(0.5)
    ]
    return near[0].title if near else None


def _constant(summary: TensorSummary) -> bool:
    return summary.finite > 0 and summary.low == summary.high


CHECKS: tuple[Callable[[TensorExamination], Iterator[WeightFinding]], ...] = (
    _not_finite,
    _negative_variance,
    _exploding_norm,
    _dead_filters,
    _duplicate_filters,
    _unused_batch_norm,
    _constant_values,
    _initial_values,
    _overbearing_units,
    _channels_off,
)
