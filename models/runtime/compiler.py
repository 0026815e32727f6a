"""torchvision, timm and optimizers without torch's compiler, which they load and nothing here uses."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
COMPILER, ASKED = "torch._dynamo", "torch._dynamo.utils"
KERNELS = "triton.runtime.jit"


def leave_out_compiler() -> None:
    """Import torchvision and timm without torch's compiler, from now on.

    torchvision asks it a question when boxes of a detector are cut out, and timm tells it what not to compile. To
    import it for that was a quarter of what a server's first page waited for. Whoever asks still gets its answer.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


@contextmanager
def nothing_compiled() -> Iterator[None]:
    """Optimizers without torch's compiler, for one process that trains and compiles nothing.

    Each of their steps tells the compiler to leave it alone, and to import it for that takes longer than to train a
    small network (torch 2.14: 0.6 s). Where it is loaded already it is told.
    """
    if COMPILER in sys.modules:
        yield
        return
    import torch

    absent = _Absent(COMPILER)
    sys.modules[COMPILER] = absent
    setattr(torch, "_dynamo", absent)  # noqa: B010  # torch looks for it there
    try:
        yield
    finally:
        sys.modules.pop(COMPILER, None)
        delattr(torch, "_dynamo")


class _Absent(ModuleType):
    """What is called in place of a compiler that compiles nothing."""

    def disable(self, function: F, recursive: bool = True, *, wrapping: bool = True) -> F:
        """The function, which nothing would compile."""
        return function

    def graph_break(self, message: str = "") -> None:
        """Nothing: no graph is drawn."""


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _INSTEAD:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_without_compiler(module: ModuleType) -> None:
                with _INSTEAD[fullname]():
                    execute(module)

            setattr(spec.loader, "exec_module", execute_without_compiler)  # noqa: B010  # no constant
        return spec


@contextmanager
def _asked_later() -> Iterator[None]:
    """Have something that passes the question on in the compiler's place, unless it is loaded already."""
    if COMPILER in sys.modules:
        yield
        return
    asked = ModuleType(ASKED)
    setattr(asked, "is_compile_supported", _ask)  # noqa: B010  # a module takes any name
    sys.modules |= {COMPILER: ModuleType(COMPILER), ASKED: asked}
    try:
        yield
    finally:
        for name in (COMPILER, ASKED):
            sys.modules.pop(name, None)


def _ask(*arguments: Any) -> Any:
    return getattr(importlib.import_module(ASKED), "is_compile_supported")(*arguments)  # noqa: B009  # untyped


@contextmanager
def _told_later() -> Iterator[None]:
    """Have what is not to be compiled told when it is called, and only where there is a compiler by then."""
    from torch import compiler

    tell = compiler.disable
    setattr(compiler, "disable", _tell_when_called)  # noqa: B010  # no constant
    try:
        yield
    finally:
        setattr(compiler, "disable", tell)  # noqa: B010


def _tell_when_called(function: Callable[..., Any]) -> Callable[..., Any]:
    from torch import compiler

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        tell: Any = compiler.disable
        uncompiled = tell(function) if COMPILER in sys.modules else function
        return uncompiled(*arguments, **options)

    return call


@contextmanager
def _without_kernels() -> Iterator[None]:
    """Have no kernels to count the operations of in triton's place: it compiles them for GPUs, and is large."""
    names = ("triton", "triton.runtime", KERNELS)
    if any(name in sys.modules for name in names):
        yield
        return
    kernels = ModuleType(KERNELS)
    setattr(kernels, "JITFunction", type(None))  # noqa: B010  # as where there is no triton
    sys.modules |= {name: ModuleType(name) for name in names[:-1]} | {KERNELS: kernels}
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


# What turns to the compiler as it is imported -> what stands in the compiler's place meanwhile.
_INSTEAD: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "torchvision.ops.roi_align": _asked_later,
    "timm.layers.typing": _told_later,
    "torchvision.tv_tensors": _told_later,
    "torch.utils.flop_counter": _without_kernels,
}
