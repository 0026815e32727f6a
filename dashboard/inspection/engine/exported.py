"""Networks that an inference runtime computes where answers alone are asked for: checked, and kept while used.

A chain of graphs is taken only where it gives what the network gives. It belongs to a module and not to a key, because
a network with its weights drawn again has the key of the one that it was.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from dashboard.inspection.engine import batch_norm, stopwatch
from dashboard.inspection.engine.export import Chain, export
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.engine.local_forward import Level, LocalForward, MisfitError
from dashboard.inspection.engine.local_stages import LocalStage
from models.classifier import Classifier
from models.runtime import inference
from models.runtime.settings import MEGABYTE

# Bytes of weights that the chains of all networks may hold; those used longest ago go first.
MOST_BYTES = 512 * MEGABYTE
# How far answers may be from the network's own, relative to the largest.
SAME = 1e-5
# Pictures that it is written down for, and other numbers that it is tried on: none is a number that Python knows.
WRITTEN = 2
TRIED = (1, 3)

# Of a module, by the shape of a picture and the stages that it is cut at; None where it cannot be had.
_ChainKey = tuple[tuple[int, ...], tuple[LocalStage, ...]]
_Chains = dict[_ChainKey, Chain | None]
_CHAINS: WeakKeyDictionary[nn.Module, _Chains] = WeakKeyDictionary()
# torch writes down one network at a time.
_EXPORTING = threading.Lock()
# Who takes a chain that is there does not wait for one that is written down.
_KEEPING = threading.Lock()


class ExportedForward(nn.Module):
    """The logits of pictures, without a gradient: (N, C, H, W) -> (N, classes).

    Attributes:
        network: private, which answers where the chain does not take so many pictures.
    """

    def __init__(self, network: nn.Module, chain: Chain) -> None:
        super().__init__()
        self.network = network
        self._chain = chain

    def forward(self, pictures: Tensor) -> Tensor:  # noqa: D102  # said by the class
        try:
            return self._chain(pictures)
        except inference.errors():
            logits: Tensor = self.network(pictures)
            return logits


class LocalExportedForward(LocalForward):
    """The logits of pictures that differ from one picture in places, from the chain of a network cut at stages."""

    def __init__(
        self, network: nn.Module, chain: Chain, picture: Tensor, stages: Sequence[LocalStage]
    ) -> None:
        self._chain = chain
        super().__init__(network, picture, stages)

    def _prepare(self) -> None:
        """Nothing: the chain is cut where the stages are."""

    def _run(self, inputs: Tensor, levels: list[Level]) -> Tensor:
        self._levels = levels
        try:
            output = inputs
            for place, session in enumerate(self._chain.sessions):
                output = session(output)
                if place < len(self._stages):
                    output = self._pass_on(place, output)
        except inference.errors() as error:
            if levels:
                raise MisfitError from error
            output = self.network(inputs)
        return output


def find_chain(
    classifier: Classifier,
    inputs: Tensor,
    pairs: tuple[batch_norm.FusablePair, ...],
    stages: tuple[LocalStage, ...] = (),
) -> Chain | None:
    """The chain of a network; None where there is none that gives the same answers.

    Args:
        classifier: shared; not changed.
        inputs: (1, C, H, W), normalised; the picture that it is checked on.
        pairs: normalisations that convolutions take over.
        stages: at which it is cut.
    """
    contract = classifier.contract
    if not contract.steady or contract.rewritten or contract.singly or inputs.dtype != torch.float32:
        return None
    module, key = classifier.module, (tuple(inputs.shape[1:]), stages)
    if not _is_kept(module, key):
        with _EXPORTING:
            if not _is_kept(module, key):  # else somebody wrote it down meanwhile
                chain = _export_checked(module, inputs, pairs, stages)
                with _KEEPING:
                    _CHAINS.setdefault(module, {})[key] = chain
    with _KEEPING:
        chains = _CHAINS.pop(module, {})
        _CHAINS[module] = chains  # used last
        _make_room()
        return chains.get(key)


def _is_kept(module: nn.Module, key: _ChainKey) -> bool:
    with _KEEPING:
        return key in _CHAINS.get(module, {})


def _export_checked(
    module: nn.Module,
    inputs: Tensor,
    pairs: tuple[batch_norm.FusablePair, ...],
    stages: tuple[LocalStage, ...],
) -> Chain | None:
    if sum(tensor.nbytes for tensor in module.parameters()) > MOST_BYTES:
        return None
    pictures = stopwatch.examples(inputs, max(TRIED), "near answers")
    network = batch_norm.fuse(isolate(module), pairs)
    chain = export(network, pictures[:WRITTEN], stages)
    if chain is None:
        return None
    plain = isolate(module)
    with torch.no_grad():
        try:
            same = all(
                stopwatch.nearly_equal(chain(pictures[:count]), plain(pictures[:count]), SAME)
                for count in TRIED
            )
        except inference.errors():  # it takes no more, or no fewer, pictures than it was written down for
            return None
    return chain if same else None


def _make_room() -> None:
    """Let go of what was used longest ago until MOST_BYTES hold what is left."""
    modules = list(_CHAINS)
    while len(modules) > 1 and sum(map(_nbytes, _CHAINS.values())) > MOST_BYTES:
        _CHAINS.pop(modules.pop(0), None)


def _nbytes(chains: _Chains) -> int:
    return sum(chain.nbytes for chain in chains.values() if chain is not None)
