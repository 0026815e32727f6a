"""How the output of each call covers the picture, measured: patches of the picture are changed."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from dashboard.inspection.engine.capture import grid_maps
from dashboard.inspection.engine.dry_run import DryRun, replay
from dashboard.inspection.engine.locality import (
    AGAINST,
    PATCHES,
    disturbed,
    evidence,
    is_local,
    proposals,
    tells_nothing,
)
from dashboard.records.network import GridLayout, LayerCall
from models.runtime.foreign import FOREIGN

# Of more channels, so many tell as well where a patch shows.
ENOUGH_CHANNELS = 64
UNLIKE = "Patches of the picture that are changed do not show at the places of its output where they lie."
SHAPE = "Its output has no rows and columns like the picture's."


class Measurement:
    """What changed patches do to each call, reduced while they pass.

    Attributes:
        calls: with what was found, in order.
        moved: names of those whose output the picture changes.
        attentions: of each attention, how much the attention that each token gets changed, (patches, tokens);
            None where it is no attention of tokens to tokens.
    """

    def __init__(self, run: DryRun, side: tuple[int, int]) -> None:
        self.calls: list[LayerCall] = []
        self.moved: set[str] = set()
        self.attentions: list[Tensor | None] = []
        self._run = run
        self._side = side
        self._grids: dict[tuple[int, int], None] = {}
        self._last: tuple[Tensor, LayerCall] | None = None
        self._before: dict[GridLayout, LayerCall] = {}  # the last one with places, by its layout

    def read(self, output: tuple[str, Tensor, Tensor | None]) -> None:
        """Take in what a call gives for all pictures, as `replay` hands it on."""
        name, together, source = output
        alone = self._run.outputs[name]
        if self._last is not None and (self._last[0] is together or self._last[0] is source):
            # What the call before gave, handed on or changed place by place.
            before = self._last[1]
            self.moved |= {name} if before.name in self.moved else set()
            self._last = together, before
            self._add(replace(before, name=name, kind=self._run.kinds[name], member=self._run.members[name]))
            return
        axis = _batch_axis(alone, together, 1 + len(PATCHES))
        shape = tuple(size for place, size in enumerate(alone.shape) if place != (axis or 0))
        call = LayerCall(
            name,
            self._run.kinds[name],
            shape,
            member=self._run.members[name],
            batch_axis=axis or 0,
            unlike=SHAPE,
        )
        if axis is not None:
            values = together.detach().movedim(axis, 0)
            values = values.reshape(
                1 + len(PATCHES), -1, *values.shape[1:]
            )  # parts of a picture in the second axis
            if alone.requires_grad or bool((values[1:] != values[:1]).any()):
                self.moved.add(name)
            if values.shape[1] == 1:
                call = self._laid_out(call, values[:, 0])
        self._last = together, call
        self._add(call)

    def attend(self, weights: Tensor) -> None:
        """Take in an attention of all pictures."""
        received = received_attention(weights)
        if received is None or len(received) != 1 + len(PATCHES):
            self.attentions.append(None)
            return
        self.attentions.append((received[1:] - received[:1]).abs())

    def _add(self, call: LayerCall) -> None:
        self.calls.append(call)
        if call.layout is not None:
            self._grids[call.grid] = None
            self._before[call.layout] = call

    def _laid_out(self, call: LayerCall, values: Tensor) -> LayerCall:
        found = [] if self._attends(call) else proposals(call, self._side, self._grids)
        changes = [_place_changes(grid_maps(values, proposal)) for proposal in found]
        for proposal, places in zip(found, changes, strict=True):
            if is_local(places):
                return replace(proposal, unlike="")
        for proposal, places in zip(found, changes, strict=True):
            if tells_nothing(places) and self._follows(proposal, places):
                return replace(proposal, unlike="", assumed=True)
        return replace(call, unlike=UNLIKE if found else SHAPE)

    def _attends(self, call: LayerCall) -> bool:
        """Whether it is an attention's weights, or what becomes of them, on whose diagonal a patch shows too."""
        sides = sorted(call.shape)
        return is_within(call.name, self._run.attending) and any(
            sides == sorted(shape[1:]) for shape in self._run.attention
        )

    def _follows(self, proposal: LayerCall, places: np.ndarray) -> bool:
        """Whether places that the patches do not tell apart are to be taken for the picture's all the same.

        So they are where each sees the whole picture, or nothing of it, behind layers whose places are the picture's,
        laid out alike and no finer: convolutions and poolings keep what is above above. Tokens are to be the same ones,
        or every other one each way: attention gives each back what it asked for. Matrices of attention have other rows
        and columns.
        """
        before = self._before.get(proposal.layout) if proposal.layout else None
        if before is None or is_within(proposal.name, self._run.attending):
            return False
        if proposal.layout == "tokens":
            other = tuple(math.ceil(side / 2) for side in before.grid)
            halved = proposal.grid == other and not proposal.unrolled and evidence(places)[0] > AGAINST
            same = (proposal.prefix, proposal.unrolled) == (before.prefix, before.unrolled)
            return same and (proposal.grid == before.grid or halved)
        return all(here <= there for here, there in zip(proposal.grid, before.grid, strict=True))


