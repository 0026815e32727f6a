"""One short trial of a network that is brought: what it really does is measured.

Nothing is taken on trust: a few pictures go through once together and once alone, and a gradient goes back. What
cannot be measured (whether one number is a yes or a quantity) is assumed, and said to be.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from models.contract import STEADY, Contract
from models.head import adaptation
from models.meaning import Meaning
from models.outputs import as_rows, choose_member, member_of
from models.runtime.errors import UserError
from models.runtime.foreign import FOREIGN, own_words
from models.runtime.randomness import read_states
from models.scores import check_meaning, find_meaning, last_step, to_logits

# Activations whose input is the logits where their output is what the network gives.
FINAL = (nn.Softmax, nn.LogSoftmax, nn.Softmax2d, nn.Sigmoid, nn.LogSigmoid)
# The way out where pictures of another size or of other channels may do.
SAY = " Say under Your checkpoint which size and channels it takes."
# A network that draws random numbers answers one picture so often, until two answers differ: two of three coin tosses
# agree by chance.
PASSES = 16


def measure_contract(
    module: nn.Module,
    pictures: Tensor,
    *,
    outputs: int | None = None,
    meaning: Meaning | None = None,
    member: str = "",
    report: Callable[[float], None] = lambda share: None,
) -> Contract:
    """Try a network on a few pictures.

    Args:
        module: in eval mode, frozen; not changed (what it writes into its buffers is undone).
        pictures: (N, C, H, W) with N at least 2, normalised, different from each other.
        outputs: numbers that a picture gets, where the file tells; decides between several members.
        meaning: said by a person, taken instead of what is found.
        member: where the scores stand, said by a person; empty to find it.
        report: told the share done, in [0, 1]; may raise to cancel.

    Raises:
        UnreadableError: if it cannot read such pictures, in whichever order of axes and dtype.
        UserError: if what comes out is no score of classes, or cannot mean what was said.
    """
    refusals: dict[bool, UnreadableError] = {}
    for channels_last, dtype in itertools.product((False, True), _dtypes(module)):
        try:
            with _adapted(module, dtype, channels_last=channels_last):
                contract = _measure_and_undo(module, pictures, outputs, meaning, member, report)
        except UnreadableError as refusal:
            refusals[channels_last] = refusal
        else:
            return dataclasses.replace(contract, takes=dtype, channels_last=channels_last)
    raise refusals[False]


def _dtypes(module: nn.Module) -> Iterable[str]:
    """The dtypes in which a network may read pictures, by the names that torch gives them: float32, and its own."""
    own = (weight.dtype for weight in module.parameters() if weight.is_floating_point())
    return dict.fromkeys(
        str(dtype).removeprefix("torch.") for dtype in (torch.float32, *itertools.islice(own, 1))
    )


@contextmanager
def _adapted(module: nn.Module, dtype: str, *, channels_last: bool) -> Iterator[None]:
    """Within, the module is given pictures in that dtype and order of axes."""
    if dtype == "float32" and not channels_last:
        yield
        return
    handle = module.register_forward_pre_hook(adaptation(dtype, channels_last=channels_last))
    try:
        yield
    finally:
        handle.remove()


def _measure_and_undo(
    module: nn.Module,
    pictures: Tensor,
    outputs: int | None,
    meaning: Meaning | None,
    said: str,
    report: Callable[[float], None],
) -> Contract:
    """As _measure(); what passes write into buffers is undone."""
    kept = {name: buffer.clone() for name, buffer in module.named_buffers()}
    try:
        return _measure(module, pictures, kept, outputs, meaning, said, report)
    finally:
        with torch.no_grad():
            for name, buffer in module.named_buffers():
                if not _same(buffer, kept[name]):
                    buffer.copy_(kept[name])


def _measure(
    module: nn.Module,
    pictures: Tensor,
    kept: Mapping[str, Tensor],
    outputs: int | None,
    meaning: Meaning | None,
    said: str,
    report: Callable[[float], None],
) -> Contract:
    given = (int(pictures.shape[1]), int(pictures.shape[2]), int(pictures.shape[3]))
    fed = pictures.clone()
    generators = read_states()
    with _FinalActivations(module) as finals, torch.no_grad():
        try:
            member, parts, rivals = _answer(module, [fed], outputs, said)
        except UserError as refusal:
            # Some take one picture at a time.
            fed = pictures.clone()
            try:
                member, parts, rivals = _answer(module, [picture[None] for picture in fed], outputs, said)
            except UserError:
                raise refusal from None
    scores = parts[0]
    final = next((name for name, activated in finals if activated is scores), "")
    rows = torch.cat([as_rows(part, len(pictures) // len(parts)) for part in parts])
    if not bool(rows.isfinite().any()):
        raise UserError(
            "The network's scores are all infinite or not numbers, so nothing can be shown; look at its weights: "
            "some may not be finite."
        )
    report(0.6)
    obstacle, alone = _follow_gradient(module, pictures[:1], member)
    if alone is None:
        alone = _answer_alone(module, pictures[:1], member)
    report(0.9)
    shares = {"Sigmoid": True, "": None}.get(last_step(alone), False)
    first = as_rows(alone.detach(), 1, rows.shape[1])
    spread = _spread(rows)

    def differ(other: Tensor) -> float:
        """Largest difference between an answer and the first, as a share of the spread of scores."""
        return _distance(first, as_rows(other, 1, rows.shape[1])) / (spread or 1.0)

    batched = repeated = differ(rows[:1])
    rewritten = tuple(name for name, buffer in module.named_buffers() if not _same(buffer, kept[name]))
    drawn = read_states() != generators
    # Where an answer among others and one alone agree, they are two passes over one picture.
    if batched > STEADY or rewritten or drawn:
        repeated = differ(_answer_alone(module, pictures[:1], member))
    for _ in range(PASSES - 2 if drawn else 0):
        if repeated > STEADY:
            break
        repeated = differ(_answer_alone(module, pictures[:1], member))
    found, basis, saturated = find_meaning(rows, shares)
    if meaning is not None:
        found, basis = check_meaning(meaning, rows), "said by a person"
    # Shares near 0 or 1 hardly move where the scores behind them do.
    logits = to_logits(rows, found)
    return Contract(
        given=given,
        member=member,
        rivals=rivals,
        outputs=rows.shape[1],
        rows=scores.dim() == 2 and alone.dim() == 2,
        meaning=found,
        basis=basis,
        final=final,
        saturated=saturated,
        repeated=repeated,
        batched=batched,
        singly=len(parts) > 1,
        rewritten=rewritten,
        writes_input=not _same(fed, pictures),
        gradient=not obstacle,
        obstacle=obstacle,
        spread=spread,
        moved=float(_span(logits, 0).amax()),
        unfinished=float((~rows.isfinite()).float().mean()),
        dtype=str(rows.dtype).removeprefix("torch."),
    )


def _spread(rows: Tensor) -> float:
    """Largest minus smallest score of a picture, or the size of the one that there is; the mean over pictures."""
    sizes = _span(rows, 1) if rows.shape[1] > 1 else rows.abs().flatten()
    return float(sizes[rows.isfinite().any(1)].nan_to_num(0, 0, 0).mean())


def _span(scores: Tensor, axis: int) -> Tensor:
    """Largest minus smallest finite number along an axis; 0 where there is none."""
    finite = scores.isfinite()
    largest = scores.masked_fill(~finite, -torch.inf).amax(axis)
    smallest = scores.masked_fill(~finite, torch.inf).amin(axis)
    return (largest - smallest).clamp_min(0)


def _distance(one: Tensor, other: Tensor) -> float:
    """Largest difference between scores; what is not finite in both alike does not count."""
    return float((one.nan_to_num(0, 0, 0) - other.nan_to_num(0, 0, 0)).abs().max())


def _answer(
    module: nn.Module, batches: Sequence[Tensor], outputs: int | None, said: str
) -> tuple[str, list[Tensor], tuple[str, ...]]:
    """Where the scores of classes stand, those of each batch, and other places where they may as well.

    Raises:
        UnreadableError: if it cannot read such pictures.
        UserError: if it gives no scores of classes.
    """
    answers = [run(module, batch) for batch in batches]
    if len(batches[0]) == 1:
        # One picture's row may come without an axis for pictures.
        answers = [one[None] if isinstance(one, Tensor) and one.dim() == 1 else one for one in answers]
    member, _, rivals = choose_member(answers[0], len(batches[0]), outputs, tuple(batches[0].shape[1:]), said)
    return member, [member_of(answer, member) for answer in answers], rivals


def _answer_alone(module: nn.Module, picture: Tensor, member: str) -> Tensor:
    """What comes out of one picture of a network that answers several.

    Raises:
        UserError: if it needs several.
    """
    try:
        with torch.no_grad():
            return member_of(run(module, picture.clone()), member)
    except UnreadableError as refusal:
        reason, _, _ = str(refusal).partition(SAY)
        raise UserError(
            f"{reason} It answers several at once, and a page shows one: let it answer each picture by itself."
        ) from refusal


class UnreadableError(UserError):
    """A network raises something at pictures of that size and so many channels."""


def run(module: nn.Module, pictures: Tensor) -> Any:
    """What comes out of a network that is not known yet.

    Raises:
        UnreadableError: if it raises something; the sentence says what went in, and the network's own first words.
    """
    try:
        return module(pictures)
    except FOREIGN as error:
        count, channels, height, width = pictures.shape
        what = "one picture" if count == 1 else f"{count} pictures"
        raise UnreadableError(
            f"The network cannot read {what} of {channels} x {height} x {width} (channels, height, width): "
            f"{own_words(error)}.{'' if isinstance(error, TypeError) else SAY}"
        ) from error


def _follow_gradient(module: nn.Module, picture: Tensor, member: str) -> tuple[str, Tensor | None]:
    """Why no gradient reaches a picture, empty where one does; and what came out of it, where anything did."""
    scores = None
    with torch.enable_grad():
        leaf = picture.clone().requires_grad_()
        try:
            scores = member_of(module(leaf.clone()), member)
            if not scores.requires_grad:
                return no_gradient(module), scores
            (gradient,) = torch.autograd.grad(scores.amax(), leaf, allow_unused=True)
        except FOREIGN as error:
            return own_words(error), scores
    if gradient is None or not bool(gradient.count_nonzero()):
        return "the gradient of its answer is zero everywhere in the picture", scores
    return "", scores


def no_gradient(module: nn.Module) -> str:
    """Why the answer of a network hangs on no gradient: in its own words where it has some."""
    return getattr(module, "obstacle", "no step of it lets a gradient through to the picture")


class _FinalActivations:
    """The activations of FINAL that ran in a pass, with what each gave; a context manager."""

    def __init__(self, module: nn.Module) -> None:
        self._layers = [(name, layer) for name, layer in module.named_modules() if isinstance(layer, FINAL)]
        self._ran: list[tuple[str, Any]] = []

    def __enter__(self) -> list[tuple[str, Any]]:
        def note(name: str) -> Any:
            return lambda layer, args, output: self._ran.append((name, output))

        self._handles = [layer.register_forward_hook(note(name)) for name, layer in self._layers]
        return self._ran

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()


def _same(one: Tensor, other: Tensor) -> bool:
    return (
        torch.equal(one.nan_to_num(), other.nan_to_num())
        if one.is_floating_point()
        else torch.equal(one, other)
    )
