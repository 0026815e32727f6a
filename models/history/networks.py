"""Networks that recommend: one tower for who chooses, one for what is chosen, and their products as scores."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.history.catalogue import PAD
from models.zoo.small.activation import build_activation
from models.zoo.small.width import scale


class TwoTowers(nn.Module):
    """Two towers over one table of films: the mean of what was chosen, and every film of the catalogue.

    Both towers read the same table, so that a film is near those it is chosen with. The order of a history does not
    count.

    Reference: Covington, Adams and Sargin, Deep neural networks for YouTube recommendations, 2016.
    """

    def __init__(
        self,
        classes: int = 20,
        films: int = 20,
        dropout: float = 0.0,
        activation: str = "relu",
        width: float = 1.0,
    ) -> None:
        super().__init__()
        if classes != films:
            raise ValueError(f"{films} films get as many scores, not {classes}")
        numbers = scale(32, width)
        self.embedding = nn.Embedding(films + 1, numbers, padding_idx=PAD)
        nn.init.normal_(self.embedding.weight[PAD + 1 :], std=0.1)
        self.fc1 = nn.Linear(numbers, 2 * numbers)
        self.act = build_activation(activation)
        self.dropout = nn.Dropout(dropout)
        self.fc2 = nn.Linear(2 * numbers, numbers)
        self.film = nn.Linear(numbers, numbers)
        # How often a film is chosen, whoever chooses.
        self.bias = nn.Parameter(torch.zeros(films))

    def who(self, ids: Tensor) -> Tensor:
        """Who chooses, (N, D), by ids of films of shape (N, L), filled up with PAD; of nothing, what is usual."""
        # What is not there is a row of zeros.
        mean = self.embedding(ids).sum(1) / (ids != PAD).sum(1, keepdim=True).clamp_min(1)
        person: Tensor = self.fc2(self.dropout(self.act(self.fc1(mean))))
        return person

    def what(self) -> Tensor:
        """The films, (F, D)."""
        films: Tensor = self.film(self.embedding.weight[PAD + 1 :])
        return films

    def forward(self, ids: Tensor) -> Tensor:
        """Scores of all films, (N, F), for ids of shape (N, L), filled up with PAD."""
        return self.who(ids) @ self.what().T + self.bias
