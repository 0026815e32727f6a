"""What the operator names when the app starts: architectures of their own, and files too large to upload.

`streamlit run app.py -- --checkpoint weights.pt --model package.module:build`; an installed package may name its
architectures in the entry point group `vitrine.models` instead. Nothing that a visitor sends gets here.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.checkpoints.architectures import IMAGENET, LIBRARIES, Library, Options
from models.checkpoints.index import OWN
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError

if TYPE_CHECKING:
    from torch import nn

GROUP = "vitrine.models"
PHOTO = Preprocessing((224, 224), 256, *IMAGENET)
# A number of classes -> a network with so many outputs. May have an attribute `preprocessing`.
Factory = Callable[[int], "nn.Module"]
# Functions whose networks were asked for: as many as the operator names.
_MARKED: list[Factory] = []


@dataclass(frozen=True)
class OperatorArguments:
    """What the operator named.

    Attributes:
        factories: name -> architecture.
        files: checkpoints, to be read on first use.
        problems: a sentence for each thing that could not be had.
    """

    factories: Mapping[str, Factory]
    files: tuple[Path, ...]
    problems: tuple[str, ...]


@cache
def parse_arguments(arguments: tuple[str, ...]) -> OperatorArguments:
    """What is behind the two dashes of the command that started the app; its architectures are known from then on."""
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--model", action="append", default=[])
    options, _ = parser.parse_known_args(list(arguments))
    factories: dict[str, Factory] = {}
    problems = []
    loaders: dict[str, Callable[[], Any]] = {
        name: partial(pkgutil.resolve_name, name) for name in options.model
    }
    loaders |= {entry.name: entry.load for entry in entry_points(group=GROUP)}
    for name, load in loaders.items():
        try:
            factories[_short_name(name)] = _load_factory(name, load)
        except UserError as refusal:
            problems.append(str(refusal))
    if factories:
        LIBRARIES[OWN] = _library(factories)
    return OperatorArguments(factories, tuple(options.checkpoint), tuple(problems))


def _short_name(name: str) -> str:
    return name.replace("/", ".")[:80]


def _load_factory(name: str, load: Callable[[], Any]) -> Factory:
    try:
        factory = load()
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(
            f"The architecture {name[:80]} cannot be imported ({type(error).__name__}); write it as "
            "package.module:function."
        ) from error
    if not callable(factory):
        raise UserError(f"The architecture {name[:80]} is no function; name one that builds a network.")
    return factory  # type: ignore[no-any-return]


def _library(factories: Mapping[str, Factory]) -> Library:
    def build(name: str, classes: int, _: Options) -> nn.Module:
        return factories[name](classes)

    def usual(name: str, _: Options) -> Preprocessing:
        chosen = getattr(factories[name], "preprocessing", PHOTO)
        return chosen if isinstance(chosen, Preprocessing) else PHOTO

    return Library(
        OWN,
        lambda: "",
        lambda: [(name, {}) for name in factories],
        build,
        usual,
        lambda name: name,
        mark=lambda name: _mark_factory(factories[name]),
    )


def _mark_factory(factory: Factory) -> str:
    """Where a function is from, its code, and its turn: two of one name and code may close over different things."""
    if not any(known is factory for known in _MARKED):
        _MARKED.append(factory)
    turn = next(turn for turn, known in enumerate(_MARKED) if known is factory)
    try:
        code = inspect.getsource(factory)
    except (OSError, TypeError):  # made while the app runs, or no function
        code = ""
    name = getattr(factory, "__qualname__", type(factory).__qualname__)
    return f"{factory.__module__}:{name} {hashlib.sha256(code.encode()).hexdigest()} {turn}"
