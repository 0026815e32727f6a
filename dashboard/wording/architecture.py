"""What the layers cost, in rows and stages, and the sentence that says it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.architecture import Architecture, Timing, TracedCall
from dashboard.records.blocks import stages
from dashboard.wording.numbers import duration, enumeration, percent, short_title, si, three_digits

OUTSIDE_TITLE = "outside the layers"
BETWEEN = "between its layers, on calling, reshaping and copying"
# Where the middle half of the passes differ by more than this share, times are called rough.
NOISE = 0.2
# What is counted: part of the class's name, one, many.
LAYERS = (
    ("Conv", "convolution", "convolutions"),
    ("Attention", "attention", "attentions"),
    ("Linear", "dense layer", "dense layers"),
)


@dataclass(frozen=True, eq=False)
class Ledger:
    """The costs of a network, a row for each layer.

    Attributes:
        architecture: of the network.
        timing: None where it was not measured.
    """

    architecture: Architecture
    timing: Timing | None = None

    @property
    def rows(self) -> tuple[TracedCall, ...]:
        """All layers, blocks that do something themselves, and last what happens outside the layers."""
        return self.architecture.rows()

    @property
    def seconds(self) -> np.ndarray | None:
        """(rows,) of each row; the last has what no row before it has."""
        if self.timing is None:
            return None
        seconds = self.timing.of(self.rows)
        seconds[-1] = self.timing.whole - seconds[:-1].sum()
        return seconds

    def measures(self) -> dict[str, np.ndarray]:
        """Measure -> what each row has of it, (rows,)."""
        counted = {
            "Parameters": np.array([call.parameters for call in self.rows], float),
            "FLOPs": np.array([call.flops for call in self.rows], float),
            "Activations": np.array([call.memory for call in self.rows], float),
        }
        seconds = self.seconds
        return counted if seconds is None else counted | {"Time": seconds}

    def shares(self) -> dict[str, np.ndarray]:
        """Measure -> the share of each row, (rows,), in [0, 1]."""
        return {name: values / max(float(values.sum()), 1e-12) for name, values in self.measures().items()}


def headline(title: str, ledger: Ledger) -> str:
    """Where the parameters and the time of a network of that title go."""
    name, parameters = short_title(title), si(ledger.architecture.parameters)
    held, spent = _largest(ledger, "Parameters"), _largest(ledger, "Time")
    sentence = (
        f"{name} has nothing to learn: {parameters} parameters"
        if held is None
        else f"{name} keeps {percent(held[1])} of its {parameters} parameters in {held[0]}"
    )
    if spent is None or ledger.timing is None:
        return f"{sentence}."
    rough = "roughly " if is_noisy(ledger.timing) else ""
    where = BETWEEN if spent[0] == OUTSIDE_TITLE else f"in {spent[0]}"
    if held is not None and held[0] == spent[0]:
        where = "there"
    return f"{sentence}, and spends {rough}{percent(spent[1])} of a pass {where}."


def makeup(architecture: Architecture) -> str:
    """Of how many layers of which sort a network is built; empty where it has none of them."""
    counts = [_layer_count(architecture, part, one, many) for part, one, many in LAYERS]
    layers = enumeration([count for count in counts if count])
    return f"Built of {layers}." if layers else ""


def _layer_count(architecture: Architecture, part: str, one: str, many: str) -> str:
    """How many calls of a sort there are; those of one block of attention count once."""
    count = sum(part in call.kind and (call.leaf or part == "Attention") for call in architecture.calls)
    return "" if not count else f"1 {one}" if count == 1 else f"{count:,} {many}"


def _largest(ledger: Ledger, measure: str) -> tuple[str, float] | None:
    """The stage that has most of a measure, and its share."""
    names, shares = stage_shares(ledger)
    if measure not in shares or not any(shares[measure]):
        return None
    place = int(np.argmax(shares[measure]))
    return names[place], shares[measure][place]


def stage_shares(ledger: Ledger) -> tuple[list[str], dict[str, list[float]]]:
    """Names of the stages, and measure -> the share of each."""
    places = {call.name: place for place, call in enumerate(ledger.rows)}
    parts = stages(ledger.architecture)
    shares = {
        name: [float(sum(values[places[call]] for call in stage.calls if call in places)) for stage in parts]
        for name, values in ledger.shares().items()
    }
    return [stage.name or OUTSIDE_TITLE for stage in parts], shares


def is_noisy(timing: Timing) -> bool:
    """Whether the passes differ so much that shares of the time are rough."""
    return timing.spread > NOISE


def kind(call: TracedCall) -> str:
    """The class of a row, and what a block does itself."""
    functions = list(dict.fromkeys(call.functions))
    return f"{call.kind}: {', '.join(functions)}" if functions else call.kind


def sheet(ledger: Ledger) -> dict[str, list[object]]:
    """The table in exact numbers, to take away."""
    rows, seconds = ledger.rows, ledger.seconds
    fields = [call.receptive_field or ("", "") for call in rows]
    columns: dict[str, list[object]] = {
        "layer": [call.name or OUTSIDE_TITLE for call in rows],
        "kind": [kind(call) for call in rows],
        "output": ["x".join(str(side) for side in call.shape) for call in rows],
        "dtype": [call.dtype for call in rows],
        "parameters": [call.parameters for call in rows],
        "flops": [call.flops for call in rows],
        "activation_bytes": [call.memory for call in rows],
        "field_height": [height for height, _ in fields],
        "field_width": [width for _, width in fields],
    }
    return (
        columns
        if seconds is None
        else columns | {"milliseconds": [f"{1000 * value:.4f}" for value in seconds]}
    )


def basis(timing: Timing) -> str:
    """On what the times rest."""
    threads = "one processor thread" if timing.threads == 1 else f"{timing.threads} processor threads"
    return (
        f"Times were measured on this machine with {threads}: medians of {timing.passes} passes, of which the middle "
        f"half differ by {percent(timing.spread)}."
    )


def brief(seconds: float) -> str:
    """A time that may be less than a millisecond: "0.214 ms"."""
    return f"{three_digits(1000 * seconds)} ms" if seconds < 0.1 else duration(seconds)
