"""Names as their publisher gave them: timm's own function makes timm's of them, in a process of its own.

`python -m models.checkpoints.renaming`. Only sizes tell which architectures come into question. What the function does
is believed where every tensor has found one place that fits, and nothing else was done to it.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import warnings
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from models.checkpoints import index, safetensors_header, sandbox
from models.checkpoints.known import Index, Row, Sizes
from models.checkpoints.limits import LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.origin import NOTE, Origin
from models.checkpoints.safetensors_header import Header
from models.checkpoints.signature import Shape, is_derived, size_mark, total, wrappings
from models.runtime.bounds import bound_files, bound_memory, bound_time

if TYPE_CHECKING:
    from torch import Tensor, nn

LIBRARY = "timm"
FUNCTION = "checkpoint_filter_fn"
# Processor time that timm's import and its architectures may take, in seconds.
LONGEST = 60.0
# Architectures that are tried.
MOST_TRIED = 8


@dataclasses.dataclass(frozen=True)
class Candidate:
    """An architecture whose tensors have the sizes of a file's.

    Attributes:
        row: of the index.
        classes: that the file would tell apart.
        names: name without wrappers -> name in the file.
    """

    row: Row
    classes: int
    names: Mapping[str, str]


def candidates(shapes: Mapping[str, Shape], index: Index) -> list[Candidate]:
    """The architectures of timm whose tensors have the sizes of a file's, whatever their names."""
    heads = {row.head_sizes for row in index.rows if row.name.startswith(f"{LIBRARY}/")}
    counts = {row.body[0] for row in index.rows}
    found = []
    for _, names in wrappings(shapes):
        inner = {name: shapes[full] for name, full in names.items() if not is_derived(name)}
        summed = total(map(size_mark, inner.values()))
        sizes = Counter(map(math.prod, inner.values()))
        for head in heads:
            if len(inner) - len(head) not in counts:
                continue
            for classes in _classes(head, inner, sizes):
                rest = summed - sum(size_mark((classes**power * other,)) for power, other in head)
                rows = index.by_sizes.get((len(inner) - len(head), total([rest]), head), ())
                found += [
                    Candidate(row, classes, names) for row in rows if row.name.startswith(f"{LIBRARY}/")
                ]
    return found[:MOST_TRIED]


def _classes(head: Sizes, shapes: Mapping[str, Shape], sizes: Mapping[int, int]) -> set[int]:
    """How many classes there may be: first sides of matrices with which all of the head is there."""
    first = {shape[0] for shape in shapes.values() if len(shape) >= 2 and shape[0] > 0}
    return {count for count in first if all(count**power * other in sizes for power, other in head)}


def main(source: Path, target: Path, limits: Limits) -> dict[str, object]:
    """Write a file of tensors under the names of timm, if its function gives them; what came of it, for JSON.

    Args:
        source: safetensors file of the sandbox.
        target: there must be none yet; is there afterwards if there is such an architecture.
        limits: of what it may take.
    """
    size = source.stat().st_size
    bound_time(LONGEST + limits.patience(size))
    bound_files(2 * size + sandbox.ROOM)
    header = safetensors_header.read(source, limits)
    import timm  # noqa: F401  # before the bound on memory, which its libraries count against
    import torch  # noqa: F401
    from safetensors.torch import load_file

    with bound_memory(limits.memory + 2 * size, more=True):
        tensors = load_file(source)
        refusal = None
        for candidate in candidates(header.shapes, index.shipped_index()):
            # A function of another's raises what it likes for what it was not made for.
            with suppress(Exception):
                try:
                    renamed = _rename(candidate, tensors)
                except RefusalError as collision:
                    refusal = collision
                else:
                    _write(target, renamed, header, candidate)
                    return {"tensors": len(renamed)}
    return {} if refusal is None else {"refusal": str(refusal)}


@dataclasses.dataclass(frozen=True)
class _Renamed:
    """A tensor under its new name, and the name that it had in the file."""

    tensor: Tensor
    source: str


def _rename(candidate: Candidate, tensors: Mapping[str, Tensor]) -> Mapping[str, _Renamed]:
    """New name -> tensor.

    Raises:
        LookupError: if the architecture has other tensors, or something else is done to them.
        RefusalError: if two tensors get one name.
    """
    from models.checkpoints.building import build_hollow

    row = candidate.row
    module = build_hollow(row.name, candidate.classes, row.options)
    state = {name: tensors[full] for name, full in candidate.names.items() if not is_derived(name)}
    renamed = _apply(row.name, state, module)
    if len(renamed) == len(state):
        return {
            name: dataclasses.replace(one, source=candidate.names[one.source])
            for name, one in renamed.items()
        }
    lost = [_lost(state, some) for some in (renamed, _apply(row.name, dict(reversed(state.items())), module))]
    if all(lost) and lost[0] != lost[1]:
        # The one that came last took the place of the other.
        first, second = (candidate.names[names[0]] for names in lost)
        raise RefusalError(
            f"has two tensors to which {LIBRARY} gives one name, {first} and {second}; {SAVE_WEIGHTS}"
        )
    raise LookupError(row.name)


def _apply(name: str, state: Mapping[str, Tensor], module: nn.Module) -> dict[str, _Renamed]:
    """Those tensors of an architecture that its library makes of others without touching a number."""
    from timm.models import model_entrypoint

    rename = getattr(sys.modules[model_entrypoint(name.partition("/")[2]).__module__], FUNCTION)
    places = {tensor.data_ptr(): name for name, tensor in state.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given: Mapping[str, Tensor] = rename(dict(state), module)
    return {
        name: _Renamed(given[name], places[given[name].data_ptr()])
        for name, tensor in module.state_dict().items()
        if name in given and given[name].shape == tensor.shape and given[name].data_ptr() in places
    }


def _lost(state: Mapping[str, Tensor], renamed: Mapping[str, _Renamed]) -> list[str]:
    """Names that nothing was made of."""
    used = {one.source for one in renamed.values()}
    return [name for name in state if name not in used]


def _write(target: Path, renamed: Mapping[str, _Renamed], header: Header, candidate: Candidate) -> None:
    origin = Origin.from_json(json.loads(header.metadata[NOTE]))
    spoiled = {
        name: origin.spoiled[one.source] for name, one in renamed.items() if one.source in origin.spoiled
    }
    sandbox.write(
        target,
        {name: renamed[name].tensor for name in sorted(renamed)},
        dataclasses.replace(origin, spoiled=spoiled, renamed=candidate.row.name),
    )


if __name__ == "__main__":
    # A path each, and the largest size that the server reads.
    place, result, most = sys.argv[1:]
    with redirect_stdout(sys.stderr):  # a function of another's may print
        answer = main(Path(place), Path(result), dataclasses.replace(LIMITS, max_bytes=int(most)))
    print(json.dumps(answer))
