"""What tells architectures apart: the names and shapes of their tensors, added up so that parts can be taken away."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Mapping

Shape = tuple[int, ...]
MODULUS = 2**64
# Tensors that are counters or follow from the shapes of others: some versions keep them, some do not.
DERIVED = ("num_batches_tracked", "relative_position_index", "attn_mask", "relative_coords_table")
# What a batch normalisation keeps of the pictures that it saw.
STATISTICS = ("running_mean", "running_var")
# How the tools of training wrap names; of several networks in one, the averaged and the teacher come first.
AVERAGED = ("ema_model.", "model_ema.", "ema.", "teacher.", "teacher_model.", "model_teacher.")
WRAPPERS = (
    *("module.", "_orig_mod.", *AVERAGED, "student.", "student_model.", "model_student."),
    *("model.", "net.", "network.", "backbone.", "encoder.", "encoder_q."),
)
# What they write within a name, before whichever part of a network they wrap.
INSIDE = frozenset(
    ("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module")
)
# Names in files that torchvision hosts, of DenseNet and of the perceptrons in a ViT, and what its own loading makes of
# them.
OLDER = (
    (re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)"), r"\1\2"),
    (re.compile(r"\bmlp\.linear_1\."), "mlp.0."),
    (re.compile(r"\bmlp\.linear_2\."), "mlp.3."),
)
# Begins the prefix of names without that.
DROPPED = "*."
# How many wrappers may be around each other.
DEEPEST = 4


def is_derived(name: str) -> bool:
    """Whether a tensor of that name says nothing that the others do not."""
    return name.rpartition(".")[2] in DERIVED


def is_statistic(name: str) -> bool:
    """Whether a tensor of that name is a running statistic of a batch normalisation."""
    return name.rpartition(".")[2] in STATISTICS


def mark(name: str, shape: Iterable[int]) -> int:
    """A number for one tensor's name and shape, the same on every machine."""
    text = f"{name}:{','.join(map(str, shape))}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def size_mark(shape: Iterable[int]) -> int:
    """A number for how many numbers a tensor has, whatever its name and shape."""
    return mark("", (math.prod(shape),))


def total(marks: Iterable[int]) -> int:
    """The number of many tensors, whatever their order."""
    return sum(marks) % MODULUS


def wrappings(shapes: Mapping[str, Shape]) -> Iterator[tuple[str, dict[str, str]]]:
    """The ways in which names may be wrapped: a prefix, and the bare name -> the name in the file.

    The names as they are come first, then those behind prefixes that wrap most of them, from the outside in, what is
    behind an averaged network's before all others; then
    the same without what the tools of training write within names, and with older names as they are today, where that
    leaves no two alike: their prefixes begin with DROPPED.
    """
    yield from _layers("", {name: name for name in shapes})
    names = {plain(name): name for name in shapes}
    if len(names) == len(shapes) and names.keys() != shapes.keys():
        yield from _layers(DROPPED, names)


def unwrap(name: str) -> str:
    """A name without what the tools of training write within it."""
    return ".".join(part for part in name.split(".") if part not in INSIDE) or name


def plain(name: str) -> str:
    """A name without wrappers, and as torchvision writes it today where its hosted files have an older one."""
    name = unwrap(name)
    for pattern, today in OLDER:
        name = pattern.sub(today, name)
    return name


def clash(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two names that plain() makes the same; None where there are no such."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(plain(name), name)
        if other != name:
            return other, name
    return None


def _layers(outermost: str, bare: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    pending, others = [(outermost, bare)], []
    yield outermost, bare
    for _ in range(DEEPEST):
        pending = [
            (prefix + wrapper, inner) for prefix, outer in pending for wrapper, inner in _unwrap(outer)
        ]
        for prefix, inner in pending:
            if any(f"{part}." in AVERAGED for part in prefix.split(".")):
                yield prefix, inner
            else:
                others.append((prefix, inner))
    yield from others


def _unwrap(names: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each first part of the names that most of them share, or that is a known wrapper, with what is behind it."""
    inner: dict[str, dict[str, str]] = {}
    for name, full in names.items():
        first, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(first + dot, {})[rest] = full
    # sorted() leaves all others in the order of the file.
    for wrapper, behind in sorted(inner.items(), key=lambda item: item[0] not in AVERAGED):
        if 2 * len(behind) > len(names) or wrapper in WRAPPERS:
            yield wrapper, behind
