"""Where the scores of classes stand in whatever a network gives."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from models.runtime.errors import UserError

# Members of an output are looked for this deep.
DEEPEST = 3
# What libraries call the scores of classes, the likeliest first.
NAMES = ("logits", "out", "output", "scores", "pred", "prediction", "predictions", "cls", "class_logits")


def choose_member(
    output: Any, count: int, outputs: int | None, given: Sequence[int], said: str = ""
) -> tuple[str, Tensor, tuple[str, ...]]:
    """The scores of classes in what a network gave for some pictures.

    Args:
        output: of any kind.
        count: how many pictures went in.
        outputs: numbers that a picture gets, where known.
        given: channels, height and width of each.
        said: by a person, where they stand; empty to find it.

    Returns:
        Where they stand, as Python writes it, the tensor, and other places where they may as well.

    Raises:
        UserError: if there are none, or none where they are said to be.
    """
    members = list(walk(output))
    rows = [(place, tensor) for place, tensor in members if _fits(tensor, count)]
    fitting = [
        (place, tensor) for place, tensor in rows if not _are_best(tensor, dict(members).values(), outputs)
    ]
    if not fitting:
        raise UserError(_no_scores(output, members, count, given, best=bool(rows)))
    likely = [(place, tensor) for place, tensor in fitting if _numbers(tensor) == outputs] or fitting
    named = [entry for name in NAMES for entry in likely if re.search(rf"\b{name}\b", entry[0])]
    choices = [entry for entry in likely if entry[0] == said] if said else named or likely
    if not choices:
        raise UserError(
            f"At {said} of what the network gives stands no row of scores for each picture; say another place under "
            "Your checkpoint."
        )
    chosen, tensor = choices[0]
    settled = bool(named) and not said
    return chosen, tensor, () if settled else tuple(place for place, _ in likely if place != chosen)


def walk(output: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, Tensor]]:
    """The tensors in what a network gave, each with its place as Python writes it."""
    if isinstance(output, Tensor):
        yield place, output
        return
    if depth == DEEPEST:
        return
    if isinstance(output, Mapping):
        for key, value in output.items():
            yield from walk(value, f"{place}[{key!r}]", depth + 1)
    elif isinstance(output, tuple) and hasattr(output, "_fields"):
        for name, value in zip(output._fields, output, strict=True):
            yield from walk(value, f"{place}.{name}", depth + 1)
    elif isinstance(output, tuple | list):
        for index, value in enumerate(output):
            yield from walk(value, f"{place}[{index}]", depth + 1)
    elif dataclasses.is_dataclass(output):
        for entry in dataclasses.fields(output):
            yield from walk(getattr(output, entry.name), f"{place}.{entry.name}", depth + 1)
    elif not isinstance(output, type | nn.Module):
        for name, value in getattr(output, "__dict__", {}).items():
            yield from walk(value, f"{place}.{name}", depth + 1)


def member_of(output: Any, place: str) -> Tensor:
    """The tensor that stands at a place of an output, as walk() writes it.

    Raises:
        UserError: if it is not there this time.
    """
    for found, tensor in walk(output):
        if found == place:
            return tensor
    raise UserError(f"The network's output has no {place} this time, though its trial had.")


def as_rows(scores: Tensor, count: int, outputs: int | None = None) -> Tensor:
    """Scores as (N, classes): (N, C, 1, 1) and, of one picture, (C,) or () become rows.

    Args:
        scores: of so many pictures.
        count: of pictures.
        outputs: numbers that each gets, where a trial told.

    Raises:
        UserError: if each gets other than so many numbers.
    """
    if scores.numel() != count * (outputs or _numbers(scores)):
        shape = "(" + ", ".join(map(str, scores.shape)) + ")"
        raise UserError(
            f"The network gives numbers of shape {shape} for {count} picture{'s' * (count != 1)}, and elsewhere "
            f"{outputs} for each: its answer hangs on how many it is shown, or on what it was shown before."
        )
    return scores.reshape(count, -1)


def _fits(tensor: Tensor, count: int) -> bool:
    """Whether a tensor is a row of scores for each picture."""
    if not tensor.is_floating_point() or not tensor.numel():
        return False
    return tuple(tensor.shape[:1]) == (count,) and sum(size != 1 for size in tensor.shape[1:]) <= 1


def _are_best(scores: Tensor, others: Iterable[Tensor], outputs: int | None) -> bool:
    """Whether these are the best scores alone, beside which their classes stand as whole numbers."""
    classes = next(
        (other for other in others if not other.is_floating_point() and other.shape == scores.shape), None
    )
    if classes is None or outputs == _numbers(scores):
        return False
    if _numbers(scores) == 1:
        return outputs is not None or bool((classes > 1).any())
    rows = as_rows(scores, len(scores))
    return bool((rows[:, 1:] <= rows[:, :-1]).all())


def _numbers(tensor: Tensor) -> int:
    return tensor.numel() // max(len(tensor), 1)


def _no_scores(
    output: Any, members: Sequence[tuple[str, Tensor]], count: int, given: Sequence[int], *, best: bool
) -> str:
    """The sentence for an output that holds no scores of classes."""
    size = " x ".join(map(str, given))
    went = f"{count} pictures of {size} went in and"
    wanted = f"wanted is one row of scores for each picture, ({count}, classes)"
    if not members:
        return f"{went} no tensor came out ({type(output).__name__}); {wanted}."
    if best:
        return f"{went} the best scores alone came out, beside their classes; let it give all: {wanted}."
    tensor = members[0][1]
    shape = "(" + ", ".join(map(str, tensor.shape)) + ")"
    if not tensor.is_floating_point():
        kind = "truth values" if tensor.dtype == torch.bool else "whole numbers"
        kind = "complex numbers" if tensor.is_complex() else kind
        return f"{went} {kind} of shape {shape} came out; let it give scores: {wanted}."
    if tensor.dim() == 4 and tensor.shape[0] == count:
        return f"{went} a score for each pixel came out, {shape}; {wanted}."
    rows = len(tensor) if tensor.dim() else 0
    if tensor.dim() == 2 and rows != count:
        return (
            f"{went} {rows} rows came out, {shape}: it takes them for {rows} pictures, as happens "
            f"where it was made for another size. Say under Your checkpoint which size it takes; {wanted}."
        )
    return f"{went} a tensor of shape {shape} came out; {wanted}."
