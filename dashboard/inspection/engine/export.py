"""A network as graphs that an inference runtime computes: the whole of it, or one part from stage to stage.

The network is run once and what it does is written down, so a network that decides by the values of a picture what it
does next cannot be written down, nor can one that draws. What is written down gives the same for any number of
pictures.
"""

from __future__ import annotations

import io
import itertools
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from dashboard.inspection.engine.local_stages import LocalStage
from models.runtime import inference
from models.runtime.foreign import FOREIGN
from models.runtime.inference import Session

# Of ONNX; what the runtime's kernels know, and torch's exporter without a library of functions.
OPSET = 17
PICTURES, LOGITS = "pictures", "logits"
# Axes whose size is not written down: pictures, and of a stage rows and columns.
FREE = {0: "n"}
FREE_GRID = {0: "n", 2: "h", 3: "w"}
# What Python asks of a tensor to learn its values, by torch's names.
READS = {
    *(
        "__array__",
        "__bool__",
        "__complex__",
        "__contains__",
        "__dlpack__",
        "__float__",
        "__index__",
        "__int__",
    ),
    *("allclose", "data_ptr", "equal", "item", "numpy", "tolist", "untyped_storage"),
}


class _ReadsValuesError(RuntimeError):
    """A network that decides by the values of tensors."""


class _ValueGuard(TorchFunctionMode):
    """Ends a forward pass in which Python reads the values of a tensor."""

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if getattr(function, "__name__", "") in READS:
            raise _ReadsValuesError(function)
        return function(*args, **(kwargs or {}))


@dataclass(frozen=True, eq=False)
class Chain:
    """The graphs of a network, in order: (N, C, H, W) -> (N, classes).

    Attributes:
        sessions: from the pictures to the first stage, from there to the next, and from the last to the logits.
        nbytes: that their weights take.
    """

    sessions: tuple[Session, ...]
    nbytes: int

    def __call__(self, values: Tensor) -> Tensor:  # noqa: D102  # said by the class
        for session in self.sessions:
            values = session(values)
        return values


class _Staged(nn.Module):
    """A network that gives its logits and what passes its stages."""

    def __init__(self, network: nn.Module, stages: Sequence[LocalStage]) -> None:
        super().__init__()
        self.network = network
        self._stages = stages
        self._calls: Counter[int] = Counter()
        self._outputs: dict[int, Tensor] = {}
        for place, stage in enumerate(stages):
            network.get_submodule(stage.layer).register_forward_hook(partial(self._keep, place))

    def _keep(self, place: int, layer: nn.Module, args: Any, output: Tensor) -> None:
        self._calls[place] += 1
        if self._calls[place] == self._stages[place].number:
            self._outputs[place] = output

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        self._calls.clear()
        logits: Tensor = self.network(pictures)
        return logits, *(self._outputs[place] for place in range(len(self._stages)))


def export(network: nn.Module, pictures: Tensor, stages: Sequence[LocalStage] = ()) -> Chain | None:
    """The graphs of a network; None where it cannot be written down, or the runtime does not know what it does.

    Args:
        network: private, in eval mode, without hooks but its head's; it is hooked.
        pictures: (N, C, H, W), normalised, at least two, so that none of them is taken for an axis of one.
        stages: of the network, at which it is cut; the parts between take parts of a grid.
    """
    if not _is_single_precision(network):
        return None
    try:
        with torch.no_grad(), _ValueGuard():
            network(pictures)
        content = _write_down(_Staged(network, stages), pictures, len(stages))
        parts = _cut(content, len(stages)) if stages else [content]
        return Chain(tuple(Session(part) for part in parts), sum(map(len, parts)))
    except (
        FOREIGN
    ):  # what it does has no form in ONNX, or the code of the network does not run when it is followed
        return None
    except inference.errors():
        return None


def _write_down(staged: _Staged, pictures: Tensor, stages: int) -> bytes:
    file: Any = io.BytesIO()  # which it takes, though it says a path
    names = [f"stage{place}" for place in range(stages)]
    with warnings.catch_warnings(), torch.no_grad():
        # That the other exporter is newer; it takes 13 s for EfficientNet-Lite0 where this takes 0.3.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            staged.eval(),
            (pictures,),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=[PICTURES],
            output_names=[LOGITS, *names],
            dynamic_axes={PICTURES: FREE_GRID if stages else FREE, LOGITS: FREE}
            | dict.fromkeys(names, FREE_GRID),
        )
    content: bytes = file.getvalue()
    return content


def _cut(content: bytes, stages: int) -> list[bytes]:
    """The graphs between the stages of one."""
    import onnx

    cutter = onnx.utils.Extractor(onnx.load_model_from_string(content))
    ends = [PICTURES, *(f"stage{place}" for place in range(stages)), LOGITS]
    return [
        cutter.extract_model([first], [last]).SerializeToString() for first, last in itertools.pairwise(ends)
    ]


def _is_single_precision(network: nn.Module) -> bool:
    tensors = (*network.parameters(), *network.buffers())
    return all(
        tensor.dtype == torch.float32 and tensor.device.type == "cpu"
        for tensor in tensors
        if tensor.is_floating_point()
    )
