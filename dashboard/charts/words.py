"""Numbers and findings as people read them: three significant digits, units, plain sentences."""

from __future__ import annotations

import numpy as np


def percent(share: float) -> str:
    """A probability or share: "97 %", "0.4 %", "below 0.1 %", "above 99.9 %"."""
    if 0 < share < 0.001:
        return "below 0.1 %"
    if 0.999 < share < 1:
        return "above 99.9 %"
    digits = 1 if share < 0.01 or 0.99 < share < 1 else 0
    return f"{100 * share:.{digits}f} %"


def si(number: float) -> str:
    """A count with an SI prefix: "4.65 M", "398 M", "784"."""
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{significant(number / size)} {prefix}"
    return significant(number)


def significant(number: float) -> str:
    """Three significant digits without an exponent where that is readable."""
    if number != 0 and not 1e-3 <= abs(number) < 1e6:
        return f"{number:.2e}"
    text = f"{number:.3g}"
    return f"{number:,.0f}" if "e" in text else text


def duration(seconds: float) -> str:
    """A time: "27 ms", "2.1 s", "3 min"."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def article(name: str) -> str:
    """A class name with its indefinite article: "an Egyptian cat", "a giant panda"; digits and plurals stay bare."""
    if not name[:1].isalpha() or name.endswith("s") and not name.endswith("ss"):
        return name
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def certainty(probability: float, name: str, runner_up: tuple[float, str]) -> str:
    """The sentence on top of a prediction; "not clear" is a finding too."""
    if probability >= 0.5:
        return f"{percent(probability)} sure this is {article(name)}."
    other = f"{article(runner_up[1])} ({percent(runner_up[0])})"
    if probability >= 2 * runner_up[0] and probability >= 0.2:
        return f"Probably {article(name)}, but only {percent(probability)} sure; next comes {other}."
    return f"Not clear: {article(name)} ({percent(probability)}) or {other}, among others."


def concentration(values: np.ndarray) -> float:
    """The smallest share of the picture that holds half of what is positive in a map; in (0, 1]."""
    positive = np.sort(np.clip(values, 0, None).ravel())[::-1]
    total = positive.sum()
    if total <= 0:
        return 1.0
    return float(np.searchsorted(np.cumsum(positive), total / 2) + 1) / positive.size
