"""Computes one graph as long as it is asked to: `python -m models.checkpoints.onnx.session`, memory bounded.

It reads the graph and its tensors from its standard input, then pictures, and writes what they get.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from models.checkpoints.limits import LIMITS, RefusalError
from models.checkpoints.onnx import pipe
from models.checkpoints.onnx.network import Layout, OnnxNetwork, input_shape
from models.checkpoints.onnx.sizes import measure
from models.runtime.bounds import bound_files, bound_memory

# What a pass may take of memory for all that its nodes give.
MOST_PASS = 2 * 1024**3
# Bytes that one message may bring: of the network, what a file may have.
MOST_BYTES = 2**40
FATAL = 4
# How ONNX Runtime says that there is no more memory.
NO_MEMORY = "bad_alloc"
TOO_MUCH = "asks for more memory than a network of its size may; export it for smaller pictures"


def main(reads: IO[bytes], writes: IO[bytes]) -> None:
    """Answer until nobody asks any more.

    Args:
        reads: where the network and pictures come from.
        writes: where answers go.
    """
    import onnxruntime

    words, (graph, *tensors) = pipe.read(reads, MOST_BYTES)
    held = sum(tensor.nbytes for tensor in tensors)
    pictures, total = words["pictures"], 0
    try:
        with bound_memory(LIMITS.memory, more=True):
            model, total = _check(graph, words["layout"], tuple(words["given"]), words["batch"])
        passes = min(2 * 4 * pictures * total, MOST_PASS)
        with bound_memory(LIMITS.memory + 3 * held + passes, more=True):
            session = _session(
                onnxruntime, model, dict(zip(words["names"], tensors, strict=True)), words["threads"]
            )
            pipe.write(writes, {})
            _answer(session, words["batch"], words["layout"], reads, writes)
    except RefusalError as refusal:
        pipe.write(writes, {"refusal": str(refusal)})
    except MemoryError:
        pipe.write(writes, {"refusal": TOO_MUCH})


def _check(graph: Any, layout: Layout, given: tuple[int, int, int], batch: int) -> tuple[Any, int]:
    """The graph, and numbers that it computes for one picture; nobody computes it before this has passed."""
    import onnx

    model = onnx.ModelProto.FromString(graph.tobytes())
    return model, measure(model, input_shape(layout, given, batch or 1)).total


def _session(runtime: Any, model: Any, tensors: Mapping[str, pipe.Array], threads: int) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = FATAL
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    away = [tensor.name for tensor in model.graph.initializer if tensor.external_data]
    options.add_external_initializers(
        away, [runtime.OrtValue.ortvalue_from_numpy(tensors[name]) for name in away]
    )
    try:
        return runtime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # it has a kind of its own for each cause
        _raise_memory_error(error)
        raise RefusalError(f"cannot be computed by ONNX Runtime: {_words(error)}") from error


def answer(network: OnnxNetwork, tensors: Mapping[str, pipe.Array], pictures: pipe.Array) -> pipe.Array:
    """What ONNX Runtime gives for pictures, (N, C, H, W), in this process, which must be bounded.

    Raises:
        RefusalError: if it cannot compute the graph, whose sizes the caller has bounded.
    """
    import onnx
    import onnxruntime

    session = _session(onnxruntime, onnx.ModelProto.FromString(network.graph), tensors, 1)
    return _scores(session, network.batch, network.layout, pictures)


def _scores(session: Any, batch: int, layout: Layout, pictures: pipe.Array) -> pipe.Array:
    (entry,) = session.get_inputs()
    dtype = {"tensor(float16)": np.float16, "tensor(double)": np.float64, "tensor(uint8)": np.uint8}.get(
        entry.type, np.float32
    )
    inputs = _laid(pictures, layout)
    if dtype is np.uint8:
        inputs = inputs.round().clip(0, 255)
    inputs = np.ascontiguousarray(inputs, dtype)
    outputs = [session.run(None, {entry.name: part})[0] for part in _parts(inputs, batch)]
    return np.asarray(
        np.concatenate([np.atleast_1d(output) for output in outputs])[: len(pictures)], np.float32
    )


def _answer(session: Any, batch: int, layout: Layout, reads: IO[bytes], writes: IO[bytes]) -> None:
    while True:
        try:
            _, (pictures,) = pipe.read(reads, MOST_BYTES)
        except EOFError:
            return
        try:
            scores = _scores(session, batch, layout, pictures)
        except Exception as error:  # it has a kind of its own for each cause
            _raise_memory_error(error)
            pipe.write(writes, {"error": _words(error)})
        else:
            pipe.write(writes, {}, [scores])


def _laid(pictures: pipe.Array, layout: Layout) -> pipe.Array:
    """Pictures, (N, C, H, W), as a graph reads them."""
    if layout == "first":
        return pictures
    last = pictures.transpose(0, 2, 3, 1)
    return {"last": last, "plane": last[..., 0], "flat": last.reshape(len(last), -1)}[layout]


def _parts(inputs: pipe.Array, batch: int) -> list[pipe.Array]:
    """As many at a time as a graph takes, the last filled up with the last."""
    if not batch:
        return [inputs]
    missing = -len(inputs) % batch
    filled = np.concatenate([inputs, np.repeat(inputs[-1:], missing, axis=0)])
    return [filled[start : start + batch] for start in range(0, len(filled), batch)]


def _raise_memory_error(error: BaseException) -> None:
    """Raise MemoryError where that is what ONNX Runtime means."""
    if isinstance(error, MemoryError) or NO_MEMORY in str(error):
        raise MemoryError from error


def _words(error: BaseException) -> str:
    """The first line of what ONNX Runtime says, without its own codes."""
    line = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return line.partition(" : ")[2].rpartition(" : ")[2].strip()[:200] or line[:200]


if __name__ == "__main__":
    # What libraries print goes nowhere, and not between answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    bound_files(0)
    main(sys.stdin.buffer, answers)
