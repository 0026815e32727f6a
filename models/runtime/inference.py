"""Graphs of ONNX that an inference runtime computes, on the threads that torch uses."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

# Nothing is told of a graph beyond its errors, which are raised.
_FATAL = 4
# Numbers that one run reads for each thread: two pictures of 224 pixels. More take memory that the system clears for
# each run, which makes EfficientNet-Lite0 half as fast; less is lost in the calls.
_NUMBERS = 2 * 3 * 224 * 224


@functools.cache
def _runtime() -> Any:
    """ONNX Runtime, which is loaded when it is first used."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(_FATAL)
    return onnxruntime


@functools.cache
def errors() -> tuple[type[Exception], ...]:
    """What the runtime raises of a graph, or an input, that it does not take."""
    kinds = vars(_runtime().capi.onnxruntime_pybind11_state).values()
    return tuple(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Exception))


class Session:
    """One graph of one input and one output, ready to compute. Threads may share it."""

    def __init__(self, content: bytes) -> None:
        """Make a graph ready.

        Args:
            content: of the graph.

        Raises:
            Exception: one of `errors`, if it cannot be computed.
        """
        import torch

        runtime = _runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL
        # Memory of a run goes where torch's goes, and back with it; idle threads leave the cores to others.
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._numbers = _NUMBERS * options.intra_op_num_threads
        self._session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        (self._input,) = (read.name for read in self._session.get_inputs())

    def __call__(self, inputs: Tensor) -> Tensor:
        """What the graph gives for inputs whose first axis counts pictures, which it is given a few at a time.

        Raises:
            Exception: one of `errors`, if it takes no input of that shape.
        """
        import torch

        at_once = max(1, self._numbers * len(inputs) // inputs.numel())
        outputs = [self._run(part) for part in torch.split(inputs.detach(), at_once)]
        return torch.cat(outputs) if len(outputs) > 1 else outputs[0]

    def _run(self, inputs: Tensor) -> Tensor:
        import torch

        (output,) = self._session.run(None, {self._input: inputs.contiguous().numpy()})
        return torch.from_numpy(output)
