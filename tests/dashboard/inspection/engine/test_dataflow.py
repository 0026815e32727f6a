"""A forward pass followed tensor by tensor: who reads whom, who owns what, and what it costs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from dashboard.inspection.engine.dataflow import DataflowTracer


class Block(nn.Module):
    """A convolution beside the way past it, then a mean and a dense layer whose weight is read twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(2, 2, 3, padding=1, bias=False), nn.Linear(2, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        maps = inputs + self.conv(inputs)
        logits: Tensor = self.head(maps.mean((2, 3)).contiguous())
        return logits


def traced(network: nn.Module, inputs: Tensor) -> DataflowTracer:
    tracer = DataflowTracer(network)
    tracer.run(inputs)
    return tracer


def test_steps_run_from_the_photo_to_the_logits_and_know_what_they_read():
    tracer = traced(Block(), torch.zeros(1, 2, 5, 5))
    shown = [step for step in tracer.steps if step.merged is None]
    assert [step.title for step in shown] == ["Photo", "Conv2d", "add", "mean", "Linear", "Logits"]
    photo, convolution, add, mean, head, logits = shown
    assert [{source.representative() for source in step.sources} for step in shown] == [
        set(),
        {photo},
        {photo, convolution},
        {add},
        {mean},
        {head},
    ]
    assert [step.shape for step in shown] == [(2, 5, 5)] * 3 + [(2,), (3,), (3,)]
    assert (add.function, convolution.function) == (True, False)
    assert logits.owner is None


def test_calls_finish_inside_out_with_their_own_cost():
    tracer = traced(Block(), torch.zeros(1, 2, 5, 5))
    calls = {call.name: call for call in tracer.finished}
    assert [call.name for call in tracer.finished] == ["conv", "head", ""]
    assert calls["conv"].flops == 2 * 25 * 2 * 2 * 9
    assert calls["head"].flops == 2 * 2 * 3
    assert calls[""].flops == 0 and calls[""].functions == ["add", "mean"]
    assert calls["conv"].memory == 4 * 2 * 25
    assert calls["conv"].parent is calls[""] and list(calls["conv"].stack()) == [calls["conv"], calls[""]]
    assert (calls["conv"].inputs, calls["head"].shape) == (((2, 5, 5),), (3,))
    assert {name: call.name for name, call in tracer.readers.items()} == {
        "conv.weight": "conv",
        "head.weight": "head",
        "head.bias": "head",
    }


def test_a_module_that_hands_on_its_input_is_a_step_of_its_own():
    tracer = traced(nn.Sequential(nn.Identity(), nn.ReLU()), torch.zeros(1, 2))
    shown = [step for step in tracer.steps if step.merged is None]
    assert [step.title for step in shown] == ["Photo", "Identity", "ReLU", "Logits"]
    assert shown[2].sources == {shown[1]}


def test_receptive_fields_come_along():
    tracer = traced(Block(), torch.zeros(1, 2, 5, 5))
    field = tracer.finished[0].field
    assert field is not None and (field.size, field.low, field.jump) == ((3, 3), (-1, -1), (1, 1))
