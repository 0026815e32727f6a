"""Numbers and findings as people read them: three significant digits, units, plain sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|[kMGT]?B|[kMGT]|ms|s|min|h|px|[kMGT]?FLOPs)(?!\w))")
# What classes are called as long as nobody names them.
NUMBERED = re.compile(r"class \d+")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
# Words whose first letter misleads: "an hourglass", but "a unicycle", "a European fire salamander".
SILENT = ("heir", "honest", "honor", "honour", "hour")
SPOKEN_AS_CONSONANT = ("eu", "once", "one-", "uni", "use", "usu", "uti")
SPELT_AS_CONSONANT_SPOKEN_AS_VOWEL = "AEFHILMNORSX"
# Singular words that end like plurals.
SINGULAR_ENDINGS = ("ss", "us", "is", "lens", "flandres", "patas", "pyrenees", "triceratops")
# What is not counted has no article; the last word of a name tells.
UNCOUNTED = re.compile(
    r"\b(broccoli|carbonara|consomme|corn|dough|eggnog|guacamole|hay|lotion|mail|potato|powder|rapeseed|sauce|spray|"
    r"squash|sunscreen|tissue|velvet|wine|wool)$"
)
# So many that share a first place are named one by one.
MOST_TIED = 3


def shorten(name: str, longest: int, *, end: int = 8) -> str:
    """A name of at most so many letters; its end stays, since that may be all that tells it from another."""
    return name if len(name) <= longest else f"{name[: longest - end - 1]}…{name[len(name) - end :]}"


def count(number: int, one: str, several: str = "") -> str:
    """So many of a kind: "1 layer", "1,280 channels", "2 classes"."""
    ending = "es" if one.endswith(("s", "x", "ch")) else "s"
    return f"{number:,} {one if number == 1 else several or one + ending}"


def short_title(title: str) -> str:
    """What a network is called in a sentence: what it was trained on, in brackets, is left out."""
    return title.partition(" (")[0]


def unbroken(text: str) -> str:
    """A text in which no number parts from its unit at the end of a line."""
    return _BEFORE_UNIT.sub("\u00a0", text)


def lower(sentence: str) -> str:
    """A sentence as it goes on behind a colon or a comma."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def percent(share: float) -> str:
    """A probability or share: "97 %", "0.4 %", "below 0.1 %", "above 99.9 %"."""
    if not math.isfinite(share):
        return "not a number"
    if 0 < share < 0.001:
        return "below 0.1 %"
    if 0.999 < share < 1:
        return "above 99.9 %"
    digits = 1 if 0 < share < 0.01 or 0.99 < share < 1 else 0
    return f"{100 * share:.{digits}f} %"


def rate(share: float) -> str:
    """A share that was counted, to a tenth of a percent: "95.5 %", "100 %", "below 0.1 %", "above 99.9 %"."""
    if not math.isfinite(share):
        return "not a number"
    if 0 < share < 0.0005:
        return "below 0.1 %"
    if 0.9995 <= share < 1:
        return "above 99.9 %"
    return f"{100 * share:.0f} %" if share in (0, 1) else f"{100 * share:.1f} %"


def si(number: float) -> str:
    """A count with an SI prefix: "4.65 M", "398 M", "784"."""
    rounded = _round(number)
    for size, prefix in PREFIXES:
        if math.isfinite(number) and abs(rounded) >= size:
            return f"{three_digits(rounded / size)} {prefix}"
    return three_digits(number)


def three_digits(number: float) -> str:
    """Three significant digits: "0.0123", "123,000"; with a power of ten where that would be long, "1.23·10⁻⁵"."""
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return "infinite" if number > 0 else "-infinite"
    rounded = _round(number)
    if rounded == 0:
        return "0"
    if not 1e-4 <= abs(rounded) < 1e6:
        head, _, power = f"{rounded:.2e}".partition("e")
        factor = {"1.00": "", "-1.00": "-"}.get(head, f"{float(head):g}·")
        return f"{factor}10{str(int(power)).translate(RAISED)}"
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:g}"


