"""Reads one file in a process of its own, with bounded memory and time: `python -m models.checkpoints.sandbox`.

What it hands back is a safetensors file and one JSON object on its standard output. Nothing that the file says
is run: safetensors holds no code, and a file of torch.save is loaded with weights_only after its pickle was read
as a mere list of instructions. Only of what the operator named, programs are loaded too.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
import math
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.checkpoints import archive, kinds, legacy, programs, safetensors_header
from models.checkpoints.class_names import find_class_names, find_noted_names
from models.checkpoints.keras import file as keras_file
from models.checkpoints.limits import CONFINED, CUT_SHORT, FEWER, LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.origin import NOTE, Origin
from models.checkpoints.stand_ins import STAND_INS
from models.checkpoints.tensor_search import FoundTensors, find_tensors
from models.runtime.bounds import addresses_allowed, bound_files, bound_memory, bound_time

if TYPE_CHECKING:
    from torch import Tensor

    from models.checkpoints.keras.piece import Array

# Addresses that the checks before torch may take; torch's libraries alone map more.
STATIC_MEMORY = 1024**3
# Numbers looked at in one go, so that counting costs megabytes.
CHUNK = 2**22
# Bytes of notes, and of a header, beside the tensors.
ROOM = 32 * 1024**2
# How often the tensors of a graph are in memory, by twos.
ONNX_COPIES = 3
# Bits of a bfloat16's exponent, all of which are set where it is infinite or no number.
INFINITE = 0x7F80
# A weight that two layers share is written for both.
MOST_SHARED = 2
# What the last argument says of a file whose code may run.
TRUSTED = "trusted"
EMPTY = (
    "has empty weights: the rest is in the shards that DeepSpeed ZeRO-3 wrote beside it; run the zero_to_fp32.py in "
    "their folder, and drop what it writes"
)
# How FSDP names the one row of numbers that it makes of the parameters of a part.
FLATTENED = ("_flat_param", "flat_param")
FLAT = (
    "has the weights of each part in one row, as FSDP keeps them; where it was made, save "
    "torch.distributed.checkpoint.state_dict.get_model_state_dict with full_state_dict=True, and drop that"
)
UNAVAILABLE = (
    "could not be read, through no fault of its own: PyTorch cannot be loaded here now; try again later"
)
TOO_MUCH = f"asks for more memory than a file of its size may; {SAVE_WEIGHTS}"


def main(source: Path, target: Path, limits: Limits, *, trusted: bool = False) -> dict[str, Any]:
    """Read a file and write its tensors beside; what came of it, for JSON.

    Args:
        source: the file.
        target: where its tensors go.
        limits: of what it may take.
        trusted: whether code in it may run.
    """
    size = source.stat().st_size
    too_much = TOO_MUCH if addresses_allowed() is None else CONFINED
    bound_time(limits.patience(size))
    bound_files(MOST_SHARED * limits.max_ratio * size + ROOM)
    try:
        with bound_memory(STATIC_MEMORY, more=True):
            load, unpacked, library = _check(source, size, limits, trusted=trusted)
        # Before the bound on memory, which its libraries count against.
        importlib.import_module(library)
        with bound_memory(limits.memory + 2 * unpacked, more=True):
            return {"tensors": _convert(load(), target, unpacked, limits)}
    except RefusalError as refusal:
        return {"refusal": str(refusal)}
    except MemoryError:
        return {"refusal": too_much}
    except ImportError:
        return {"refusal": UNAVAILABLE if addresses_allowed() is None else CONFINED}


class Checked(NamedTuple):
    """A file that passed all that can be checked without the library that loads it.

    Attributes:
        load: gives what is in it.
        unpacked: its bytes once it is.
        library: that loads it, as it is imported.
    """

    load: Callable[[], tuple[FoundTensors, Origin]]
    unpacked: int
    library: str = "torch"


def _check(source: Path, size: int, limits: Limits, *, trusted: bool) -> Checked:
    with source.open("rb") as file:
        kind = kinds.kind(file.read(kinds.HEAD), size)
    if kind == kinds.SAFETENSORS:
        safetensors_header.read(source, limits)
        return Checked(lambda: _load_safetensors(source, limits), size)
    if kind == kinds.HDF5 or (kind == kinds.ARCHIVE and keras_file.is_keras(source)):
        unpacked = size if kind == kinds.HDF5 else keras_file.check_archive(source, limits)
        # Translated without torch, whose import would take longer than all else.
        return Checked(lambda: _load_keras(source, kind, limits), unpacked, "h5py")
    if kind == kinds.ONNX:
        # It is parsed, translated, and computed by two: each keeps its tensors.
        return Checked(lambda: _load_onnx(source, limits, trusted=trusted), ONNX_COPIES * size)
    program = programs.kind_of_file(source) if trusted and kind == kinds.ARCHIVE else None
    if program is not None:
        return Checked(lambda: _load_program(source, program, limits), size)
    if kind == kinds.ARCHIVE:
        records = archive.check(source, limits)
        unpacked = max(size, records.unpacked)
        return Checked(lambda: _load_pickled(source, kind, limits, mmap=records.stored), unpacked)
    legacy.check(source, limits)
    return Checked(lambda: _load_pickled(source, kind, limits, mmap=False), size)


def _load_safetensors(source: Path, limits: Limits) -> tuple[FoundTensors, Origin]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(source)
    except SafetensorError:
        raise RefusalError(f"is a damaged safetensors file; {CUT_SHORT}") from None
    notes = safetensors_header.read(source, limits).metadata
    return find_tensors(tensors, _is_tensor, limits), Origin(
        kinds.SAFETENSORS, classes=find_noted_names(notes, limits)
    )


def _load_keras(source: Path, kind: str, limits: Limits) -> tuple[FoundTensors, Origin]:
    from models.checkpoints.keras.reading import read

    hdf5 = kind == kinds.HDF5
    opened = keras_file.open_hdf5(source) if hdf5 else keras_file.open_archive(source)
    network, tensors, aside = read(opened, limits)
    others = tuple(Counter(path.partition("/")[0] for path in aside).items())
    origin = Origin(kinds.HDF5 if hdf5 else kinds.KERAS, others=others, network=network.to_note())
    return FoundTensors(tensors, (), (), ()), origin


def _load_onnx(source: Path, limits: Limits, *, trusted: bool) -> tuple[FoundTensors, Origin]:
    import numpy as np
    import torch

    from models.checkpoints.onnx.building import settle
    from models.checkpoints.onnx.file import read

    network, arrays = settle(*read(source, limits, trusted=trusted))
    tensors = {
        name: torch.from_numpy(np.require(array, requirements=("C", "W"))) for name, array in arrays.items()
    }
    return FoundTensors(tensors, (), (), ()), Origin(kinds.ONNX, network=network.to_note())


def _load_program(source: Path, kind: str, limits: Limits) -> tuple[FoundTensors, Origin]:
    return find_tensors(dict(programs.tensors(source, kind)), _is_tensor, limits), Origin(kind)


def _load_pickled(source: Path, kind: str, limits: Limits, *, mmap: bool) -> tuple[FoundTensors, Origin]:
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Settings of a training run become a record of ours, paths texts: nothing else is looked up for them.
            with torch.serialization.safe_globals(STAND_INS):  # type: ignore[arg-type]  # torch takes pairs as well
                content = torch.load(source, map_location="cpu", weights_only=True, mmap=mmap)
    except MemoryError:
        raise
    # For damage torch raises what its parts happen to raise, and its advice is not ours.
    except Exception as error:
        if "allocate" in str(error) or "memory" in str(error):
            raise MemoryError from None
        raise RefusalError(f"is damaged: its tensors cannot be put together; {CUT_SHORT}") from None
    network = find_tensors(content, _is_tensor, limits)
    return network, Origin(
        kind,
        network.path,
        tuple(("/".join(path), count) for path, count in network.others[:20]),
        network.ignored[:20],
        classes=find_class_names(content, limits),
    )


def _is_tensor(value: object) -> bool:
    import torch

    return isinstance(value, torch.Tensor)


def _convert(loaded: tuple[FoundTensors, Origin], target: Path, unpacked: int, limits: Limits) -> int:
    """Write the tensors, in their own dtypes, and what is known of them; how many there are."""
    network, origin = loaded
    _check_tensors(network.tensors, unpacked, limits)
    names = sorted(network.tensors)
    tensors = {name: _resolve(network.tensors[name]) for name in names}
    spoiled = {name: count for name, tensor in tensors.items() if (count := _count_non_finite(tensor))}
    write(target, tensors, dataclasses.replace(origin, spoiled=spoiled))
    return len(tensors)


def write(target: Path, tensors: Mapping[str, Tensor | Array], origin: Origin) -> None:
    """Write tensors into a new safetensors file, with what is known of them and their digest."""
    entries = {name: (_dtype(tensor), tuple(tensor.shape)) for name, tensor in tensors.items()}
    origin = dataclasses.replace(origin, digest=_digest(tensors))
    with target.open("xb") as file:
        file.write(safetensors_header.encode_header(entries, {NOTE: json.dumps(origin.to_json())}))
        for tensor in tensors.values():
            for chunk in _chunks(tensor):
                file.write(_bytes(chunk))


def _digest(tensors: Mapping[str, Tensor | Array]) -> str:
    """As `models.classifier.digest`, of arrays as well."""
    ours = {theirs: name for name, theirs in DTYPES.items()}
    content = hashlib.sha256()
    for name in sorted(tensors):
        content.update(f"{name}:torch.{ours[_dtype(tensors[name])]}:{tuple(tensors[name].shape)};".encode())
        for chunk in _chunks(tensors[name]):
            content.update(_bytes(chunk))
    return content.hexdigest()


def _resolve(tensor: Tensor | Array) -> Tensor | Array:
    """The numbers themselves, where torch notes what is still to be done to them."""
    return tensor if isinstance(tensor, np.ndarray) else tensor.detach().resolve_conj().resolve_neg()


def _check_tensors(tensors: Mapping[str, Tensor | Array], unpacked: int, limits: Limits) -> None:
    """Refuse what is no plain array of numbers that the file really holds."""
    if len(tensors) > limits.max_tensors:
        raise RefusalError(f"holds more than {limits.tensors}; {FEWER}")
    weights = [math.prod(tensor.shape) for name, tensor in tensors.items() if name.endswith("weight")]
    if weights and not any(weights):
        raise RefusalError(EMPTY)
    if any(name.rpartition(".")[2] in FLATTENED for name in tensors):
        raise RefusalError(FLAT)
    for name, tensor in tensors.items():
        safetensors_header.check_name(name, limits)
        safetensors_header.check_shape(tuple(tensor.shape), limits)
        if not isinstance(tensor, np.ndarray):
            _check_plain(tensor)
    if sum(math.prod(tensor.shape) for tensor in tensors.values()) > limits.max_elements:
        raise RefusalError(f"holds more than {limits.elements}; {FEWER}")
    taken = sum(tensor.nbytes for tensor in tensors.values())
    if taken > MOST_SHARED * unpacked:
        raise RefusalError(f"uses the same numbers for many tensors, as only bombs do; {SAVE_WEIGHTS}")


def _check_plain(tensor: Tensor) -> None:
    """Refuse what is no plain array among what torch takes for a tensor."""
    import torch

    if tensor.is_meta:
        raise RefusalError(f"holds names and shapes, but no numbers; {SAVE_WEIGHTS}")
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_nested:
        raise RefusalError(f"holds sparse or quantized tensors; convert them to plain ones; {SAVE_WEIGHTS}")
    if tensor.nbytes > tensor.untyped_storage().nbytes():
        raise RefusalError(
            f"has a tensor that repeats few numbers to look like many ({tensor.numel():,}); {SAVE_WEIGHTS}"
        )


def _dtype(tensor: Tensor | Array) -> str:
    """The name of a tensor's dtype in safetensors."""
    if isinstance(tensor, np.ndarray):
        return DTYPES["bfloat16" if tensor.dtype.kind == "V" else tensor.dtype.name]
    import torch

    names = {getattr(torch, ours): theirs for ours, theirs in DTYPES.items() if hasattr(torch, ours)}
    if tensor.dtype not in names:
        kind = str(tensor.dtype).removeprefix("torch.")
        raise RefusalError(
            f"holds numbers of a type that is not read here ({kind}); save it in float32 or float16"
        )
    return names[tensor.dtype]


