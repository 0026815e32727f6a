"""The arrays of a Keras file, each read once: what is missing, left over or of another shape is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.checkpoints.keras.piece import Array
from models.checkpoints.keras.settings import shown
from models.checkpoints.keras.translation import Placed, Plan
from models.checkpoints.limits import CUT_SHORT, FEWER, LIMITS, Limits, RefusalError

if TYPE_CHECKING:
    import h5py

# Groups and arrays that are gone through, and how deep.
MOST_OBJECTS = 100_000
DEEPEST = 48
# What training keeps beside the network in a .keras file; Keras 2 counts its metrics there too.
ASIDE = ("optimizer", "metrics")
# A generator of random numbers, which older releases of Keras keep with each dropout.
SEEDS = ("seed_generator", "seed_generator_state")
# A variable that nobody named: "variable", "variable_3".
UNNAMED = re.compile(r"^variable_\d+$")
PLAIN = "save it again with Keras, which writes plain arrays"


@dataclass(frozen=True)
class Arrays:
    """What a file keeps.

    Attributes:
        network: path -> array.
        aside: paths of what training keeps beside.
    """

    network: Mapping[str, h5py.Dataset]
    aside: tuple[str, ...]


def find_arrays(group: h5py.Group, limits: Limits = LIMITS, training: tuple[str, ...] = ASIDE) -> Arrays:
    """Every array below a group, each of which lies in the file as it is.

    Args:
        group: of a file.
        limits: of what it may hold.
        training: names in it of what only training needs.

    Raises:
        RefusalError: if one lies elsewhere, is compressed, has fewer numbers than it says, or there are too many.
    """
    found: dict[str, h5py.Dataset] = {}
    aside: list[str] = []
    for path, array in _walk(group):
        first, _, _ = path.partition("/")
        if first in training:
            aside.append(path)
            continue
        if len(found) >= limits.max_tensors:
            raise RefusalError(f"holds more than {limits.tensors}; {FEWER}")
        _check(path, array, limits)
        found[path] = array
    if sum(array.size for array in found.values()) > limits.max_elements:
        raise RefusalError(f"holds more than {limits.elements}; {FEWER}")
    return Arrays(found, tuple(aside))


def _walk(group: h5py.Group) -> Iterator[tuple[str, h5py.Dataset]]:
    """Path and array of all below a group; follows no link out of the file, and nothing twice."""
    import h5py

    seen: set[Any] = set()
    count = 0
    pending = [("", group)]
    while pending:
        path, here = pending.pop()
        for name in here:
            count += 1
            whole = f"{path}{name}"
            if count > MOST_OBJECTS or whole.count("/") > DEEPEST:
                raise RefusalError(f"holds more groups than a network has; {FEWER}")
            if not isinstance(here.get(name, getlink=True), h5py.HardLink):
                raise RefusalError(
                    f"points to another place at {shown(whole)} instead of holding it; {PLAIN}"
                )
            item = here[name]
            place = h5py.h5o.get_info(item.id).addr
            if place in seen:
                raise RefusalError(f"holds one thing under two names ({shown(whole)}); {PLAIN}")
            seen.add(place)
            if isinstance(item, h5py.Group):
                pending.append((f"{whole}/", item))
            elif isinstance(item, h5py.Dataset):
                yield whole, item
            else:
                raise RefusalError(f"holds something at {shown(whole)} that is no array; {PLAIN}")


def _check(path: str, array: h5py.Dataset, limits: Limits) -> None:
    if array.shape is None or array.is_virtual or array.external:
        raise RefusalError(f"keeps the numbers of {shown(path)} elsewhere; {PLAIN}")
    if array.id.get_create_plist().get_nfilters():
        raise RefusalError(f"has its arrays compressed ({shown(path)}); {PLAIN}")
    if len(array.shape) > limits.max_dimensions:
        raise RefusalError(
            f"has an array of more than {limits.max_dimensions} dimensions, which no layer has; {FEWER}"
        )
    if array.size > limits.max_elements:
        raise RefusalError(f"has an array of more than {limits.elements}; {FEWER}")
    if array.id.get_storage_size() < array.size * array.dtype.itemsize:
        raise RefusalError(f"is damaged: {shown(path)} has fewer numbers than its shape says; {CUT_SHORT}")


def read(array: h5py.Dataset, path: str) -> Array:
    """The numbers of an array in their own dtype; bfloat16, which numpy lacks, as two bytes of no kind.

    Raises:
        RefusalError: if they are no floating point numbers.
    """
    kind = array.dtype
    if kind.kind == "f" and kind.itemsize in (2, 4, 8):
        numbers: Array = array[()]
        return numbers.astype(kind.newbyteorder("="), copy=False)
    said = array.attrs.get("dtype")
    said = said.decode() if isinstance(said, bytes) else said
    # In .h5 files nothing says so, and no other two bytes of Keras's are a type that HDF5 does not know.
    if kind.kind == "V" and kind.itemsize == 2 and said in ("bfloat16", None):
        opaque: Array = array[()]
        return opaque
    raise RefusalError(
        f"keeps {shown(path)} in numbers of a type that is not read here ({shown(kind)}), as quantised networks do; "
        "save the network as it was before quantize(), in float32 or float16"
    )


def fill(
    plan: Plan, arrays: Mapping[str, h5py.Dataset], paths: Mapping[str, str], spare: Iterable[str]
) -> dict[str, Array]:
    """The tensors of a plan, by their names in torch.

    Args:
        plan: of the network.
        arrays: path -> array.
        paths: name in torch -> path.
        spare: paths of arrays that play no part.

    Raises:
        RefusalError: if an array is left over, or has another shape than its layer.
    """
    left = {
        path
        for path in arrays.keys() - set(paths.values()) - set(spare)
        if not set(SEEDS) & set(path.split("/"))
    }
    if left:
        raise RefusalError(
            f"keeps {len(left):,} array{'s' * (len(left) > 1)} that no layer reads, the first {shown(min(left))}, so "
            "it is not certain that the others are read rightly; save it again with Keras 3"
        )
    tensors = plan.fixed_arrays()
    for placed in plan.placed:
        path = paths[placed.name]
        array = arrays[path]
        if tuple(array.shape) != placed.weight.shape:
            raise RefusalError(
                f"is damaged: {shown(path)} has the shape {_shape(array.shape)}, and layer {shown(placed.layers[-1])} "
                f"needs {_shape(placed.weight.shape)}; {CUT_SHORT}"
            )
        turned = placed.weight.turn(read(array, path))
        tensors[placed.name] = np.require(turned, requirements="C")
    return tensors


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "of one number"


def missing(placed: Placed) -> RefusalError:
    """The refusal of a file without an array that a layer needs."""
    return RefusalError(
        f"lacks the array {shown(placed.weight.name)} of layer {shown('/'.join(placed.layers))}; save the whole "
        "network with model.save('network.keras')"
    )


def paths_by_turn(
    plan: Plan, arrays: Mapping[str, h5py.Dataset], _: h5py.Group
) -> tuple[dict[str, str], set[str]]:
    """Name in torch -> path in a .keras file, which files layers by class and turn; and paths that play no part.

    Raises:
        RefusalError: if one is missing, or belongs to a layer of another name.
    """
    paths = {}
    for placed in plan.placed:
        path = _filed(placed.folder, placed.weight.place)
        if path not in arrays:
            raise missing(placed)
        owner = arrays[path].parent.attrs.get("name")
        owner = owner.decode() if isinstance(owner, bytes) else owner
        if not placed.weight.place[0] and isinstance(owner, str) and owner != placed.layers[-1]:
            raise RefusalError(
                f"keeps the weights of layer {shown(owner)} where those of {shown(placed.layers[-1])} should be; "
                f"{CUT_SHORT}, or save it again with Keras 3"
            )
        paths[placed.name] = path
    return paths, {_filed(folder, place) for _, folder, place, _ in plan.ignored}


def _filed(folder: str, place: tuple[str, int]) -> str:
    return "/".join(filter(None, (folder, place[0], "vars", str(place[1]))))


def paths_by_name(
    plan: Plan, arrays: Mapping[str, h5py.Dataset], group: h5py.Group
) -> tuple[dict[str, str], set[str]]:
    """The same of an .h5 file, where each outermost layer lists the paths of its weights.

    Raises:
        RefusalError: if one is missing, or several may be meant.
    """
    listed: dict[str, list[tuple[str, list[str]]]] = {}

    def candidates(layers: tuple[str, ...], name: str) -> list[str]:
        outer = layers[0]
        if outer not in listed:
            listed[outer] = [(path, _parts(path)) for path in _listed(group, outer) if path in arrays]
        wanted = name.split("/")
        ending = [one for one in listed[outer] if one[1][-len(wanted) :] == wanted]
        # As many of the names around it as it takes to tell it from others.
        for count in range(1, len(layers)):
            behind = [part for layer in layers[-count:] for part in layer.split("/")] + wanted
            nearer = [one for one in ending if one[1][-len(behind) :] == behind]
            ending = nearer if count == 1 else nearer or ending
        return [path for path, _ in ending]

    paths = {}
    for placed in plan.placed:
        fitting = candidates(placed.layers, placed.weight.name)
        if not fitting:
            raise missing(placed)
        if len(fitting) > 1:
            raise RefusalError(
                f"has {len(fitting)} arrays that may be {shown(placed.weight.name)} of layer "
                f"{shown('/'.join(placed.layers))}; save it with Keras 3 as .keras"
            )
        paths[placed.name] = fitting[0]
    if len(set(paths.values())) < len(paths):
        raise RefusalError("has one array that two layers of one name share; save it with Keras 3 as .keras")
    spare = {path for layers, _, _, name in plan.ignored for path in candidates(layers, name)}
    return paths, spare


def _listed(group: h5py.Group, layer: str) -> list[str]:
    """Paths of the weights of an outermost layer, in the order of its list; a long list is kept in parts."""
    if layer not in group:
        return []
    said = group[layer].attrs
    names = sorted(
        (name for name in said if re.fullmatch(r"weight_names\d*", name)), key=lambda name: (len(name), name)
    )
    texts = [
        one.decode(errors="replace") if isinstance(one, bytes) else str(one)
        for name in names
        for one in said[name]
    ]
    return [f"{layer}/{text}" for text in texts]


def _parts(path: str) -> list[str]:
    return [UNNAMED.sub("variable", part.removesuffix(":0")) for part in path.split("/")]
