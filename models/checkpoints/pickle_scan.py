"""A pickle read as a list of instructions, none of which is carried out: does it build only tensors?

The instructions are followed on a stack of descriptions, so that it is known what would be in what: how many numbers
each tensor asks for, and whether settings hold plain values alone.
"""

from __future__ import annotations

import pickletools
import re
import struct
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from models.checkpoints.limits import CUT_SHORT, LIMITS, SAVE_WEIGHTS, Limits, RefusalError
from models.checkpoints.stand_ins import FORMATS, NAMES, NUMBER_TYPE, NUMBERS, ORDERS, PATHS, SETTINGS

# What plain containers, numbers and texts are made of; nothing here looks a name up or calls it but the last four,
# which act on the globals below alone.
PLAIN = frozenset(
    name
    for line in (
        "PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE SHORT_BINSTRING",
        "EMPTY_LIST APPEND APPENDS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_DICT SETITEM SETITEMS EMPTY_SET",
        "BINGET LONG_BINGET BINPUT LONG_BINPUT BINPERSID GLOBAL REDUCE NEWOBJ BUILD",
    )
    for name in line.split()
)
NAMING = {"GLOBAL", "INST"}
TEXTS = {"BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE"}
# Tensors, their storages and dtypes, and the containers that Python's own are pickled as.
SAFE = re.compile(
    r"collections\.OrderedDict|collections\.Counter|(builtins|__builtin__)\.(set|complex)"
    r"|torch\._utils\._rebuild_(tensor|tensor_v2|tensor_v3|parameter)"
    r"|torch\.(FloatStorage|DoubleStorage|HalfStorage|BFloat16Storage|LongStorage|IntStorage|ShortStorage"
    r"|CharStorage|ByteStorage|BoolStorage|ComplexFloatStorage|ComplexDoubleStorage|storage\.(Untyped|Typed)Storage)"
    r"|torch\.(float(16|32|64|8_e4m3fn|8_e5m2|8_e4m3fnuz|8_e5m2fnuz)|bfloat16|u?int(8|16|32|64)|bool|complex64|complex128)"
    r"|torch\.(Size|device|serialization\._get_layout)|torch\.nn\.parameter\.Parameter|_codecs\.encode"
)
# What makes a value without numbers of a tensor when it is called, so that settings may hold it; and values by name.
INERT = re.compile(
    r"(builtins|__builtin__)\.(set|complex)|torch\.(Size|device)|collections\.(OrderedDict|Counter)"
)
DTYPE = re.compile(r"torch\.(b?float\d+\w*|u?int\d+|bool|complex\d+)")
# Name of a storage -> bytes of one of its numbers.
ITEM_SIZES = {
    "torch.DoubleStorage": 8,
    "torch.FloatStorage": 4,
    "torch.HalfStorage": 2,
    "torch.BFloat16Storage": 2,
    "torch.LongStorage": 8,
    "torch.IntStorage": 4,
    "torch.ShortStorage": 2,
    "torch.CharStorage": 1,
    "torch.ByteStorage": 1,
    "torch.BoolStorage": 1,
    "torch.ComplexFloatStorage": 8,
    "torch.ComplexDoubleStorage": 16,
    "torch.storage.UntypedStorage": 1,
}
# Tensors that are no plain arrays: how the names of what they need are called, and the sentence after the file's name.
SPECIAL = (
    (
        r"torch\._utils\._rebuild_meta_tensor_no_storage",
        "holds names and shapes, but no numbers (meta tensors); load the weights into the network before you save it",
    ),
    (
        r"torch\.distributed\..*",
        "holds tensors that are spread over several processes ({name}); gather them where they were made, with "
        "torch.distributed.checkpoint.state_dict.get_model_state_dict and full_state_dict=True, save that and drop it",
    ),
    (
        r"torch\._utils\._rebuild_qtensor|torch\.(quint4x2|quint2x4|q?u?int8|qint32)|torch\.QU?Int\w+"
        r"|torch\.per_(tensor|channel)_affine\w*|torchao\..*|bitsandbytes\..*|torch\.ao\..*",
        "holds quantised weights, which only the engine that they were packed for can read; drop the float32 weights "
        "that they were made of, or where it was made save what .dequantize() makes of each",
    ),
    (
        r"torch\.nn\.parameter\.Uninitialized\w+",
        "holds lazy layers that have not seen a picture yet, so their weights have no size; run the network on one "
        "picture before you save it",
    ),
    (
        r"torch\._utils\._rebuild_(sparse_\w+|nested_tensor)",
        "holds tensors of a special kind ({what}); make them plain with .to_dense()",
    ),
    (
        r"torch\._utils\._rebuild_\w+|torch\._tensor\._rebuild_from_type_v2",
        "holds tensors of a special kind ({what}); save each as a plain tensor, as .detach().clone() makes it",
    ),
)
# What only an attack asks for.
EVIL = re.compile(
    r"(os|posix|nt|subprocess|sys|shutil|socket|runpy|importlib|webbrowser|pty|ctypes)\..*"
    r"|(builtins|__builtin__)\.(eval|exec|execfile|compile|__import__|open|getattr|breakpoint|input)"
)
MOST_NAMED = 3


