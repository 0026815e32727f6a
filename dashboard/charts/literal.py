"""Text in a figure. What a network or a person named never becomes markup."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence

# Nothing that anybody sees.
ZERO_WIDTH = "\u200b"


def literal(text: str) -> str:
    """Text that Plotly, which reads some HTML, shows as it is."""
    return html.escape(" ".join(text.split()), quote=False)


def tell_apart(labels: Sequence[str]) -> list[str]:
    """Labels as they are seen, no two alike: of an axis, where Plotly would draw equal ones in one place."""
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        told.append(label + ZERO_WIDTH * seen[label])
        seen[label] += 1
    return told