# Name of a dtype in torch -> in safetensors.
DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2": "F8_E5M2",
    "float8_e5m2fnuz": "F8_E5M2FNUZ",
    "complex64": "C64",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
}


def _chunks(tensor: Tensor | Array) -> Iterator[Any]:
    """A tensor's numbers in order, a part at a time."""
    flat = tensor.ravel()
    for start in range(0, len(flat), CHUNK):
        yield flat[start : start + CHUNK]


def _bytes(chunk: Tensor | Array) -> memoryview:
    if isinstance(chunk, np.ndarray):
        return chunk.view("uint8").data
    import torch

    return chunk.view(torch.uint8).numpy().data


def _count_non_finite(tensor: Tensor | Array) -> int:
    """How many of its numbers are NaN or infinite."""
    if isinstance(tensor, np.ndarray):
        return sum(_count_in_array(chunk) for chunk in _chunks(tensor))
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return 0
    narrow = tensor.element_size() == 1
    return sum(
        math.prod(chunk.shape) - int((chunk.float() if narrow else chunk).isfinite().sum())
        for chunk in _chunks(tensor)
    )


def _count_in_array(chunk: Array) -> int:
    """The same of numbers in a row; of bfloat16, which numpy does not know, by their exponents."""
    if chunk.dtype.kind == "V":
        return int(np.count_nonzero(chunk.view("uint16") & INFINITE == INFINITE))
    return len(chunk) - int(np.count_nonzero(np.isfinite(chunk)))


if __name__ == "__main__":
    # A path each, the largest size that the server reads, and whether its operator vouches for the file.
    place, result, most, trust = sys.argv[1:]
    bounds = dataclasses.replace(LIMITS, max_bytes=int(most))
    print(json.dumps(main(Path(place), Path(result), bounds, trusted=trust == TRUSTED)))