@dataclass(frozen=True)
class Storage:
    """Numbers that a tensor asks for.

    Attributes:
        key: name of their record in the archive.
        size: in bytes.
    """

    key: str
    size: int


@dataclass(slots=True)
class _Value:
    """What an instruction would make.

    Attributes:
        kind: "global", "settings", "dict", "tuple", "bytes", "number type" or anything else.
        name: of a global.
        items: of a tuple, or those that the value is made of.
        plain: whether it is numbers, texts and containers of them alone.
        strange: the first name inside that is not.
        depth: of containers within containers.
    """

    kind: str
    name: str = ""
    items: tuple[object, ...] = ()
    plain: bool = True
    strange: str = ""
    depth: int = 1

    def hold(self, values: Iterable[object]) -> _Value:
        """The same with these inside."""
        for value in values:
            if isinstance(value, _Value):
                if self.plain and not value.plain:
                    self.plain, self.strange = False, value.strange or value.name
                self.depth = max(self.depth, 1 + value.depth)
        return self


class _UnusualError(Exception):
    """An instruction that torch.save does not write there: its name."""


@dataclass
class _Scan:
    """What was met so far: class names that are not safe, in order, storages, the last two texts, and the stack."""

    limits: Limits
    strangers: dict[str, None] = field(default_factory=dict)
    storages: list[Storage] = field(default_factory=list)
    foreign: str = ""
    texts: deque[str] = field(default_factory=lambda: deque(maxlen=2))
    count: int = 0
    stack: list[object] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[object, object] = field(default_factory=dict)


def check(file: BinaryIO, limits: Limits = LIMITS) -> tuple[Storage, ...]:
    """Read one pickle to its end without carrying it out; the file stands behind it afterwards.

    Returns:
        The numbers that its tensors ask for.

    Raises:
        RefusalError: if it builds more than tensors and plain containers, is too long, or damaged.
    """
    scan = _Scan(limits)
    try:
        with warnings.catch_warnings():
            # Of texts with strange escapes.
            warnings.simplefilter("ignore")
            for opcode, argument, _ in pickletools.genops(file):
                _scan_opcode(scan, opcode.name, argument)
    except (ValueError, EOFError, UnicodeDecodeError, IndexError, KeyError):
        # The names met before the damage say more than the damage.
        if not scan.strangers:
            raise RefusalError(f"is damaged within its list of tensors; {CUT_SHORT}") from None
    if scan.strangers:
        raise RefusalError(_refusal_of(tuple(scan.strangers)))
    if scan.foreign:
        raise RefusalError(f"was pickled in a way that torch.save does not ({scan.foreign}); {SAVE_WEIGHTS}")
    return tuple(scan.storages)


def _scan_opcode(scan: _Scan, opcode: str, argument: object) -> None:
    scan.count += 1
    if scan.count > scan.limits.max_opcodes:
        raise RefusalError(
            f"lists more than {scan.limits.max_opcodes:,} steps to build its tensors; {SAVE_WEIGHTS}"
        )
    if opcode in TEXTS:
        scan.texts.append(str(argument))
    if opcode in NAMING:
        _note_global(scan, str(argument).replace(" ", "."))
    elif opcode == "STACK_GLOBAL":
        _note_global(scan, ".".join(scan.texts))
        scan.foreign = scan.foreign or opcode
    elif opcode not in PLAIN:
        scan.foreign = scan.foreign or opcode
    # What is refused for its names needs no further look, and the stack is not followed through other instructions.
    if not scan.foreign and not scan.strangers:
        try:
            _follow(scan, opcode, argument)
        except _UnusualError:
            scan.foreign = opcode


