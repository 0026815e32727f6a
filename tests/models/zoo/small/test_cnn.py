"""The small convolutional network."""

from __future__ import annotations

import torch
from torch import nn

from models.runtime.randomness import fork_rng
from models.zoo.small.cnn import CNN, ConvBlock


def test_a_block_is_convolution_batch_norm_relu_and_keeps_its_size():
    with fork_rng(0):
        block, inputs = ConvBlock(2, 4, "relu").eval(), torch.randn(1, 2, 5, 6)
    outputs = block(inputs)
    assert outputs.shape == (1, 4, 5, 6)
    expected = nn.functional.conv2d(inputs, block.conv.weight, padding=1) / (1 + block.bn.eps) ** 0.5
    torch.testing.assert_close(outputs, expected.clamp(min=0))


def test_the_logits_are_linear_in_the_mean_of_the_last_maps():
    with fork_rng(0):
        network, inputs = CNN().eval(), torch.randn(2, 1, 28, 28)
    maps: list[torch.Tensor] = []
    network.block5.register_forward_hook(lambda *answer: maps.append(answer[2]))
    logits = network(inputs)
    assert maps[0].shape == (2, 64, 7, 7)
    torch.testing.assert_close(logits, network.head(maps[0].mean((2, 3))))
    assert network(torch.zeros(1, 1, 4, 4)).shape == (1, 10)
