"""A pickle read as a list of instructions, none of which is carried out: does it build only tensors?"""

from __future__ import annotations

import pickletools
import re
import warnings
from collections import deque
from dataclasses import dataclass, field
from typing import BinaryIO

from models.checkpoints.limits import CUT_SHORT, LIMITS, SAVE_WEIGHTS, Limits, RefusalError

# What plain containers, numbers and texts are made of; nothing here looks a name up or calls it but the last three,
# which act on the globals below alone.
PLAIN = frozenset(
    name
    for line in (
        "PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE SHORT_BINSTRING",
        "EMPTY_LIST APPEND APPENDS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_DICT SETITEM SETITEMS EMPTY_SET",
        "BINGET LONG_BINGET BINPUT LONG_BINPUT BINPERSID GLOBAL REDUCE BUILD",
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
# Tensors that are no plain arrays: what they are, in words.
SPECIAL = re.compile(r"torch\._utils\._rebuild_(?P<what>\w+)|torch\._tensor\._rebuild_from_type_v2")
# What only an attack asks for.
EVIL = re.compile(
    r"(os|posix|nt|subprocess|sys|shutil|socket|runpy|importlib|webbrowser|pty|ctypes)\..*"
    r"|(builtins|__builtin__)\.(eval|exec|execfile|compile|__import__|open|getattr|breakpoint|input)"
)
MOST_NAMED = 3


@dataclass
class _Scan:
    """What was met so far: class names that are not safe, in order, and the last two texts."""

    strangers: dict[str, None] = field(default_factory=dict)
    foreign: str = ""
    texts: deque[str] = field(default_factory=lambda: deque(maxlen=2))
    count: int = 0


def check(file: BinaryIO, limits: Limits = LIMITS) -> None:
    """Read one pickle to its end without carrying it out; the file stands behind it afterwards.

    Raises:
        RefusalError: if it builds more than tensors and plain containers, is too long, or damaged.
    """
    scan = _Scan()
    try:
        with warnings.catch_warnings():
            # Of texts with strange escapes.
            warnings.simplefilter("ignore")
            for opcode, argument, _ in pickletools.genops(file):
                _scan_opcode(scan, opcode.name, argument, limits)
    except (ValueError, EOFError, UnicodeDecodeError, IndexError):
        # The names met before the damage say more than the damage.
        if not scan.strangers:
            raise RefusalError(f"is damaged within its list of tensors; {CUT_SHORT}") from None
    if scan.strangers:
        raise RefusalError(_refusal_of(tuple(scan.strangers)))
    if scan.foreign:
        raise RefusalError(f"was pickled in a way that torch.save does not ({scan.foreign}); {SAVE_WEIGHTS}")


def _scan_opcode(scan: _Scan, opcode: str, argument: object, limits: Limits) -> None:
    scan.count += 1
    if scan.count > limits.max_opcodes:
        raise RefusalError(
            f"lists more than {limits.max_opcodes:,} steps to build its tensors; {SAVE_WEIGHTS}"
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


def _note_global(scan: _Scan, called: str) -> None:
    if not SAFE.fullmatch(called) and len(scan.strangers) < MOST_NAMED:
        scan.strangers[_clean_name(called)] = None


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
    special = SPECIAL.fullmatch(strangers[0])
    if special is not None:
        what = (special["what"] or "subclassed").replace("_tensor", "").replace("_", " ")
        return f"holds tensors of a special kind ({what}); make them plain with .dequantize() or .to_dense()"
    if any(name.startswith(("torch.nn.modules.", "torchvision.models.", "timm.")) for name in strangers):
        return f"holds a whole network ({strangers[0]}), and opening that runs its code; {SAVE_WEIGHTS}"
    names = " and ".join(strangers)
    return f"holds more than tensors ({names}), and rebuilding that can run code; {SAVE_WEIGHTS}"