def _note_global(scan: _Scan, called: str) -> None:
    if called not in NAMES and not SAFE.fullmatch(called) and len(scan.strangers) < MOST_NAMED:
        scan.strangers[_clean_name(called)] = None


# Instructions that put a value on the stack: the value, where it is not the instruction's argument.
VALUES = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
ARGUMENTS = frozenset(["BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINSTRING"])
EMPTY = {"EMPTY_LIST": "list", "EMPTY_DICT": "dict", "EMPTY_SET": "set", "EMPTY_TUPLE": "tuple"}
TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
ITEMS = {"APPEND": 1, "SETITEM": 2}


def _follow(scan: _Scan, opcode: str, argument: object) -> None:
    """What an instruction does to the stack."""
    stack = scan.stack
    match opcode:
        case "PROTO":
            pass
        case "STOP":
            _take(scan, 1)
        case "MARK":
            scan.marks.append(len(stack))
        case _ if opcode in VALUES:
            stack.append(VALUES[opcode])
        case _ if opcode in ARGUMENTS:
            stack.append(argument)
        case _ if opcode in EMPTY:
            stack.append(_Value(EMPTY[opcode]))
        case "GLOBAL":
            name = str(argument).replace(" ", ".")
            stack.append(_Value("global", name, plain=DTYPE.fullmatch(name) is not None))
        case "BINGET" | "LONG_BINGET":
            stack.append(scan.memo[argument])
        case "BINPUT" | "LONG_BINPUT":
            scan.memo[argument] = stack[-1]
        case "TUPLE" | "TUPLE1" | "TUPLE2" | "TUPLE3":
            items = _take(scan, TUPLES.get(opcode))
            stack.append(_Value("tuple", items=tuple(items)).hold(items))
        case "APPEND" | "APPENDS" | "SETITEM" | "SETITEMS":
            items = _take(scan, ITEMS.get(opcode))
            _container(stack[-1]).hold(items)
        case "BINPERSID":
            _note_storage(scan, stack.pop())
            stack.append(_Value("storage", plain=False, strange="torch.Tensor"))
        case "REDUCE":
            called = _container(stack[-2])
            if called.name in CALLED:
                stack[-2:] = [CALLED[called.name](called, stack[-1])]
                return
            _, arguments = _take(scan, 2)
            inert = called.kind == "global" and INERT.fullmatch(called.name) is not None
            made = _Value("object", plain=inert, strange="" if inert else "torch.Tensor")
            stack.append(made.hold([arguments]) if inert else made)
        case "NEWOBJ":
            [arguments] = _take(scan, 1)
            stack[-1] = _settings(stack[-1], arguments)
        case "BUILD":
            [state] = _take(scan, 1)
            _fill(scan, state)


def _take(scan: _Scan, count: int | None) -> list[object]:
    """The values on top of the stack: so many, or those above the last mark."""
    start = scan.marks.pop() if count is None else len(scan.stack) - count
    if start < 0 or start > len(scan.stack):
        raise IndexError(start)
    values = scan.stack[start:]
    del scan.stack[start:]
    for value in values:
        if isinstance(value, _Value) and value.kind == "global" and value.name in NAMES:
            # Nothing is made of the class but an empty record of settings, a path's text or a number: it is no value.
            scan.strangers[value.name] = None
    return values


def _container(value: object) -> _Value:
    if not isinstance(value, _Value):
        raise _UnusualError
    return value


def _arguments(value: object) -> tuple[object, ...]:
    if not isinstance(value, _Value) or value.kind != "tuple":
        raise _UnusualError
    return value.items


def _path(called: _Value, arguments: object) -> str:
    """A text, whatever its letters, that stands for a path, which is pickled as the texts of its parts."""
    if not all(isinstance(part, str) for part in _arguments(arguments)):
        raise RefusalError(f"holds a path ({called.name}) of more than plain words; {SAVE_WEIGHTS}")
    return ""