def _place_changes(maps: Tensor) -> np.ndarray:
    """How much each place of an output changes from the first to each other picture: (N, C, h, w) -> (N - 1, h, w)."""
    some = maps[:, :: max(1, maps.shape[1] // ENOUGH_CHANNELS)].float()
    changes: np.ndarray = torch.linalg.vector_norm(some[1:] - some[:1], dim=1).numpy()
    return changes


def received_attention(weights: Tensor) -> Tensor | None:
    """How much attention each token gets from all, (N, tokens); None where it does not go from tokens to themselves."""
    if weights.ndim != 4 or weights.shape[2] != weights.shape[3]:
        return None
    return weights.float().sum((1, 2))


def _batch_axis(alone: Tensor, together: Tensor, pictures: int) -> int | None:
    """Which axis of an output holds the pictures, given it of one and of several; None where none does."""
    if alone.ndim != together.ndim:
        return None
    for axis in range(alone.ndim):
        expected = list(alone.shape)
        expected[axis] *= pictures
        if list(together.shape) == expected:
            return axis
    return None


def measure_layouts(network: nn.Module, inputs: Tensor, run: DryRun) -> Measurement:
    """How each call of a run covers the picture, from one more pass of a few pictures.

    Args:
        network: private, of the structure of the run's.
        inputs: (1, C, H, W), the picture of the run.
        run: with a gradient or without.
    """
    side = (int(inputs.shape[2]), int(inputs.shape[3]))
    pictures = disturbed(inputs)
    measurement = Measurement(run, side)
    try:
        replay(network, pictures, run, measurement.read, measurement.attend)
    except FOREIGN:  # it takes no more than one picture at a time
        return _measure_one_by_one(network, pictures, run, Measurement(run, side))
    return measurement


def _measure_one_by_one(
    network: nn.Module, pictures: Tensor, run: DryRun, measurement: Measurement
) -> Measurement:
    outputs: list[list[tuple[str, Tensor, Tensor | None]]] = [[] for _ in pictures]
    weights: list[list[Tensor]] = [[] for _ in pictures]
    for place, picture in enumerate(torch.split(pictures, 1)):
        replay(network, picture, run, outputs[place].append, weights[place].append)
    for calls in zip(*outputs, strict=False):
        measurement.read((calls[0][0], torch.cat([output for _, output, _ in calls]), None))
    for attention in zip(*weights, strict=False):
        measurement.attend(torch.cat(attention))
    return measurement


def is_within(name: str, modules: Collection[str]) -> bool:
    """Whether a layer is a part of one of these modules."""
    return any(name.startswith(f"{module}.") for module in modules)
