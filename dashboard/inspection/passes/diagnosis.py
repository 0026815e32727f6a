"""What is wrong with a network, by what its layers do over many pictures: each with its number and usual meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


def vanishing_signal(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Layers after which hardly anything varies."""
    yield from _spread(
        health,
        "Signal vanishes",
        lambda std, first: std < first / FACTOR,
        "Later layers read as good as a constant: look at initialisation, missing normalisation, weight decay.",
    )


def exploding_signal(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Layers after which values are huge."""
    yield from _spread(
        health,
        "Signal explodes",
        lambda std, first: std > first * FACTOR,
        "Numbers grow from layer to layer: look at the initialisation, at missing normalisation, at the learning rate.",
    )


def _spread(
    health: ActivationHealth, title: str, wrong: Callable[[float, float], bool], means: str
) -> Iterator[ActivationFinding]:
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


def dead_units(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Units through which nothing comes."""
    yield from _units(
        health,
        "Dead units",
        lambda layer: layer.dead,
        "never let anything through",
        "They learn no more, since no gradient reaches them: too large steps early on are the usual cause, and a "
        "lower learning rate, warm-up or a leaky activation the usual cure. A few of a hundred are common.",
    )


def saturated_units(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Units that are always at an end."""
    yield from _units(
        health,
        "Saturated units",
        lambda layer: layer.saturated,
        "are at an end of their activation function for 95 % of what they read or more",
        "Hardly any gradient reaches them: inputs or weights are too large for this function.",
    )


def duplicate_units(health: ActivationHealth) -> Iterator[ActivationFinding]:
    """Units that say the same."""
    yield from _units(
        health,
        "Duplicate units",
        lambda layer: tuple(sorted({second for _, second in layer.twins})),
        "rise and fall with another unit of their layer (correlation above 0.999)",
        "The layer is wider than it needs to be; the network could be pruned.",
    )


def _units(
    health: ActivationHealth,
    title: str,
    chosen: Callable[[LayerHealth], tuple[int, ...]],
    what: str,
    means: str,
) -> Iterator[ActivationFinding]:
    affected = [(layer, units) for layer in health.layers if (units := chosen(layer))]
    if not affected:
        return
    total = sum(len(units) for _, units in affected)
    worst = sorted(affected, key=lambda pair: -len(pair[1]))[:NAMED]
    places = ", ".join(f"{len(units):,} of {layer.units:,} in {layer.call.name}" for layer, units in worst)
    more = f" and {len(affected) - NAMED} more layers" if len(affected) > NAMED else ""
    yield ActivationFinding(title, f"{total:,} of {health.units:,} units {what}: {places}{more}.", means)


CHECKS: tuple[Callable[[ActivationHealth], Iterator[ActivationFinding]], ...] = (
    not_finite_values,
    vanishing_signal,
    exploding_signal,
    dead_units,
    saturated_units,
    duplicate_units,
)
