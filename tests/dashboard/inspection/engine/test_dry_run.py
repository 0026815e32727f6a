"""Passes that show every call."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.dry_run import call_names, dry_run, replay
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.survey import survey
from tests.networks import Attended, ConvNet, built, pixels


def test_calls_of_one_layer_are_numbered_where_there_are_several():
    assert call_names(["a", "b", "a", "c"]) == ["a#1", "b", "a#2", "c"]


class Several(nn.Module):
    """Its parts hand on a tuple, a dictionary and whole numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.named, self.largest = nn.LSTM(8, 5, batch_first=True), Named(), Largest()

    def forward(self, inputs: Tensor) -> Tensor:
        rows, _ = self.lstm(inputs[:, 0])
        named = self.named(rows)
        self.largest(rows)
        logits: Tensor = named["rows"].mean(1)
        return logits


class Named(nn.Module):
    """A dictionary whose first entry is no number."""

    def forward(self, rows: Tensor) -> dict[str, object]:
        return {"name": "rows", "rows": rows}


class Largest(nn.Module):
    """Indices."""

    def forward(self, rows: Tensor) -> Tensor:
        return rows.argmax(-1)


def test_of_what_a_layer_hands_on_its_output_is_the_first_tensor_of_real_numbers():
    run = dry_run(isolate(built(Several)), torch.tensor(pixels())[None])
    assert run.members == {"lstm": "[0]", "named": "['rows']"}
    assert run.outputs["lstm"].shape == (1, 8, 5)


def test_attention_is_seen_with_the_module_that_attends():
    run = dry_run(isolate(built(Attended)), torch.tensor(pixels())[None])
    assert run.attention == ((1, 1, 17, 17), (1, 1, 1, 17))
    assert run.attending == {"attention", "last"}


def test_other_pictures_show_the_same_calls_in_order():
    module, inputs = built(Several), torch.tensor(pixels())[None]
    run = dry_run(isolate(module), inputs)
    read: list[tuple[str, Tensor, Tensor | None]] = []
    network = isolate(module)
    replay(network, inputs.repeat(3, 1, 1, 1), run, read.append, lambda weights: None)
    assert [(name, source) for name, _, source in read] == [("lstm", None), ("named", None)]
    torch.testing.assert_close(read[0][1], run.outputs["lstm"].detach().repeat(3, 1, 1))
    assert not any(layer._forward_hooks for layer in network.modules())


def test_what_changes_its_input_place_by_place_is_handed_on_with_that_input():
    module, inputs = built(ConvNet), torch.tensor(pixels())[None]
    run = dry_run(isolate(module), inputs)
    read: list[tuple[str, Tensor, Tensor | None]] = []
    replay(isolate(module), inputs, run, read.append, lambda weights: None)
    outputs = {name: output for name, output, _ in read}
    sources = {name: source for name, _, source in read}
    assert sources["bn1"] is outputs["conv1"] and sources["act1"] is outputs["bn1"]
    assert sources["conv2"] is None and sources["head"] is None


def test_what_a_layer_only_hands_on_has_the_gradient_of_what_reads_it_from_there():
    class Aside(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.beside, self.unread = nn.Conv2d(1, 3, 1), Beside(), nn.Identity()

        def forward(self, inputs: Tensor) -> Tensor:
            maps = self.conv(inputs)
            self.unread(maps)
            _, changed = self.beside(maps)
            logits: Tensor = changed.mean((2, 3))
            return logits

    class Beside(nn.Module):
        def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
            return maps, 2 * maps

    found = survey(built(Aside), torch.tensor(pixels())[None])
    assert {call.name: call.reached for call in found.calls} == {
        "conv": True,
        "beside": False,
        "unread": False,
    }
