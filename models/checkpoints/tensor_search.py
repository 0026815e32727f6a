"""Where in a checkpoint the network's tensors are: people put them in many places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.checkpoints.limits import LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.stand_ins import Settings

# Where weights are, the best first: averaged ones are what their makers evaluate.
PLACES = (
    *("state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema", "params_ema"),
    *("state_dict", "model_state_dict", "model_state", "model", "module", "net", "network"),
    *("teacher", "teacher_model", "teacher_state_dict", "student", "student_model", "student_state_dict"),
    *("weights", "params", "classifier", "backbone", "encoder"),
)
# What else a training run keeps that is made of tensors.
OTHERS = ("optim", "scaler", "scheduler", "amp", "rng", "loss", "criterion", "sampler", "callbacks")


@dataclass(frozen=True)
class FoundTensors:
    """The tensors of one network.

    Attributes:
        tensors: name -> tensor, as they were found.
        path: keys of the containers that lead to them; empty where they are the file's own.
        others: paths of other sets of tensors, with how many each has.
        ignored: names in the same place that are no tensors.
    """

    tensors: Mapping[str, Any]
    path: tuple[str, ...]
    others: tuple[tuple[tuple[str, ...], int], ...]
    ignored: tuple[str, ...]


def find_tensors(
    content: object, is_tensor: Callable[[object], bool], limits: Limits = LIMITS
) -> FoundTensors:
    """The network's tensors in what a checkpoint holds.

    Args:
        content: as it was loaded; may contain itself.
        is_tensor: tells a tensor from all else.
        limits: of depth.

    Raises:
        RefusalError: if there are none, or they have no names.
    """
    if is_tensor(content):
        raise RefusalError(f"holds one tensor without a name; {SAVE_WEIGHTS}")
    sets = [
        (path, place)
        for path, place in containers(content, limits)
        if any(is_tensor(value) for value in place.values())
    ]
    if not sets:
        raise RefusalError(f"holds no tensors with names; {SAVE_WEIGHTS}")
    most = max(_count(place, is_tensor) for _, place in sets)
    path, place = min(sets, key=lambda candidate: _rank(candidate[0], _count(candidate[1], is_tensor), most))
    return FoundTensors(
        tensors={name: value for name, value in place.items() if isinstance(name, str) and is_tensor(value)},
        path=path,
        others=tuple((other, _count(held, is_tensor)) for other, held in sets if held is not place),
        ignored=tuple(str(name) for name, value in place.items() if not is_tensor(value) and _is_leaf(value)),
    )


def _count(place: Mapping[Any, Any], is_tensor: Callable[[object], bool]) -> int:
    return sum(is_tensor(value) for value in place.values())


def _is_leaf(value: object) -> bool:
    return not isinstance(value, Mapping | list | tuple | Settings)


def _rank(path: tuple[str, ...], count: int, most: int) -> tuple[bool, list[int], int, int]:
    """Sorts the network's own weights first: by the names of their place, then the shallowest, then the most."""
    aside = any(word in part.lower() for part in path for word in OTHERS)
    named = sorted(PLACES.index(part.lower()) for part in path if part.lower() in PLACES)
    # A file may be a state dict itself, or have a lone number at its top beside one.
    elsewhere = 0 if not path and 2 * count >= most else len(PLACES)
    return aside, named or [elsewhere], len(path), -count


def containers(content: object, limits: Limits) -> Iterator[tuple[tuple[str, ...], Mapping[Any, Any]]]:
    """Every mapping inside, and the values of every record of settings, each once, without recursion."""
    seen: set[int] = set()
    pending: list[tuple[tuple[str, ...], object]] = [((), content)]
    while pending:
        path, here = pending.pop()
        if id(here) in seen or len(path) > limits.max_depth or _is_leaf(here):
            continue
        seen.add(id(here))
        if isinstance(here, Settings):
            pending.append((path, vars(here)))
        elif isinstance(here, Mapping):
            yield path, here
            pending += [((*path, str(name)[:60]), value) for name, value in here.items()]
        elif isinstance(here, list | tuple):
            pending += [((*path, str(number)), value) for number, value in enumerate(here)]
