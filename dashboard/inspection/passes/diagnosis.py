"""What is wrong with a network, by what its layers do over many pictures: each with its number and usual meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from dashboard.records.activations import ActivationFinding, ActivationHealth, LayerHealth

# A layer whose values are this many times as widely spread as the first one's has exploded; or vanished, likewise.
FACTOR = 1000.0
NAMED = 3


def findings(health: ActivationHealth) -> tuple[ActivationFinding, ...]:
    """All that is found, the gravest first."""
    return tuple(finding for check in CHECKS for finding in check(health))


def not_finite_values(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Values that are no numbers."""
    broken = [layer for layer in health.layers if layer.not_finite]
    if broken:
        total = sum(layer.not_finite for layer in broken)
        yield ActivationFinding(
            "Not finite",
            f"{total:,} values are NaN or infinite, first at {broken[0].call.name}.",
            "Training has diverged or a weight is broken: go back to a checkpoint and lower the learning rate.",
        )


def _spread(
    health: ActivationHealth, *, title: str, wrong: Callable[[float, float], bool], means: str
) -> Iterator[ActivationFinding]:
    """The first layer whose values spread otherwise than the first one's by too much."""
    layers = [layer for layer in health.layers if layer.call.kind != "Softmax"]
    if not layers or not layers[0].std:
        return
    first = layers[0]
    worst = next((layer for layer in layers if wrong(layer.std, first.std)), None)
    if worst is not None:
        yield ActivationFinding(
            title,
            f"At {worst.call.name} the standard deviation is {worst.std:.3g}, against {first.std:.3g} at "
            f"{first.call.name}.",
            means,
        )


def _units(
    health: ActivationHealth,
    *,
    title: str,
    chosen: Callable[[LayerHealth], tuple[int, ...]],
    what: str,
    means: str,
) -> Iterator[ActivationFinding]:
    """Layers of which some units are of no use, those with most of them by name."""
    affected = [(layer, units) for layer in health.layers if (units := chosen(layer))]
    if not affected:
        return
    total = sum(len(units) for _, units in affected)
    worst = sorted(affected, key=lambda pair: -len(pair[1]))[:NAMED]
    places = ", ".join(f"{len(units):,} of {layer.units:,} in {layer.call.name}" for layer, units in worst)
    more = f" and {len(affected) - NAMED} more layers" if len(affected) > NAMED else ""
    yield ActivationFinding(
        title, f"{total:,} of {health.units:,} units {what}: {places}{more}.", means, of_units=True
    )


CHECKS: tuple[Callable[[ActivationHealth], Iterator[ActivationFinding]], ...] = (
    not_finite_values,
    partial(
        _spread,
        title="Signal vanishes",
        wrong=lambda std, first: std < first / FACTOR,
        means="Later layers read as good as a constant: look at initialisation, missing normalisation, weight decay.",
    ),
    partial(
        _spread,
        title="Signal explodes",
        wrong=lambda std, first: std > first * FACTOR,
        means="Numbers grow from layer to layer: look at the initialisation, at missing normalisation, at the learning "
        "rate.",
    ),
    partial(
        _units,
        title="Dead units",
        chosen=lambda layer: layer.dead,
        what="never let anything through",
        means="They learn no more, since no gradient reaches them: too large steps early on are the usual cause, and "
        "a lower learning rate, warm-up or a leaky activation the usual cure. A few of a hundred are common.",
    ),
    partial(
        _units,
        title="Saturated units",
        chosen=lambda layer: layer.saturated,
        what="are at an end of their activation function for 95 % of what they read or more",
        means="Hardly any gradient reaches them: inputs or weights are too large for this function.",
    ),
    partial(
        _units,
        title="Duplicate units",
        chosen=lambda layer: tuple(sorted({second for _, second in layer.twins})),
        what="rise and fall with another unit of their layer (correlation above 0.999)",
        means="The layer is wider than it needs to be; the network could be pruned.",
    ),
)
