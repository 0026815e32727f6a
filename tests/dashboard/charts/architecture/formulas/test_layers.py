"""Formulas with their sizes: what they say must be what the layer is, and what torch computes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from dashboard.charts.architecture.formulas import formula
from dashboard.inspection.architecture.trace import architecture
from models.zoo.small import ARCHITECTURES
from tests.dashboard.charts.architecture.formulas.single import Only, formula_of
from tests.networks import built


class Attends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, inputs: Tensor) -> Tensor:
        tokens = inputs.flatten(2).transpose(1, 2)
        attended: Tensor = self.attention(tokens, tokens, tokens)[0]
        return attended.flatten(1)


def equations(text: str) -> list[tuple[float, float]]:
    """Both sides of each equation between numbers: "2 \\cdot 3 + 1 = 7"."""
    plain = text.replace("{,}", "").replace(r"\cdot", "*").replace("^2", "**2")
    floors = re.sub(r"\\left\\l(floor|ceil) \\frac\{(.*?)\}\{(\d+)\} \\right\\r\1", _rounded, plain)
    found = re.findall(r"((?:[\d.]+|\*\*|[*+ -])+)= (\d+)", floors)
    return [(_evaluated(left), float(right)) for left, right in found if re.search(r"\d", left)]


def _rounded(match: re.Match[str]) -> str:
    quotient = _evaluated(match[2]) / int(match[3])
    return str(math.floor(quotient) if match[1] == "floor" else math.ceil(quotient))


def _evaluated(text: str) -> float:
    """Sums and products of numbers, by hand."""
    total = 0.0
    for term in re.split(r"(?=[+-])", text.replace(" ", "").replace("**2", "^")):
        if not term:
            continue
        sign, factors = (-1, term[1:]) if term[0] == "-" else (1, term.lstrip("+"))
        total += sign * math.prod(
            float(one.rstrip("^")) ** (2 if one.endswith("^") else 1) for one in factors.split("*")
        )
    return total


def test_a_dense_layer_as_the_textbooks_write_it():
    found = architecture(built(ARCHITECTURES["mlp"].build), torch.rand(1, 1, 28, 28))
    call = found.find("fc1")
    assert call is not None
    lines = formula(found, call).lines
    assert lines[0] == r"y = W x + b, \quad W \in \mathbb{R}^{128 \times 784},\; b \in \mathbb{R}^{128}"
    assert lines[1] == r"128 \cdot 784 + 128 = 100{,}480 \text{ weights}"
    assert lines[2] == r"2 \cdot 128 \cdot 784 = 200{,}704 \text{ FLOPs}"


def test_a_dense_layer_over_tokens_says_how_often():
    found = formula_of(lambda: nn.Linear(8, 6, bias=False), 3, 5, 8)
    assert found.lines[0] == r"y = W x, \quad W \in \mathbb{R}^{6 \times 8}"
    assert found.lines[-1] == r"15 \cdot 2 \cdot 6 \cdot 8 = 1{,}440 \text{ FLOPs}"
    assert "at each of 15 places" in found.sentences[-1]


CONVOLUTIONS: dict[str, tuple[Callable[[], nn.Module], str, str]] = {
    "stem": (
        lambda: nn.Conv2d(4, 8, 7, stride=2, padding=3, bias=False),
        r"y_{k,i,j} = \sum_{c=1}^{4} \sum_{u=0}^{6} \sum_{v=0}^{6} W_{k, c, u, v}\; x_{c,\, 2i + u - 3,\, 2j + v - 3}",
        "8 filters of 7 x 7",
    ),
    "pointwise": (
        lambda: nn.Conv2d(4, 8, 1),
        r"y_{k,i,j} = \sum_{c=1}^{4} W_{k, c}\; x_{c,\, i,\, j} + b_k",
        "mixes 4 channels into 8",
    ),
    "depthwise": (
        lambda: nn.Conv2d(4, 4, 3, padding=2, dilation=2, groups=4),
        r"y_{k,i,j} = \sum_{u=0}^{2} \sum_{v=0}^{2} W_{k, u, v}\; x_{k,\, i + 2u - 2,\, j + 2v - 2} + b_k",
        "Depthwise",
    ),
    "groups": (
        lambda: nn.Conv2d(4, 8, 3, groups=2, bias=False),
        r"y_{k,i,j} = \sum_{c=1}^{2} \sum_{u=0}^{2} \sum_{v=0}^{2} W_{k, c, u, v}\; x_{c + c_0(k),\, i + u,\, j + v}",
        "In 2 groups: a filter reads 2 of 4 channels",
    ),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions(name):
    layer, line, sentence = CONVOLUTIONS[name]
    found = formula_of(layer, 4, 16, 16)
    assert found.lines[0] == line
    assert sentence in found.sentences[0]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (lambda: nn.Linear(12, 5), (12,)),
        (lambda: nn.Linear(8, 6), (3, 5, 8)),
        (lambda: nn.Conv2d(4, 8, 7, stride=2, padding=3), (4, 17, 17)),
        (lambda: nn.Conv2d(4, 8, 3, dilation=2, bias=False), (4, 17, 17)),
        (lambda: nn.Conv2d(4, 8, (3, 3), groups=4), (4, 16, 16)),
        (lambda: nn.BatchNorm2d(4), (4, 5, 5)),
        (lambda: nn.LayerNorm(5), (4, 5, 5)),
        (Attends, (8, 3, 3)),
    ],
    ids=["dense", "tokens", "stem", "dilated", "grouped", "batch norm", "layer norm", "attention"],
)
def test_the_numbers_add_up_and_are_the_layers(layer, shape):
    network = built(lambda: layer() if layer is Attends else Only(layer()))
    found = architecture(network, torch.rand(1, *shape))
    call = next(one for one in found.calls if one.leaf)
    lines = formula(found, call).lines
    weights = [line for line in lines if "weights" in line]
    assert len(weights) == 1
    for line in lines:
        for left, right in equations(line):
            assert left == right, line
    assert equations(weights[0])[-1][1] == call.parameters == sum(one.numel() for one in network.parameters())
    flops = [line for line in lines if "FLOPs" in line]
    assert [equations(line)[-1][1] for line in flops] in ([], [call.flops])


def test_tensorflows_padding_says_so(embedded):
    found = architecture(embedded("efficientnet_lite0").module, torch.zeros(1, 3, 224, 224))
    call = found.find("conv_stem")
    assert call is not None
    lines = formula(found, call).lines
    assert r"\left\lceil \frac{224}{2} \right\rceil = 112 \text{ rows, padded to fit}" in lines


def test_a_block_that_is_a_layer_too_names_its_own_step(embedded):
    found = architecture(embedded("efficientnet_lite0").module, torch.zeros(1, 3, 224, 224))
    call = found.find("bn1")
    assert call is not None
    first, *_, last = formula(found, call).lines
    assert first.startswith(r"\mathrm{batch\_norm}(x)_c = \gamma_c")
    assert last.startswith(r"\footnotesize \begin{aligned} z_{1} &= \mathrm{batch\_norm}(x)")


@pytest.mark.parametrize(
    ("layer", "part"),
    [
        (
            lambda: nn.MaxPool2d(3, 2, 1),
            r"\max_{0 \le u < 3,\; 0 \le v < 3} x_{c,\, 2i + u - 1,\, 2j + v - 1}",
        ),
        (lambda: nn.MaxPool2d(2), r"x_{c,\, 2i + u,\, 2j + v}"),
        (
            lambda: nn.AvgPool2d(2),
            r"\frac{1}{2 \cdot 2} \sum_{u=0}^{1} \sum_{v=0}^{1} x_{c,\, 2i + u,\, 2j + v}",
        ),
        (lambda: nn.AdaptiveAvgPool2d(1), r"\frac{1}{8 \cdot 8} \sum_{i=1}^{8} \sum_{j=1}^{8} x_{c,i,j}"),
        (lambda: nn.AdaptiveMaxPool2d(1), r"\max_{i \le 8,\; j \le 8} x_{c,i,j}"),
        (lambda: nn.Flatten(), r"\mathbb{R}^{4 \times 8 \times 8} \to \mathbb{R}^{256}"),
        (lambda: nn.Dropout(0.2), r"y = x \quad \text{in use}"),
        (lambda: nn.GELU(approximate="tanh"), "0.044715"),
        (lambda: nn.LeakyReLU(0.2), r"0.2 \min(0, x)"),
        (lambda: nn.GroupNorm(2, 4), r"\sigma_{g(c)}^2"),
    ],
)
def test_other_layers(layer, part):
    assert any(part in line for line in formula_of(layer, 4, 8, 8).lines)
