"""What a network that is brought really does, measured by one short trial, and the head that reads it accordingly.

Nothing is taken on trust: a few pictures go through once together and once alone, and a gradient goes back. What
cannot be measured (whether one number is a yes or a quantity) is assumed, and said to be.
"""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from models.meaning import READINGS, Basis, Meaning, Reading
from models.runtime.errors import UserError
from models.runtime.randomness import read_states

# What the code of a network may raise that does not fit what it is given.
FOREIGN = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
# Two passes over the same picture may differ by so much of the spread of its scores: rounding differs by batch.
STEADY = 1e-3
# Where no logit moves by more from picture to picture, every picture gets the same answer: it changes a probability by
# no more than a quarter of that.
SAME = 1e-3
# Where the scores of a picture spread by less, they are rounding.
FAINT = 1e-6
# Probabilities add up to 1 this well in half precision.
ADDED_UP = 2e-3
# A network that draws random numbers answers one picture so often, until two answers differ: two of three coin tosses
# agree by chance.
PASSES = 16
# Members of an output are looked for this deep.
DEEPEST = 3
# What libraries call the scores of classes, the likeliest first.
NAMES = ("logits", "out", "output", "scores", "pred", "prediction", "predictions", "cls", "class_logits")
# What only changes the shape of scores, by autograd's name.
RESHAPES = {
    "View",
    "UnsafeView",
    "ReshapeAlias",
    "Squeeze",
    "Unsqueeze",
    "Select",
    "Slice",
    "Clone",
    "ToCopy",
    "Alias",
}
# Activations whose input is the logits where their output is what the network gives.
FINAL = (nn.Softmax, nn.LogSoftmax, nn.Softmax2d, nn.Sigmoid, nn.LogSigmoid)


@dataclass(frozen=True)
class Contract:
    """What a trial found of a network.

    Attributes:
        given: channels, height and width of the pictures that went in.
        member: where the scores stand in what comes out, as Python writes it (`['logits']`, `[0]`, `.logits`); empty
            where they are all that comes out.
        rivals: other places where scores may stand as well as there; none where a name tells which they are.
        outputs: numbers that one picture gets.
        rows: whether they come as (N, outputs) by themselves, also of one picture.
        meaning: of these numbers.
        basis: of the meaning.
        final: name of the activation module that makes the output of the logits; empty where there is none, and the
            logits are then worked out from the probabilities.
        saturated: whether a probability of the trial was 0 or 1 in float32, where its logarithm says nothing.
        repeated: largest difference between two passes over one picture, as a share of the spread of its scores.
        batched: the same between a picture alone and among others.
        rewritten: names of buffers that a pass in eval mode changed.
        writes_input: whether it writes into what it is given.
        gradient: whether a gradient reaches the picture.
        obstacle: why none does, in the network's own words where it has some; empty where one does.
        spread: largest minus smallest score of a picture, the mean over pictures.
        moved: largest difference that another picture makes to any score, before a softmax or sigmoid.
    """

    given: tuple[int, int, int]
    member: str = ""
    rivals: tuple[str, ...] = ()
    outputs: int = 0
    rows: bool = True
    meaning: Meaning = "logits"
    basis: Basis = "assumed"
    final: str = ""
    saturated: bool = False
    repeated: float = 0.0
    batched: float = 0.0
    rewritten: tuple[str, ...] = ()
    writes_input: bool = False
    gradient: bool = True
    obstacle: str = ""
    spread: float = 1.0
    moved: float = 1.0

    @property
    def steady(self) -> bool:
        """Whether the same picture gets the same answer, alone and among others."""
        return max(self.repeated, self.batched) <= STEADY

    @property
    def random(self) -> bool:
        """Whether two passes over one picture differ."""
        return self.repeated > STEADY

    @property
    def plain(self) -> bool:
        """Whether the module gives logits, (N, classes), by itself, and leaves its input alone."""
        untouched = self.rows and not self.member and not self.writes_input and not self.rewritten
        return untouched and self.meaning in ("logits", "log-probabilities", "attributes", "values")

    @property
    def reading(self) -> Reading:
        """How an answer is read."""
        return READINGS[self.meaning]

    @property
    def collapsed(self) -> bool:
        """Whether every picture gets the same answer."""
        return self.moved <= SAME * ((self.spread or 1.0) if self.reading == "values" else 1.0)

    @property
    def faint(self) -> bool:
        """Whether scores differ by no more than rounding, so that no ratio of them says anything."""
        return self.outputs > 1 and self.spread <= FAINT

    @property
    def lossy(self) -> bool:
        """Whether probabilities were 0 or 1 in float32 and nothing before them is known: what lies behind is lost."""
        return self.saturated and not self.final


