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
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.checkpoints.architectures import IMAGENET, LIBRARIES, OWN, Library, Options
from models.preprocessing import Preprocessing
from models.runtime.errors import UserError
from models.runtime.randomness import fork_rng

if TYPE_CHECKING:
    from torch import nn

GROUP = "vitrine.models"
PHOTO = Preprocessing((224, 224), 256, *IMAGENET)
# A number of classes -> a network with so many outputs. May have an attribute `preprocessing`.
Factory = Callable[..., "nn.Module"]
# What libraries call the number of classes.
COUNTS = ("num_classes", "classes", "n_classes", "nb_classes", "num_labels", "num_outputs", "n_outputs")
# The option of an architecture that is built without a number of classes.
FIXED = "fixed"
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
            factories[name.replace("/", ".")[:80]] = _load_factory(name, load)
        except UserError as refusal:
            problems.append(str(refusal))
    if factories:
        LIBRARIES[OWN] = _library(factories)
    return OperatorArguments(factories, tuple(options.checkpoint), tuple(problems))


def _load_factory(name: str, load: Callable[[], Any]) -> Factory:
    try:
        factory = load()
    except Exception as error:  # a module may raise anything when it is imported
        from models.runtime.foreign import own_words

        raise UserError(
            f"The architecture {name[:80]} cannot be imported ({type(error).__name__}: {own_words(error)}); "
            "write it as package.module:function."
        ) from error
    if not callable(factory):
        raise UserError(f"The architecture {name[:80]} is no function; name one that builds a network.")
    return factory  # type: ignore[no-any-return]


def _library(factories: Mapping[str, Factory]) -> Library:
    def build(name: str, classes: int, options: Options) -> nn.Module:
        factory = factories[name]
        module = factory() if options.get(FIXED) else _call(factory, classes)
        return _without_lazy_layers(module, usual(name, options))

    def usual(name: str, _: Options) -> Preprocessing:
        chosen = getattr(factories[name], "preprocessing", PHOTO)
        return chosen if isinstance(chosen, Preprocessing) else PHOTO

    return Library(
        OWN,
        lambda: "",
        lambda: [(name, options) for name, factory in factories.items() for options in _ways(factory)],
        build,
        usual,
        lambda name: name,
        mark=lambda name: _mark_factory(factories[name]),
    )


def _parameters(factory: Factory) -> Mapping[str, inspect.Parameter] | None:
    """What a function takes; None where it does not tell."""
    try:
        return inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return None


def _ways(factory: Factory) -> list[Options]:
    """How it may be called: with a number of classes, and without one where its class count may be its own."""
    parameters = _parameters(factory)
    if parameters is None:
        return [{}]
    free = all(
        one.default is not one.empty or one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        for one in parameters.values()
    )
    return [*([{}] if parameters else []), *([{FIXED: True}] if free else [])]


def _call(factory: Factory, classes: int) -> nn.Module:
    """What it builds with so many classes: by the keyword that libraries use, or as its first argument."""
    parameters = _parameters(factory) or {}
    by_name = [
        one.name
        for one in parameters.values()
        if one.name in COUNTS and one.kind in (one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    keywords = [one.name for one in parameters.values() if one.kind is one.KEYWORD_ONLY]
    if by_name:
        return factory(**{by_name[0]: classes})
    if len(keywords) == len(parameters) == 1:
        return factory(**{keywords[0]: classes})
    return factory(classes)


def _without_lazy_layers(module: nn.Module, preprocessing: Preprocessing) -> nn.Module:
    """The network once lazy layers have seen a picture, which is what their sizes follow from."""
    import torch
    from torch.nn.parameter import is_lazy

    if any(map(is_lazy, (*module.parameters(), *module.buffers()))):
        with torch.no_grad():
            module.eval()(torch.zeros(2, preprocessing.channels, *preprocessing.size))
    return module


def count_outputs(name: str, options: Options) -> int:
    """How many numbers a network of the operator gives for a picture: one run tells; 0 where it does not."""
    import torch

    from models.checkpoints.architectures import build, usual_preprocessing
    from models.outputs import choose_member
    from models.runtime.foreign import FOREIGN

    preprocessing = usual_preprocessing(name, options)
    shape = (2, preprocessing.channels, *preprocessing.size)
    with fork_rng(0), torch.no_grad(), suppress(*FOREIGN, UserError):
        _, scores, _ = choose_member(build(name, 0, options).eval()(torch.randn(shape)), 2, None, shape[1:])
        return scores[0].numel()
    return 0


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
