"""The small residual network."""

from __future__ import annotations

import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.zoo.small.resnet import Block, ResNet


def test_a_block_whose_convolutions_are_nothing_hands_its_input_on():
    block = Block(4, 4, 1, "relu").eval()
    for convolution in (block.conv1, block.conv2):
        nn.init.zeros_(convolution.weight)
    inputs = torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(0))
    assert isinstance(block.shortcut, nn.Identity)
    torch.testing.assert_close(block(inputs), inputs.clamp(min=0))


def test_a_block_of_another_width_halves_and_projects():
    with fork_rng(0):
        block, inputs = Block(4, 8, 2, "relu").eval(), torch.randn(2, 4, 6, 6)
    nn.init.zeros_(block.conv2.weight)
    assert isinstance(block.shortcut, nn.Sequential)
    outputs = block(inputs)
    assert outputs.shape == (2, 8, 3, 3)
    torch.testing.assert_close(outputs, block.shortcut(inputs).clamp(min=0))


def test_it_reads_any_size():
    network = ResNet(classes=3, channels=3).eval()
    assert [tuple(network(torch.zeros(1, 3, side, side)).shape) for side in (4, 28, 33)] == [(1, 3)] * 3
