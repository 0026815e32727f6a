"""Activation functions."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from dashboard.charts.architecture.formulas.symbols import Formula, number_setting
from dashboard.records.architecture import TracedCall

_HALF = "What is below 0 becomes 0; the rest passes."


def _activation(text: str, sentence: str) -> Callable[[TracedCall], Formula]:
    """An activation function; `{name}` in its text stands for a setting."""

    def rule(call: TracedCall) -> Formula:
        filled = re.sub(r"<(\w+)>", lambda match: f"{number_setting(call, match[1]):g}", text)
        return Formula(
            (rf"y = {filled}",),
            (sentence, f"Applied to each of {math.prod(call.shape):,} numbers by itself."),
        )

    return rule


def _gelu(call: TracedCall) -> Formula:
    exact = r"x\, \Phi(x) = \tfrac{x}{2} \left(1 + \mathrm{erf}\left(x / \sqrt{2}\right)\right)"
    tanh = r"\tfrac{x}{2} \left(1 + \tanh\left(\sqrt{2 / \pi}\, (x + 0.044715\, x^3)\right)\right)"
    return _activation(
        tanh if call.settings.get("approximate") == "tanh" else exact,
        "A smooth step: what is far below 0 is shut off.",
    )(call)


def _softmax(call: TracedCall) -> Formula:
    return Formula(
        (r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}",),
        ("Numbers become shares: all are positive and they add up to 1.",),
    )


ACTIVATIONS: dict[str, Callable[[TracedCall], Formula]] = {
    "ReLU": _activation(r"\max(0, x)", _HALF),
    "ReLU6": _activation(r"\min(\max(0, x), 6)", "What is below 0 becomes 0, what is above 6 becomes 6."),
    "LeakyReLU": _activation(r"\max(0, x) + <negative_slope> \min(0, x)", "What is below 0 is made small."),
    "Hardtanh": _activation(r"\min(\max(x, <min_val>), <max_val>)", "Cut off on both sides."),
    "ELU": _activation(
        r"\max(0, x) + <alpha> \min(0, e^{x} - 1)", "Smooth below 0, where it ends at a floor."
    ),
    "CELU": _activation(
        r"\max(0, x) + \min(0, <alpha> (e^{x / <alpha>} - 1))", "Smooth below 0, with a floor."
    ),
    "SELU": _activation(
        r"1.0507\, (\max(0, x) + 1.67326 \min(0, e^{x} - 1))", "Keeps mean 0 and variance 1."
    ),
    "SiLU": _activation(
        r"x\, \sigma(x) = \frac{x}{1 + e^{-x}}", "A smooth step: what is far below 0 is shut off."
    ),
    "Mish": _activation(r"x \tanh(\ln(1 + e^{x}))", "A smooth step: what is far below 0 is shut off."),
    "GELU": _gelu,
    "Sigmoid": _activation(r"\sigma(x) = \frac{1}{1 + e^{-x}}", "Any number becomes one between 0 and 1."),
    "Tanh": _activation(r"\tanh(x)", "Any number becomes one between -1 and 1."),
    "Hardswish": _activation(r"x \cdot \frac{\min(\max(x + 3, 0), 6)}{6}", "SiLU made of straight pieces."),
    "Hardsigmoid": _activation(r"\frac{\min(\max(x + 3, 0), 6)}{6}", "A sigmoid made of straight pieces."),
    "Softplus": _activation(r"\ln(1 + e^{x})", "A smooth ReLU."),
    "PReLU": _activation(
        r"\max(0, x) + a \min(0, x)", "What is below 0 is made smaller by a learned factor a."
    ),
    "Softmax": _softmax,
}