# Of a network of which it is known, because we wrote and trained it.
LOGITS = Contract((3, 0, 0), basis="measured")


def measure_contract(
    module: nn.Module,
    pictures: Tensor,
    *,
    outputs: int | None = None,
    meaning: Meaning | None = None,
    member: str = "",
) -> Contract:
    """Try a network on a few pictures.

    Args:
        module: in eval mode, frozen; not changed (what it writes into its buffers is undone).
        pictures: (N, C, H, W) with N at least 2, normalised, different from each other.
        outputs: numbers that a picture gets, where the file tells; decides between several members.
        meaning: said by a person, taken instead of what is found.
        member: where the scores stand, said by a person; empty to find it.

    Raises:
        UnreadableError: if it cannot read such pictures.
        UserError: if what comes out is no score of classes, or cannot mean what was said.
    """
    kept = {name: buffer.clone() for name, buffer in module.named_buffers()}
    try:
        return _measure(module, pictures, kept, outputs, meaning, member)
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
) -> Contract:
    given = (int(pictures.shape[1]), int(pictures.shape[2]), int(pictures.shape[3]))
    fed = pictures.clone()
    generators = read_states()
    with _FinalActivations(module) as finals, torch.no_grad():
        output = run(module, fed)
    member, scores, rivals = choose_member(output, len(pictures), outputs, tuple(pictures.shape[1:]), said)
    final = next((name for name, activated in finals if activated is scores), "")
    rows = as_rows(scores, len(pictures))
    if not bool(rows.isfinite().any()):
        raise UserError(
            "The network's scores are all infinite or not numbers, so nothing can be shown; look at its weights: "
            "some may not be finite."
        )
    alone = _answer_alone(module, pictures[:1], member)
    obstacle, again = _follow_gradient(module, pictures[:1], member)
    if again is None:
        again = _answer_alone(module, pictures[:1], member)
    shares = {"Sigmoid": True, "": None}.get(last_step(again), False)
    first = as_rows(alone, 1)
    spread = float((rows.amax(1) - rows.amin(1)).mean()) if rows.shape[1] > 1 else float(rows.abs().mean())
    unit = spread or 1.0
    repeated = float((first - as_rows(again.detach(), 1)).abs().max()) / unit
    if read_states() != generators:
        for _ in range(PASSES - 2):
            if repeated > STEADY:
                break
            other = as_rows(_answer_alone(module, pictures[:1], member), 1)
            repeated = float((first - other).abs().max()) / unit
    found, basis, saturated = _find_meaning(rows, shares)
    if meaning is not None:
        found, basis = _check_meaning(meaning, rows), "said by a person"
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
        batched=float((first - rows[:1]).abs().max()) / unit,
        rewritten=tuple(name for name, buffer in module.named_buffers() if not _same(buffer, kept[name])),
        writes_input=not _same(fed, pictures),
        gradient=not obstacle,
        obstacle=obstacle,
        spread=spread,
        moved=float((logits.amax(0) - logits.amin(0)).max()),
    )


def _answer_alone(module: nn.Module, picture: Tensor, member: str) -> Tensor:
    """What comes out of one picture of a network that answers several.

    Raises:
        UserError: if it needs several.
    """
    try:
        with torch.no_grad():
            return member_of(run(module, picture.clone()), member)
    except UnreadableError as refusal:
        reason, _, _ = str(refusal).partition(" Say under")
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
            f"{own_words(error)}. Say under Your checkpoint which size and channels it takes."
        ) from error


def own_words(error: BaseException) -> str:
    """The first line of an error as a clause: printable, without paths, at most 160 letters."""
    line = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
    line = "".join(letter if letter.isprintable() else " " for letter in line)
    line = re.sub(r"\S*[/\\]\S*[/\\]\S*", "a file", line)
    return " ".join(line.split())[:160].rstrip(". ")


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
    fitting = [(place, tensor) for place, tensor in members if _fits(tensor, count)]
    if not fitting:
        raise UserError(_no_scores(members, count, given))
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
    elif isinstance(output, tuple | list):
        for index, value in enumerate(output):
            yield from walk(value, f"{place}[{index}]", depth + 1)
    elif dataclasses.is_dataclass(output):
        for entry in dataclasses.fields(output):
            yield from walk(getattr(output, entry.name), f"{place}.{entry.name}", depth + 1)


