"""A network that ONNX Runtime computes in a process of its own, which lives as long as it is used."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.checkpoints.onnx import pipe
from models.checkpoints.onnx.network import OnnxNetwork
from models.runtime import child
from models.runtime.errors import UserError

# Processes of all networks; the one that was asked longest ago makes room.
MOST_ALIVE = 2
# Pictures that are computed at once, by their numbers.
MOST_NUMBERS = 16 * 3 * 224 * 224
MOST_PICTURES = 64
# Seconds for anything, and one more for each so many numbers that are sent. A machine may be busy.
PATIENCE, PACE = 120.0, 2**22
SEALED = "ONNX Runtime computes it as one piece, which gives answers and no gradients"
FINAL: Mapping[str, Callable[[], nn.Module]] = {
    "Softmax": lambda: nn.Softmax(dim=1),
    "LogSoftmax": lambda: nn.LogSoftmax(dim=1),
    "Sigmoid": nn.Sigmoid,
}
NO_TENSORS = "it is given its tensors when it is built"

_ROOM = threading.Condition()
_ALIVE: weakref.WeakSet[Session] = weakref.WeakSet()


class Session:
    """A graph and the process that computes it, which is started when it is asked. Threads may share it.

    Args:
        network: what it is.
        tensors: name -> numbers, those among them that the graph knows by name alone.
        size: height and width of pictures.
    """

    def __init__(self, network: OnnxNetwork, tensors: Mapping[str, Tensor], size: tuple[int, int]) -> None:
        self._network = network
        self.tensors = dict(tensors)
        self._given = (network.given[0], *size)
        self._pictures = max(1, min(MOST_PICTURES, MOST_NUMBERS // max(1, int(np.prod(self._given)))))
        self._lock = threading.Lock()
        self._process: child.Child | None = None
        self._asked = 0
        self._end: Any = None

    def __deepcopy__(self, memo: dict[int, object]) -> Session:
        # It computes, and holds nothing that a copy may change.
        return self

    def __call__(self, pictures: Tensor) -> Tensor:
        """What the graph gives for pictures, (N, C, H, W).

        Raises:
            UserError: if it took too long or too much, or cannot be computed.
            RuntimeError: if it does not take such pictures.
        """
        inputs = pictures.detach().to("cpu", torch.float32).numpy()
        if tuple(inputs.shape[1:]) != self._given:
            raise RuntimeError("it was made for pictures of " + " x ".join(map(str, self._given)))
        with self._lock:
            parts = [
                self._ask(inputs[start : start + self._pictures])
                for start in range(0, len(inputs), self._pictures)
            ]
        return torch.from_numpy(np.concatenate(parts))

    def _ask(self, inputs: pipe.Array) -> pipe.Array:
        process = self._start()
        words, arrays = self._exchange(process, {}, [inputs])
        if "error" in words:
            raise RuntimeError(str(words["error"]))
        if len(arrays) != 1 or arrays[0].shape[:1] != inputs.shape[:1]:
            raise RuntimeError("it gives another number of answers than pictures that it was shown")
        return arrays[0]

    def _start(self) -> child.Child:
        """The process, ready to be asked."""
        process = self._process
        if process is not None and process.poll() is None:
            self._asked = _count()
            return process
        self.close()
        _make_room(self)
        process = child.start_answering(
            "The process that computes ONNX networks",
            "models.checkpoints.onnx.session",
            environment=child.ONE_THREAD,
        )
        self._process, self._end = process, weakref.finalize(self, child.end, process)
        names = list(self.tensors)
        words = {
            "names": names,
            "layout": self._network.layout,
            "given": self._given,
            "batch": self._network.batch,
            "pictures": self._pictures,
            "threads": torch.get_num_threads(),
        }
        graph = np.frombuffer(self._network.graph, np.uint8)
        self._exchange(process, words, [graph, *(self.tensors[name].numpy() for name in names)])
        return process

    def _exchange(
        self, process: child.Child, words: Mapping[str, Any], arrays: list[pipe.Array]
    ) -> tuple[dict[str, Any], list[pipe.Array]]:
        assert process.stdin is not None and process.stdout is not None
        seconds = PATIENCE + sum(array.size for array in arrays) / PACE
        late = threading.Event()

        def end() -> None:
            late.set()
            child.end(process)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            pipe.write(process.stdin, words, arrays)
            most = 8 * len(arrays[0]) * max(1, self._network.outputs)
            answer, answers = pipe.read(process.stdout, most)
        except (EOFError, OSError, ValueError, KeyError) as error:
            self.close()
            why = (
                f"took more than {seconds:.0f} seconds"
                if late.is_set()
                else "asked for more memory than it may, or ended by itself"
            )
            raise UserError(
                f"{self._network.name} could not be computed: ONNX Runtime {why}; choose a smaller size under Your "
                "checkpoint, or a smaller network."
            ) from error
        finally:
            timer.cancel()
        if "refusal" in answer:
            self.close()
            raise UserError(f"{self._network.name} {answer['refusal']}.")
        return answer, answers

    def close(self) -> None:
        """End its process; the next question starts another."""
        if self._end is not None:
            self._end()
        self._process = self._end = None
        with _ROOM:
            _ALIVE.discard(self)
            _ROOM.notify_all()

    def leave(self) -> bool:
        """End its process unless it is computing; whether it did."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._end is not None:
                self._end()
            self._process = self._end = None
        finally:
            self._lock.release()
        return True


_NUMBERS = iter(range(1, 2**62))


def _count() -> int:
    return next(_NUMBERS)


def _make_room(session: Session) -> None:
    """Let a session have a process: end that which was asked longest ago, and wait while all are computing."""
    with _ROOM:
        while len(_ALIVE) >= MOST_ALIVE:
            for other in sorted(_ALIVE, key=lambda other: other._asked):
                if other.leave():
                    _ALIVE.discard(other)
                    break
            else:
                _ROOM.wait(child.POLL)
        session._asked = _count()
        _ALIVE.add(session)


class BlackBox(nn.Module):
    """A graph as it is, and its last activation, which tells what its numbers mean: (N, C, H, W) -> (N, classes).

    It has no parameters: a change of them would change nothing.

    Attributes:
        obstacle: why no gradient gets through, and no layer can be looked at.
        flops: of one picture.
    """

    obstacle = SEALED

    def __init__(self, network: OnnxNetwork, size: tuple[int, int] | None) -> None:
        super().__init__()
        self._network = network
        self._size = size or network.given[1:]
        self._session: Session | None = None
        self.flops = 2 * network.work
        self.final = FINAL[network.final]() if network.final else None

    def with_tensors(self, tensors: Mapping[str, Tensor]) -> BlackBox:
        """The same with the numbers that it computes with."""
        self._session = Session(self._network, tensors, self._size)
        return self

    def reset_parameters(self) -> None:
        """Forget what was learnt: the numbers of each tensor in another order, so that a variance is one still.

        Of this copy alone; it asks another process then.
        """
        assert self._session is not None, NO_TENSORS
        mixed = {
            name: tensor.flatten()[torch.randperm(tensor.numel())].view_as(tensor)
            if tensor.is_floating_point()
            else tensor
            for name, tensor in self._session.tensors.items()
        }
        self._session = Session(self._network, mixed, self._size)

    def forward(self, pictures: Tensor) -> Tensor:  # noqa: D102  # said by the class
        assert self._session is not None, NO_TENSORS
        scores = self._session(pictures)
        return scores if self.final is None else self.final(scores)
