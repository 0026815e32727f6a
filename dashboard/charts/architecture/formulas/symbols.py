"""Numbers, names and sizes of a layer as LaTeX says them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.records.architecture import TracedCall
from dashboard.wording.numbers import shape


@dataclass(frozen=True)
class Formula:
    """A layer in symbols and in words.

    Attributes:
        lines: LaTeX, one equation each.
        sentences: plain text on what the symbols mean here.
    """

    lines: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def tex_number(number: float) -> str:
    """A number for LaTeX, thousands separated."""
    return f"{number:,.0f}".replace(",", "{,}") if float(number).is_integer() else f"{number:g}"


def real_space(*sides: int) -> str:
    """The set of tensors of a shape."""
    product = r" \times ".join(tex_number(side) for side in sides)
    return rf"\mathbb{{R}}^{{{product}}}"


def number_setting(call: TracedCall, name: str, default: float = 0) -> float:
    """A setting of a layer that is a number."""
    value = call.settings.get(name, default)
    return value if isinstance(value, int | float) else default


def pair_setting(call: TracedCall, name: str, default: int) -> tuple[int, int]:
    """A setting for both axes, however it is written."""
    value = call.settings.get(name, default)
    if isinstance(value, tuple):
        return int(value[0]), int(value[-1])
    return (int(value), int(value)) if isinstance(value, int) else (default, default)


def small_number(number: float) -> str:
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
    factors = r" \cdot ".join(tex_number(factor) for factor in product)
    addend = f"+ {tex_number(bias)} " if bias else ""
    return rf"{factors} {addend}= {tex_number(math.prod(product) + bias)} \text{{ weights}}"


def has_weight(call: TracedCall, weight: str) -> bool:
    """Whether a layer learned a weight of that name."""
    return any(name == weight for name, _ in call.weights)


def tex_name(text: str) -> str:
    """A layer's name in LaTeX; what is no letter, digit or line of a name is left out."""
    escaped = re.sub(r"([_#])", r"\\\1", re.sub(r"[^A-Za-z0-9_#.-]", "", text))
    return rf"\mathrm{{{escaped}}}"


def no_formula(call: TracedCall) -> Formula:
    """A sentence in place of a formula."""
    if not call.leaf:
        return Formula((), ("The block has too many steps for one formula: choose a layer inside it.",))
    read = " and ".join(shape(sides) for sides in call.inputs) or "nothing"
    return Formula(
        (),
        (
            f"No formula is written down here for a {call.kind}: it reads {read} and gives {shape(call.shape)}.",
        ),
    )