def colour_scale(
    values: np.ndarray, limit: float, *, signed: bool, write: Callable[[float], str] = three_digits
) -> str:
    """A colour scale from end to end, which says whether values lie beyond: "-2 to 2, and beyond in the end's colour".

    Args:
        values: that are drawn on it.
        limit: its end, above 0; without a sign it begins at 0.
        signed: whether zero is in its middle.
        write: how a value is written.
    """
    beyond = values.max() > limit or (signed and values.min() < -limit)
    ends = f"{f'-{write(limit)}' if signed else '0'} to {write(limit)}"
    return f"{ends}, and beyond in the end's colour" if beyond else ends


def memory(bytes_: float) -> str:
    """Bytes with an SI prefix: "512 B", "38.4 kB", "9.39 MB"."""
    text = si(bytes_)
    return f"{text}B" if text[-1:].isalpha() else f"{text} B"


def duration(seconds: float) -> str:
    """A time: "27 ms", "2.1 s", "3 min", "21.7 h"."""
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 119.5 * 60 else f"{seconds / 3600:.1f} h"


def shape(sides: Iterable[int], *, scalar: str = "one number") -> str:
    """A shape as people write it: "32 x 112 x 1,280"; what has no sides is a scalar."""
    return " x ".join(f"{side:,}" for side in sides) or scalar


def enumeration(words: Sequence[str]) -> str:
    """Words one after the other: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def with_article(name: str) -> str:
    """A class name with its article: "an Egyptian cat", "a giant panda"; digits and plurals stay bare."""
    lower = name.lower()
    if (
        NUMBERED.fullmatch(name)
        or not name[:1].isalpha()
        or UNCOUNTED.search(lower)
        or (lower.endswith("s") and not lower.endswith(SINGULAR_ENDINGS))
    ):
        return name
    return f"{'an' if _opens_with_vowel(name) else 'a'} {name}"


def certainty(subject: str, probability: float, name: str, runner_up: tuple[float, str]) -> str:
    """The sentence on top of a prediction; that it cannot be told is a finding too.

    Args:
        subject: who answers.
        probability: of the first class.
        name: of the first class.
        runner_up: probability and name of the second.
    """
    if probability >= 0.5 and probability >= 1.25 * runner_up[0]:
        return f"{subject} is {percent(probability)} sure: {with_article(name)}."
    other = f"{with_article(runner_up[1])} ({percent(runner_up[0])})"
    if probability >= 2 * runner_up[0] and probability >= 0.2:
        return f"{subject} is only {percent(probability)} sure: probably {with_article(name)}; next comes {other}."
    others = "" if probability + runner_up[0] > 0.95 else ", among others"
    return f"{subject} cannot tell: {with_article(name)} ({percent(probability)}) or {other}{others}."


def _round(number: float) -> float:
    return float(f"{number:.3g}")


def _opens_with_vowel(name: str) -> bool:
    first, lower = name.split()[0], name.lower()
    if first.isupper():
        return first[0] in SPELT_AS_CONSONANT_SPOKEN_AS_VOWEL
    return lower.startswith(SILENT) or (lower[0] in "aeiou" and not lower.startswith(SPOKEN_AS_CONSONANT))


def leaders(values: Sequence[float] | np.ndarray, what: str, layer: str, does: str, do: str) -> str:
    """Who has the largest value, all of them where several share it: "Channels 3 and 7 of conv speak alike".

    Args:
        values: (C,) of each.
        what: one is called.
        layer: they belong to.
        does: the verb for one.
        do: the verb for several.
    """
    largest = max(values)
    first = [place for place, value in enumerate(values) if value == largest]
    if len(first) == 1:
        return f"{what.capitalize()} {first[0]} of {layer} {does}"
    named = enumeration([str(place) for place in first])
    several = f"{what.capitalize()}s {named}" if len(first) <= MOST_TIED else count(len(first), what)
    return f"{several} of {layer} {do}"


def level(value: float, decimals: int | None) -> str:
    """A value of a feature, or a threshold: with so many decimals; three significant digits where None."""
    return three_digits(float(value)) if decimals is None else f"{value:.{decimals}f}"
