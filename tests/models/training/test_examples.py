"""Rows by index."""

from __future__ import annotations

import torch

from models.training.examples import Rows


def test_rows_are_taken_with_their_targets():
    rows = Rows(torch.arange(8).reshape(4, 2), torch.tensor([0, 1, 0, 1]))
    inputs, targets = rows.take(torch.tensor([3, 0]))
    assert len(rows) == 4
    assert (inputs.tolist(), targets.tolist()) == ([[6, 7], [0, 1]], [1, 0])
