"""Blocks step by step."""

from __future__ import annotations

import torch
from torch import nn

from dashboard.charts.architecture.formulas import formula
from dashboard.inspection.architecture.trace import architecture
from models.zoo.small import ARCHITECTURES
from tests.networks import built


def test_a_residual_block_step_by_step():
    found = architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))
    call = found.find("block1")
    assert call is not None
    (line,) = formula(found, call).lines
    assert r"z_{6} &= \mathrm{shortcut}(x)" in line
    assert r"z_{7} &= z_{5} + z_{6}" in line
    assert line.endswith(
        r"y &= \mathrm{relu2}(z_{7}) && \in \mathbb{R}^{16 \times 28 \times 28} \end{aligned}"
    )


def test_a_block_that_gives_two_tensors_says_both():
    class Pair(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Linear(4, 2), nn.Linear(4, 3)

        def forward(self, inputs):
            return self.one(inputs), self.two(inputs)

    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.pair = Pair()

        def forward(self, inputs):
            return torch.cat(self.pair(inputs.flatten(1)), 1)

    found = architecture(built(Both), torch.rand(1, 1, 2, 2))
    call = found.find("pair")
    assert call is not None
    assert formula(found, call).lines[0].endswith(r"\\ y &= (z_{1}, z_{2}) \end{aligned}")


def test_a_skip_in_a_block_is_told():
    found = architecture(built(ARCHITECTURES["vit"].build), torch.rand(1, 1, 28, 28))
    call, attention = found.find("blocks.0"), found.find("blocks.0.attn")
    assert call is not None and attention is not None
    said_of = formula(found, call)
    assert r"z_{3} &= x + z_{2}" in said_of.lines[0]
    assert "it learns only the difference" in said_of.sentences[0]
    assert r"\sqrt{16}" in formula(found, attention).lines[0]


def test_names_become_no_markup():
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.block = nn.Sequential()
            self.block.add_module(r"\href{x}$", nn.ReLU())

        def forward(self, inputs):
            return self.block(inputs).flatten(1)

    found = architecture(built(Named), torch.rand(1, 1, 2, 2))
    call = found.find("block")
    assert call is not None
    assert formula(found, call).lines == (
        r"\footnotesize \begin{aligned} y &= \mathrm{hrefx}(x) && \in \mathbb{R}^{1 \times 2 \times 2} \end{aligned}",
    )