def _bytes(_: _Value, arguments: object) -> _Value:
    """Bytes, which are pickled as a text of as many letters."""
    return _Value("bytes", items=_arguments(arguments), plain=False, strange="bytes")


def _number_type(_: _Value, arguments: object) -> _Value:
    """The type of a number of numpy, whose order of bytes follows."""
    match _arguments(arguments):
        case (str(kind), 0, 1) if kind in FORMATS:
            return _Value("number type", items=(kind,), plain=False, strange=NUMBER_TYPE)
        case (str(kind), *_):
            raise RefusalError(
                f"holds a value of numpy ({_clean_name(kind)}) that is no plain number; {SAVE_WEIGHTS}"
            )
    raise _UnusualError


def _number(_: _Value, arguments: object) -> float:
    """A number, whatever its size, that stands for one of numpy, which is pickled as its type and bytes."""
    match _arguments(arguments):
        case (
            _Value(kind="number type", items=(str(kind), str())),
            _Value(kind="bytes", items=(str(text), "latin1")),
        ) if len(text) == struct.calcsize(f"={FORMATS[kind]}"):
            return 0.0
    raise RefusalError(f"holds a value of numpy that is no plain number; {SAVE_WEIGHTS}")


# Name of what is called in a pickle -> what comes of it.
CALLED: dict[str, Callable[[_Value, object], object]] = {
    **dict.fromkeys(PATHS, _path),
    **dict.fromkeys(NUMBERS, _number),
    NUMBER_TYPE: _number_type,
    "_codecs.encode": _bytes,
}


def _settings(called: object, arguments: object) -> _Value:
    """The empty record that NEWOBJ makes, as settings are pickled."""
    match called, arguments:
        case _Value(kind="global", name=name), _Value(kind="tuple", items=()) if name == SETTINGS:
            return _Value("settings")
    raise _UnusualError


def _fill(scan: _Scan, state: object) -> None:
    """What BUILD does to the value on top of the stack."""
    made = _container(scan.stack[-1])
    if made.kind == "number type":
        match _arguments(state):
            case (_, str(order), *_) if order in ORDERS:
                made.items = (made.items[0], order)
                return
        raise _UnusualError
    if made.kind != "settings":
        return
    if not isinstance(state, _Value) or state.kind != "dict":
        raise _UnusualError
    made.hold([state])
    if not made.plain:
        scan.strangers[_clean_name(made.strange)] = None
        raise RefusalError(
            f"holds settings ({SETTINGS}) with more than plain values inside ({_clean_name(made.strange)}); "
            f"{SAVE_WEIGHTS}"
        )
    if made.depth > scan.limits.max_depth:
        raise RefusalError(
            f"holds settings ({SETTINGS}) nested more than {scan.limits.max_depth} deep; {SAVE_WEIGHTS}"
        )


def _note_storage(scan: _Scan, persistent: object) -> None:
    """The numbers that a tensor refers to: ("storage", class, key, device, how many)."""
    match persistent:
        case _Value(items=("storage", _Value(name=name), str(key), _, int(count), *_)):
            scan.storages.append(Storage(key, ITEM_SIZES.get(name, 1) * count))
        case _:
            raise _UnusualError


def _clean_name(called: str) -> str:
    """A class's name fit to be shown: at most 60 characters that names have."""
    return re.sub(r"[^A-Za-z0-9_.]", "?", called)[:60] or "?"


def _refusal_of(strangers: tuple[str, ...]) -> str:
    """The sentence for what is not safe, the worst first."""
    for name in strangers:
        if EVIL.fullmatch(name):
            return (
                f"would call {name} when it is opened, which no weights do; nothing of it was run here, "
                "and you should not open it anywhere else"
            )
    for pattern, why in SPECIAL:
        for name in strangers:
            if re.fullmatch(pattern, name):
                what = name.rpartition("_rebuild_")[2].replace("_tensor", "").replace("_", " ")
                return why.format(name=name, what="subclassed" if what == "from type v2" else what)
    if any(name.startswith(("torch.nn.modules.", "torchvision.models.", "timm.")) for name in strangers):
        return f"holds a whole network ({strangers[0]}), and opening that runs its code; {SAVE_WEIGHTS}"
    names = " and ".join(strangers)
    return f"holds more than tensors ({names}), and rebuilding that can run code; {SAVE_WEIGHTS}"
