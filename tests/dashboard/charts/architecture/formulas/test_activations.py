"""Formulas of activation functions give what torch gives."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
import torch
from torch import nn

from tests.dashboard.charts.architecture.formulas.single import formula_of

ACTIVATIONS = (
    *(nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.Hardtanh, nn.ELU, nn.CELU, nn.SELU, nn.SiLU, nn.Mish, nn.GELU),
    *(nn.Sigmoid, nn.Tanh, nn.Hardswish, nn.Hardsigmoid, nn.Softplus),
)


@pytest.mark.parametrize("layer", ACTIVATIONS, ids=lambda layer: layer.__name__)
@pytest.mark.parametrize("place", [-3.5, -1.0, -0.1, 0.0, 0.7, 2.0, 6.5])
def test_the_formula_of_an_activation_gives_what_torch_gives(layer, place):
    """The LaTeX itself is worked out, by a small reader of the few forms that occur."""
    (line,) = formula_of(layer, 1, 2, 2).lines
    expected = layer()(torch.tensor(place, dtype=torch.float64)).item()
    assert worked_out(line.removeprefix("y = "), place) == pytest.approx(expected, abs=1e-4)


def worked_out(text: str, x: float) -> float:
    """The value of one of our activation formulas; of several forms side by side, the last."""
    text = text.rpartition(" = ")[2]
    text = text.replace(r"\left", "").replace(r"\right", "").replace(r"\,", " ").replace(r"\cdot", " ")
    value, rest = _sum(text, x)
    assert not rest.strip(), rest
    return value


def _sum(text: str, x: float) -> tuple[float, str]:
    value, text = _product(text, x)
    while text.lstrip()[:1] in ("+", "-"):
        sign = text.lstrip()[0]
        term, text = _product(text.lstrip()[1:], x)
        value += term if sign == "+" else -term
    return value, text


def _product(text: str, x: float) -> tuple[float, str]:
    value, text = _factor(text, x)
    while (rest := text.lstrip()) and rest[0] not in "+-),}":
        if rest[0] == "/":
            term, text = _factor(rest[1:], x)
            value /= term
        else:
            term, text = _factor(rest, x)
            value *= term
    return value, text


FUNCTIONS: dict[str, Callable[..., float]] = {
    r"\max": max,
    r"\min": min,
    r"\tanh": math.tanh,
    r"\ln": math.log,
    r"\mathrm{erf}": math.erf,
    r"\Phi": lambda value: (1 + math.erf(value / math.sqrt(2))) / 2,
}


def _factor(text: str, x: float) -> tuple[float, str]:
    text = text.lstrip()
    for name, function in FUNCTIONS.items():
        if text.startswith(name):
            values, text = _arguments(text[len(name) :].lstrip(), x)
            return function(*values), text
    for name in (r"\tfrac", r"\frac"):
        if text.startswith(name):
            above, text = _braced(text[len(name) :], x)
            below, text = _braced(text, x)
            return above / below, text
    if text.startswith(r"\sqrt"):
        value, text = _braced(text[5:], x)
        return math.sqrt(value), text
    if text.startswith("e^"):
        value, text = _braced(text[2:], x)
        return math.exp(value), text
    if text.startswith("-"):
        value, text = _factor(text[1:], x)
        return -value, text
    if text[0] == "(":
        (value,), text = _arguments(text, x)
        return value, text
    if text[0] == "x":
        return x, text[1:]
    number = re.match(r"[\d.]+", text)
    assert number, text
    return float(number[0]), text[number.end() :]


def _braced(text: str, x: float) -> tuple[float, str]:
    assert text[0] == "{", text
    value, text = _sum(text[1:], x)
    assert text[0] == "}", text
    return value, text[1:]


def _arguments(text: str, x: float) -> tuple[list[float], str]:
    assert text[0] == "(", text
    values = []
    while text[0] in "(,":
        value, text = _sum(text[1:], x)
        values.append(value)
        text = text.lstrip()
    assert text[0] == ")", text
    return values, text[1:]
