"""Many lines as one trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Points = Sequence[tuple[float, float]]


def strokes(lines: Iterable[Points]) -> dict[str, list[float | None]]:
    """Coordinates for one trace that draws several lines, with a gap behind each."""
    points = [point for line in lines for point in (*line, (None, None))]
    return {"x": [x for x, _ in points], "y": [y for _, y in points]}
