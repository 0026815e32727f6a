"""One picture from input to logits: a picture and numbers for every telling stage, and numbers for every layer."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dashboard.inspection.activations.stages import stages
from dashboard.inspection.engine.capture import channel_maps, spread, watch
from dashboard.inspection.engine.isolation import isolate, restore_in_place
from dashboard.records.activations import ForwardPass, StageOutput, ValueSpread
from dashboard.records.network import LayerCall, Survey
from models.classifier import Classifier

# A stage shows so many channels, each at most so wide and high.
SHOWN = 9
SIDE = 64


def forward_pass(classifier: Classifier, inputs: np.ndarray, survey: Survey) -> ForwardPass:
    """The pass of one picture, reduced while it runs: no output is kept.

    Args:
        classifier: shared with other threads; not changed.
        inputs: (C, H, W), normalised.
        survey: of the classifier's network.
    """
    telling = {call.name for call in stages(survey)}
    outputs: list[StageOutput] = []
    spreads: dict[str, ValueSpread] = {}

    last: tuple[Tensor, int, ValueSpread] | None = None

    def read(call: LayerCall, output: Tensor) -> None:
        nonlocal last
        # What only hands on the output before it is not counted again, unless it was written over meanwhile.
        written = 0 if output.is_inference() else output._version
        handed_on = last is not None and last[0] is output and last[1] == written
        last = last if last is not None and handed_on else (output, written, spread(output))
        spreads[call.name] = last[2]
        if call.name in telling:
            outputs.append(_stage(call, output, spreads[call.name]))

    network = restore_in_place(isolate(classifier.module), classifier.module)
    watch(network, survey.calls, read)
    started = time.perf_counter()
    with torch.no_grad():
        network(torch.tensor(inputs)[None])
    return ForwardPass(tuple(outputs), spreads, time.perf_counter() - started)


def _stage(call: LayerCall, output: Tensor, spread: ValueSpread) -> StageOutput:
    maps = channel_maps(output.detach().float(), call, 1)[0]  # (C, h, w)
    if maps[0].numel() == 1:
        return StageOutput(call, spread, maps.reshape(1, 1, -1).numpy().copy(), np.arange(1))
    places = maps.flatten(1)
    varied = torch.linalg.vector_norm(places - places.mean(1, keepdim=True), dim=1)
    shown = varied.topk(min(SHOWN, len(maps))).indices.sort().values
    planes = maps[shown]
    if max(planes.shape[1:]) > SIDE:
        height, width = planes.shape[1:]
        planes = functional.adaptive_avg_pool2d(planes, (min(height, SIDE), min(width, SIDE)))
    return StageOutput(call, spread, planes.numpy().copy(), shown.numpy())
