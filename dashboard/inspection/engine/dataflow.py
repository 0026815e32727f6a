"""One real forward pass, followed tensor by tensor.

torch.fx stops at data-dependent code, and hooks alone miss what a forward method does between its layers. So every
torch function of this thread is seen while the pass runs: each tensor knows the steps it was made by.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.weak import WeakTensorKeyDictionary

from dashboard.inspection.engine.receptive_field_rules import AnalyticField, AppliedFunction, advance, start
from dashboard.records.architecture import OUTSIDE, Shape
from models.runtime.flops import FlopCounter

# Functions that move or rename values and compute none: the graph leads straight through them.
MOVES = {
    *("view", "reshape", "flatten", "unflatten", "ravel", "permute", "transpose", "t", "swapaxes", "movedim"),
    *(
        "contiguous",
        "expand",
        "expand_as",
        "squeeze",
        "unsqueeze",
        "chunk",
        "split",
        "unbind",
        "narrow",
        "select",
    ),
    *("getitem", "setitem", "get", "to", "type", "type_as", "float", "half", "bfloat16", "double", "clone"),
    *(
        "detach",
        "view_as",
        "reshape_as",
        "roll",
        "pad",
        "unfold",
        "requires_grad",
        "copy",
        "index_select",
        "tile",
    ),
    *("repeat", "repeat_interleave", "dropout", "dropout1d", "dropout2d", "feature_dropout", "alpha_dropout"),
}


@dataclass(eq=False)
class Step:
    """One function or call of a layer that computes something.

    Attributes:
        owner: the call that applies it; of a layer the call itself.
        title: class of the layer, or name of the function.
        sources: steps whose results it reads.
        shape: of its output, without the batch.
        merged: the step that it is a part of, or None.
    """

    owner: ModuleCall | None
    title: str
    sources: set[Step]
    shape: Shape
    function: bool = True
    merged: Step | None = None

    def representative(self) -> Step:
        """The step that stands for it in the graph."""
        return self if self.merged is None else self.merged.representative()


@dataclass(eq=False)
class ModuleCall:
    """One call of a module while it runs, and what is known of it once it has finished."""

    module: nn.Module
    name: str
    parent: ModuleCall | None
    flops_before: int
    read: list[Tensor]
    sources: set[Step]
    flops_inside: int = 0
    inner: bool = False
    steps: list[Step] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    output_steps: set[Step] = field(default_factory=set)
    inputs: tuple[Shape, ...] = ()
    shape: Shape = ()
    dtype: str = ""
    weights: list[tuple[str, Shape]] = field(default_factory=list)
    parameters: int = 0
    flops: int = 0
    memory: int = 0
    field: AnalyticField | None = None

    def stack(self) -> Iterator[ModuleCall]:
        """The call and those around it, innermost first."""
        call: ModuleCall | None = self
        while call is not None:
            yield call
            call = call.parent


class DataflowTracer(TorchFunctionMode):
    """One forward pass of this thread.

    Attributes:
        finished: calls in the order in which they finish.
        steps: in the order in which they ran; the first is the picture, the last the logits.
        readers: name of a parameter -> the call that reads it first.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.finished: list[ModuleCall] = []
        self.steps: list[Step] = []
        self.readers: dict[str, ModuleCall] = {}
        self._network = network
        self._names = {layer: name for name, layer in network.named_modules() if name}
        self._parameters = {id(parameter): name for name, parameter in network.named_parameters()}
        self._sources: MutableMapping[Tensor, set[Step]] = WeakTensorKeyDictionary()
        self._fields: MutableMapping[Tensor, AnalyticField | None] = WeakTensorKeyDictionary()
        self._flops = FlopCounter()
        self._open: ModuleCall | None = None

    def run(self, inputs: Tensor) -> None:
        """Run the network once; to be called once."""
        picture = self._step(None, "Photo", set(), tuple(inputs.shape[1:]))
        self._sources[inputs], self._fields[inputs] = {picture}, start(inputs)
        for layer in self._names:
            layer.register_forward_pre_hook(self._enter, with_kwargs=True)
            layer.register_forward_hook(self._leave, with_kwargs=True)
        with self._flops, self:
            self._enter(self._network, (inputs,), {})
            logits = self._network(inputs)
            self._leave(self._network, (inputs,), {}, logits)
        outputs = _tensors(logits)
        self._step(None, "Logits", self._behind(outputs), tuple(outputs[0].shape[1:]) if outputs else ())

    # Called by the modules.

    def _enter(self, layer: nn.Module, args: Any, kwargs: Any) -> None:
        read = _tensors((args, kwargs))
        if self._open is not None:
            self._open.inner = True
        self._open = ModuleCall(
            layer, self._names.get(layer, OUTSIDE), self._open, self._flops.total, read, self._behind(read)
        )
        self._open.inputs = tuple(tuple(tensor.shape[1:]) for tensor in read)

    def _leave(self, layer: nn.Module, args: Any, kwargs: Any, output: Any) -> Any:
        call = self._open
        assert call is not None, "a call that ends has begun"
        whole = self._flops.total - call.flops_before
        call.flops = whole - call.flops_inside
        if not call.inner and isinstance(output, Tensor) and any(output is tensor for tensor in call.read):
            # A tensor of its own, so that what else reads the input is not taken for a reader of the output.
            output = output.view_as(output)
        outputs = _tensors(output)
        if outputs:
            call.shape, call.dtype = tuple(outputs[0].shape[1:]), str(outputs[0].dtype).removeprefix("torch.")
            call.field = self._field(outputs[0])
        if not call.inner and call.parent is not None:
            self._settle(call, outputs)
        call.functions = [step.title for step in call.steps]
        call.output_steps = self._behind(outputs)
        call.read = []
        self.finished.append(call)
        self._open = call.parent
        if call.parent is not None:
            call.parent.flops_inside += whole
        return output

    def _settle(self, call: ModuleCall, outputs: Sequence[Tensor]) -> None:
        """Make one step of all that a layer did."""
        step = self._step(call, type(call.module).__name__, set(call.sources), call.shape, function=False)
        for part in call.steps:
            part.merged = step
            step.sources |= {source for source in part.sources if source.representative() is not step}
        call.steps = []
        call.memory = _written_bytes(outputs, call.read)
        for tensor in outputs:
            self._sources[tensor] = {step}

    # Called by torch.

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
        read = _tensors((args, kwargs))
        outputs = [tensor for tensor in _tensors(output) if not isinstance(tensor, nn.Parameter)]
        if self._open is not None:
            self._note_parameters(read)
            name = getattr(func, "__name__", "function")
            if name == "__setitem__":
                outputs = [args[0]]
            if read and outputs:
                self._note(name, args, kwargs, read, outputs)
        return output

    def _note_parameters(self, read: Sequence[Tensor]) -> None:
        assert self._open is not None, "there is a call around every function"
        for tensor in read:
            name = self._parameters.get(id(tensor))
            if name is not None and name not in self.readers:
                self.readers[name] = self._open

    def _note(self, name: str, args: Any, kwargs: Any, read: list[Tensor], outputs: list[Tensor]) -> None:
        """Carry sources and fields from what a function read to what it gave."""
        sources = self._behind(read)
        if not sources:
            return
        followed = [(tensor, self._field(tensor)) for tensor in read if self._source(tensor)]
        fields = [advance(name, AppliedFunction(args, kwargs, tensor, followed)) for tensor in outputs]
        if name.strip("_") not in MOVES:
            assert self._open is not None, "there is a call around every function"
            step = self._step(self._open, name.strip("_"), sources, tuple(outputs[0].shape[1:]))
            self._open.steps.append(step)
            self._open.memory += _written_bytes(outputs, read)
            sources = {step}
        for tensor, reached in zip(outputs, fields, strict=True):
            self._sources[tensor], self._fields[tensor] = sources, reached

    def _source(self, tensor: Tensor) -> set[Step]:
        return self._sources.get(tensor, set())

    def _field(self, tensor: Tensor) -> AnalyticField | None:
        return self._fields.get(tensor)

    def _step(
        self, owner: ModuleCall | None, title: str, sources: set[Step], shape: Shape, *, function: bool = True
    ) -> Step:
        step = Step(owner, title, sources, shape, function)
        self.steps.append(step)
        return step

    def _behind(self, tensors: Sequence[Tensor]) -> set[Step]:
        """The steps that these tensors were made by."""
        return set(itertools.chain(*(self._source(tensor) for tensor in tensors)))


def _tensors(value: Any) -> list[Tensor]:
    """All tensors in nested arguments or outputs, in order."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        return [tensor for item in value.values() for tensor in _tensors(item)]
    if isinstance(value, list | tuple):
        return [tensor for item in value for tensor in _tensors(item)]
    return []


def _written_bytes(outputs: Sequence[Tensor], read: Sequence[Tensor]) -> int:
    """Bytes of the tensors that are no views of what was read."""
    there = {tensor.untyped_storage().data_ptr() for tensor in read}
    return sum(
        tensor.numel() * tensor.element_size()
        for tensor in outputs
        if tensor.untyped_storage().data_ptr() not in there
    )