def member_of(output: Any, place: str) -> Tensor:
    """The tensor that stands at a place of an output, as walk() writes it.

    Raises:
        UserError: if it is not there this time.
    """
    for found, tensor in walk(output):
        if found == place:
            return tensor
    raise UserError(f"The network's output has no {place} this time, though its trial had.")


def as_rows(scores: Tensor, count: int) -> Tensor:
    """Scores as (N, classes): (N, C, 1, 1) and, of one picture, (C,) or () become rows."""
    return scores.reshape(count, -1)


def _fits(tensor: Tensor, count: int) -> bool:
    """Whether a tensor is a row of scores for each picture."""
    if not tensor.is_floating_point() or not tensor.numel():
        return False
    shape = tuple(tensor.shape)
    return shape[:1] == (count,) and (len(shape) <= 2 or set(shape[2:]) == {1})


def _numbers(tensor: Tensor) -> int:
    return tensor.numel() // max(len(tensor), 1)


def _no_scores(members: Sequence[tuple[str, Tensor]], count: int, given: Sequence[int]) -> str:
    """The sentence for an output that holds no scores of classes."""
    size = " x ".join(map(str, given))
    went = f"{count} pictures of {size} went in and"
    wanted = f"wanted is one row of scores for each picture, ({count}, classes)"
    if not members:
        return f"{went} no tensor came out; {wanted}."
    tensor = members[0][1]
    shape = "(" + ", ".join(map(str, tensor.shape)) + ")"
    if not tensor.is_floating_point():
        return f"{went} whole numbers of shape {shape} came out; let it give scores: {wanted}."
    if tensor.dim() == 4 and tensor.shape[0] == count:
        return f"{went} a score for each pixel came out, {shape}; {wanted}."
    rows = len(tensor) if tensor.dim() else 0
    if tensor.dim() == 2 and rows != count:
        return (
            f"{went} {rows} rows came out, {shape}: it takes them for {rows} pictures, as happens "
            f"where it was made for another size. Say under Your checkpoint which size it takes; {wanted}."
        )
    return f"{went} a tensor of shape {shape} came out; {wanted}."


def _follow_gradient(module: nn.Module, picture: Tensor, member: str) -> tuple[str, Tensor | None]:
    """Why no gradient reaches a picture, empty where one does; and what came out of it, where anything did."""
    scores = None
    with torch.enable_grad():
        leaf = picture.clone().requires_grad_()
        try:
            scores = member_of(module(leaf.clone()), member)
            if not scores.requires_grad:
                return "no step of it lets a gradient through to the picture", scores
            (gradient,) = torch.autograd.grad(scores.amax(), leaf, allow_unused=True)
        except FOREIGN as error:
            return own_words(error), scores
    if gradient is None or not bool(gradient.count_nonzero()):
        return "the gradient of its answer is zero everywhere in the picture", scores
    return "", scores


def last_step(scores: Tensor) -> str:
    """What made a tensor, by autograd's name ("Sigmoid"), behind what only changes its shape; empty if unknown."""
    node: Any = scores.grad_fn
    while node is not None and node.name().rstrip("0123456789").removesuffix("Backward") in RESHAPES:
        node = node.next_functions[0][0]
    return "" if node is None else node.name().rstrip("0123456789").removesuffix("Backward")


def _find_meaning(rows: Tensor, shares_each: bool | None) -> tuple[Meaning, Basis, bool]:
    """What rows of scores are, on what ground, and whether a probability is 0 or 1 in float32.

    Args:
        rows: (N, classes).
        shares_each: whether a sigmoid made them; None where no gradient tells.
    """
    shares = rows.double()
    inside = bool(((shares >= 0) & (shares <= 1)).all())
    if rows.shape[1] == 1:
        ends = bool(((rows == 0) | (rows == 1)).any())
        # One number between 0 and 1 can be a share of anything, too.
        return ("yes or no", "assumed", inside and ends)
    if inside and bool(((shares.sum(1) - 1).abs() < ADDED_UP).all()):
        return "probabilities", "measured", bool(((rows == 0) | (rows == 1)).any())
    if bool((shares <= 0).all()) and bool((shares.logsumexp(1).abs() < ADDED_UP).all()):
        return "log-probabilities", "measured", bool((rows == 0).any() | rows.isneginf().any())
    # Logits of a network that says little lie between 0 and 1 as well.
    if inside and shares_each is not False:
        basis: Basis = "measured" if shares_each else "assumed"
        return "attribute probabilities", basis, bool(((rows == 0) | (rows == 1)).any())
    return "logits", "assumed", False


