"""How a run reads histories: by a catalogue that it keeps."""

from __future__ import annotations

import torch

from models.history import HISTORY_ARCHITECTURES, HISTORY_SETS
from models.training.formats.histories import HistoryFormat

FORMAT = HistoryFormat(HISTORY_SETS["films"].load().catalogue)


def test_it_comes_back_from_json_and_builds_a_network_for_its_films():
    assert HistoryFormat.from_json(FORMAT.to_json()) == FORMAT
    network = FORMAT.build(HISTORY_ARCHITECTURES["two_towers"], 200)
    FORMAT.check(network, "Two-tower network")
    assert network(torch.zeros(2, 12, dtype=torch.long)).shape == (2, 200)
    # Three matrices for one person, one of them over all films, and the products.
    assert FORMAT.count_flops(network) == 2 * (32 * 64 + 64 * 32 + 200 * 32 * 32 + 200 * 32)
