"""The sentence, the shares and the table's file, from numbers that are known."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from dashboard.components.tables import csv_text
from dashboard.inspection.architecture.trace import architecture
from dashboard.records.architecture import Architecture, Timing
from dashboard.wording.architecture import OUTSIDE_TITLE, Ledger, headline, makeup, sheet, stage_shares
from models.zoo.small import ARCHITECTURES
from tests.networks import ConvNet, built


@pytest.fixture(scope="module")
def found() -> Architecture:
    return architecture(built(ConvNet), torch.rand(1, 1, 8, 8))


def timed(found: Architecture, **seconds: float) -> Timing:
    """Times of some calls; a thousandth of a second outside them."""
    names = tuple(call.name for call in found.calls)
    values = np.array([seconds.get(name, 0.001 if not name else 0.0) for name in names])
    return Timing(names, values, float(values.sum()), 0.9 * float(values.sum()), 10, 0.05, 1)


def test_the_headline_is_made_from_the_numbers(found):
    ledger = Ledger(found, timed(found, conv1=0.001, conv2=0.006, head=0.002))
    assert headline("Net (MNIST)", ledger) == (
        "Net keeps 75 % of its 365 parameters in conv2, and spends 60 % of a pass there."
    )


def test_times_of_a_busy_machine_are_called_rough(found):
    quiet = timed(found, conv2=0.006)
    assert ", and spends roughly 86 % of a pass there." in headline(
        "Net", Ledger(found, replace(quiet, spread=0.6))
    )
    assert "roughly" not in headline("Net", Ledger(found, quiet))


def test_time_that_no_layer_takes_is_spent_between_them(found):
    assert headline("Net", Ledger(found, timed(found))).endswith(
        "and spends 100 % of a pass between its layers, on calling, reshaping and copying."
    )


def test_the_headline_before_the_times_are_there(found):
    assert headline("Net", Ledger(found)) == "Net keeps 75 % of its 365 parameters in conv2."


def test_attention_counts_once():
    vit = architecture(built(ARCHITECTURES["vit"].build), torch.rand(1, 1, 28, 28))
    assert makeup(vit) == "Built of 1 convolution, 4 attentions and 17 dense layers."


def test_a_network_that_learned_nothing_has_a_headline():
    class Sums(nn.Module):
        def forward(self, inputs):
            return inputs.flatten(1).sum(1, keepdim=True)

    assert headline("Net", Ledger(architecture(built(Sums), torch.rand(1, 1, 8, 8)))) == (
        "Net has nothing to learn: 0 parameters."
    )


def test_rows_add_up_to_the_whole_pass(found):
    ledger = Ledger(found, timed(found, conv1=0.001, bn1=0.002))
    seconds = ledger.seconds
    assert seconds is not None and ledger.timing is not None
    assert seconds.sum() == pytest.approx(ledger.timing.whole)
    assert seconds[-1] == pytest.approx(0.001)
    assert all(shares.sum() == pytest.approx(1) for shares in ledger.shares().values())


def test_what_blocks_do_between_their_layers_is_outside_them_where_they_have_no_row():
    resnet = architecture(built(ARCHITECTURES["resnet"].build), torch.rand(1, 1, 28, 28))
    names = {call.name for call in Ledger(resnet).rows}
    assert "block1" in names  # it adds
    assert "block2.shortcut" not in names  # it only calls
    ledger = Ledger(resnet, timed(resnet, **{"block2.shortcut": 0.004, "block1": 0.003}))
    seconds = ledger.seconds
    assert seconds is not None and seconds[-1] == pytest.approx(0.005)


def test_stages_add_up():
    vit = architecture(built(ARCHITECTURES["vit"].build), torch.rand(1, 1, 28, 28))
    names, shares = stage_shares(Ledger(vit, timed(vit, head=0.003)))
    assert names[-1] == OUTSIDE_TITLE
    assert all(sum(values) == pytest.approx(1) for values in shares.values())
    assert shares["Time"][names.index("head")] == pytest.approx(0.75)


def test_the_file_has_exact_numbers(found):
    rows = list(csv.DictReader(io.StringIO(csv_text(sheet(Ledger(found, timed(found, conv1=0.00125)))))))
    assert [row["layer"] for row in rows] == ["conv1", "bn1", "act1", "conv2", "act2", "head", OUTSIDE_TITLE]
    assert rows[0] == {
        "layer": "conv1",
        "kind": "Conv2d",
        "output": "6x8x8",
        "dtype": "float32",
        "parameters": "60",
        "flops": str(2 * 6 * 9 * 64),
        "activation_bytes": str(6 * 64 * 4),
        "field_height": "3",
        "field_width": "3",
        "milliseconds": "1.2500",
    }
    assert rows[5]["field_height"] == ""
    assert "milliseconds" not in sheet(Ledger(found))


def test_no_name_becomes_a_formula_of_a_spreadsheet():
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.add_module("=1+1", nn.Identity())
            self.layer = type("@SUM(A1)", (nn.Identity,), {})()

        def forward(self, inputs):
            return self.layer(self.get_submodule("=1+1")(inputs)).flatten(1)

    rows = list(
        csv.reader(io.StringIO(csv_text(sheet(Ledger(architecture(built(Named), torch.rand(1, 1, 2, 2)))))))
    )
    assert [row[0] for row in rows[1:3]] == ["'=1+1", "layer"]
    assert rows[2][1] == "'@SUM(A1)"
