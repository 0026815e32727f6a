"""Numbers, names and sizes of a layer as LaTeX says them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.records.architecture import Shape, TracedCall


@dataclass(frozen=True)
class Formula:
    """A layer in symbols and in words.

    Attributes:
        lines: LaTeX, one equation each.
        sentences: plain text on what the symbols mean here.
    """

    lines: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def count(number: float) -> str:
    """A number for LaTeX, thousands separated."""
    return f"{number:,.0f}".replace(",", "{,}") if float(number).is_integer() else f"{number:g}"


def real(*sides: int) -> str:
    """The set of tensors of a shape."""
    product = r" \times ".join(count(side) for side in sides)
    return rf"\mathbb{{R}}^{{{product}}}"


def by(shape: Shape) -> str:
    """A shape in words."""
    return " x ".join(f"{side:,}" for side in shape) if shape else "one number"


def number(call: TracedCall, name: str, default: float = 0) -> float:
    """A setting of a layer that is a number."""
    value = call.settings.get(name, default)
    return value if isinstance(value, int | float) else default


def pair(call: TracedCall, name: str, default: int) -> tuple[int, int]:
    """A setting for both axes, however it is written."""
    value = call.settings.get(name, default)
    if isinstance(value, tuple):
        return int(value[0]), int(value[-1])
    return (int(value), int(value)) if isinstance(value, int) else (default, default)


def small(number: float) -> str:
    """A small number such as an epsilon: 10^{-5}."""
    if number <= 0:
        return "0"
    power = math.floor(math.log10(number))
    head = number / 10**power
    return (
        (rf"{head:.3g} \cdot " if abs(head - 1) > 1e-6 else "") + f"10^{{{power}}}"
        if power < -2
        else f"{number:g}"
    )


def weights(call: TracedCall, product: Sequence[float], bias: int) -> str:
    """How the number of weights comes about."""
    said = r" \cdot ".join(count(factor) for factor in product)
    return (
        rf"{said} {f'+ {count(bias)} ' if bias else ''}= {count(math.prod(product) + bias)} \text{{ weights}}"
    )


def has(call: TracedCall, weight: str) -> bool:
    """Whether a layer learned a weight of that name."""
    return any(name == weight for name, _ in call.weights)


def name(text: str) -> str:
    """A layer's name in LaTeX; what is no letter, digit or line of a name is left out."""
    kept = re.sub(r"[^A-Za-z0-9_#.-]", "", text)
    escaped = re.sub(r"([_#])", r"\\\1", kept)
    return rf"\mathrm{{{escaped}}}"


def unknown(call: TracedCall) -> Formula:
    """A sentence in place of a formula."""
    if not call.leaf:
        return Formula((), ("The block has too many steps for one formula: choose a layer inside it.",))
    read = " and ".join(by(shape) for shape in call.inputs) or "nothing"
    return Formula(
        (),
        (f"No formula is written down here for a {call.kind}: it reads {read} and gives {by(call.shape)}.",),
    )
