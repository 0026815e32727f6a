"""Operations are counted by their formulas: two for a multiplication and its addition."""

from __future__ import annotations

import threading

import torch
from torch import nn
from torch.nn import functional

from models.runtime.flops import FlopCounter


def test_products_and_convolutions_by_hand():
    convolution = nn.Conv2d(3, 5, 3, padding=1)
    with torch.no_grad(), FlopCounter() as counter:
        torch.zeros(4, 6) @ torch.zeros(6, 7)
        assert counter.total == 2 * 4 * 6 * 7
        convolution(torch.zeros(2, 3, 8, 8))
        assert counter.total == 2 * 4 * 6 * 7 + 2 * 2 * 8 * 8 * 5 * 3 * 9
        functional.relu(torch.zeros(100))
    assert counter.total == 2 * 4 * 6 * 7 + 2 * 2 * 8 * 8 * 5 * 3 * 9


def test_fused_attention_counts_as_its_two_products():
    tokens = torch.zeros(1, 2, 5, 4)
    with torch.no_grad(), FlopCounter() as counter:
        functional.scaled_dot_product_attention(tokens, tokens, tokens)
    assert counter.total == 2 * (2 * 2 * 5 * 4 * 5)


def test_what_another_thread_computes_is_not_counted():
    with FlopCounter() as counter:
        other = threading.Thread(target=lambda: torch.zeros(4, 6) @ torch.zeros(6, 7))
        other.start()
        other.join()
    assert counter.total == 0