# What a person may say of the meaning -> what rows are then, where they are shares between 0 and 1 and where not.
SAID: dict[Meaning, tuple[Meaning | None, Meaning | None]] = {
    "logits": ("logits", "logits"),
    "probabilities": ("probabilities", None),
    "attributes": ("attribute probabilities", "attributes"),
    "yes or no": ("yes or no", "yes or no"),
    "values": ("values", "values"),
}


def _check_meaning(said: Meaning, rows: Tensor) -> Meaning:
    """What rows of scores are by a person's word.

    Raises:
        UserError: if they cannot be that.
    """
    found = SAID[said][0 if _is_share(rows) else 1]
    if found is None:
        raise UserError(
            f"The network's numbers reach from {float(rows.min()):.3g} to {float(rows.max()):.3g}, so they are no "
            "probabilities; say under Your checkpoint that they mean something else."
        )
    if found == "yes or no" and rows.shape[1] != 1:
        raise UserError(
            f"The network gives {rows.shape[1]:,} numbers, and a yes or no is one; say under Your checkpoint that they "
            "mean something else."
        )
    return found


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


@dataclass(frozen=True, eq=False)
class Head:
    """Hooks on a network that make it give logits, (N, classes), whatever its contract says comes out.

    They hang on the network itself, so that layers keep their names, and are copied with it.
    """

    contract: Contract
    # What a pass changes, as it was before any.
    kept: Mapping[str, Tensor] = field(default_factory=dict, repr=False)
    # What goes into the final activation; each thread its own, because the network is shared.
    _local: threading.local = field(default_factory=threading.local, repr=False)

    def __deepcopy__(self, memo: dict[int, object]) -> Head:
        private = Head(self.contract, self.kept)
        memo[id(self)] = private
        return private

    def install(self, module: nn.Module) -> nn.Module:
        """The same module, which gives logits from now on. To be called before anybody shares it."""
        if self.contract.rewritten:
            module.register_forward_pre_hook(self.restore)
        if self.contract.writes_input:
            module.register_forward_pre_hook(self.spare_input)
        if self.contract.final:
            module.get_submodule(self.contract.final).register_forward_hook(self.note)
        module.register_forward_hook(self.read)
        return module

    def restore(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        """As a forward pre-hook: put back what passes change, so that each begins as the first one did."""
        with torch.no_grad():
            for name, kept in self.kept.items():
                module.get_buffer(name).copy_(kept)

    def spare_input(self, module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """As a forward pre-hook: a clone of each tensor for a network that writes into what it is given."""
        return tuple(arg.clone() if isinstance(arg, Tensor) else arg for arg in args)

    def note(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """As a forward hook of the final activation: keep its input, which is the logits."""
        self._local.before = args[0]

    def read(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> Tensor:
        """As a forward hook of the network: its output as logits, (N, classes)."""
        count = len(args[0])
        scores = as_rows(member_of(output, self.contract.member), count)
        before = getattr(self._local, "before", None)
        if before is not None and self.contract.final:
            self._local.before = None
            return self._both_sides(as_rows(before, count))
        return self._both_sides(to_logits(scores, self.contract.meaning))

    def _both_sides(self, logits: Tensor) -> Tensor:
        """One logit as two, no and yes, whose softmax is its sigmoid; others as they are."""
        return torch.cat([-logits / 2, logits / 2], dim=1) if self.contract.meaning == "yes or no" else logits


def to_logits(scores: Tensor, meaning: Meaning) -> Tensor:
    """Scores as logits: numbers whose softmax, or sigmoid where each class is by itself, is the network's answer."""
    if meaning == "probabilities":
        return scores.clamp_min(torch.finfo(scores.dtype).tiny).log()
    if meaning == "attribute probabilities" or (meaning == "yes or no" and _is_share(scores)):
        return torch.logit(scores, eps=torch.finfo(scores.dtype).eps)
    return scores


def to_shares(logits: Tensor, reading: Reading) -> Tensor | None:
    """Logits, (N, classes), as probabilities: of classes that exclude each other, or each by itself; None of values."""
    if reading == "values":
        return None
    return logits.sigmoid() if reading == "each by itself" else logits.softmax(1)


def _is_share(scores: Tensor) -> bool:
    return bool(((scores >= 0) & (scores <= 1)).all())


def with_logits(module: nn.Module, contract: Contract) -> nn.Module:
    """The same module, which gives logits, (N, classes), from now on; untouched where it does so already."""
    if contract.plain:
        return module
    kept = {name: module.get_buffer(name).clone() for name in contract.rewritten}
    return Head(contract, kept).install(module)
