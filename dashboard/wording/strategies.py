"""In how many ways a network decides for a class, in words that name what is odd and call nothing wrong."""

from __future__ import annotations

import numpy as np

from dashboard.records.whatif import Strategies
from dashboard.wording.numbers import count, percent, short_title, three_digits

# A group whose half lies in a part of the picture this much smaller than that of the others looks at one thing.
NARROW = 0.5


def odd(found: Strategies) -> int | None:
    """The group that looks at the smallest part of the picture, where that is far smaller than elsewhere."""
    if found.count == 1:
        return None
    narrowest = int(found.areas.argmin())
    return narrowest if found.areas[narrowest] <= NARROW * np.delete(found.areas, narrowest).min() else None


def headline(title: str, target: str, found: Strategies) -> str:
    """How many ways there are, and the one to look at.

    Args:
        title: of the network.
        target: of the class.
        found: groups of its maps.
    """
    name, pictures = short_title(title), len(found.maps)
    if found.count != found.gap:
        return (
            f"The maps of {name} for {target} are told into {count(found.count, 'group')} here, but their eigenvalues "
            f"speak for {found.gap}."
        )
    if found.count == 1:
        return f"{name} decides for {target} in one way: no group stands apart among the maps of {pictures:,} pictures."
    said = f"{name} decides for {target} in {found.count} ways"
    narrow = odd(found)
    if narrow is None:
        return f"{said}: its maps of {pictures:,} pictures fall into {found.count} groups."
    return (
        f"{said}, and one looks odd: for {found.sizes[narrow]:,} of {pictures:,} pictures half of what speaks for it "
        f"lies in {percent(found.areas[narrow])} of the picture."
    )


def gap(found: Strategies) -> str:
    """Where the eigenvalues have their gap, and what that speaks for."""
    listed = ", ".join(three_digits(max(round(value, 6), 0.0)) for value in found.eigenvalues)
    chosen = "" if found.gap == found.count else f" {count(found.count, 'group')} are shown, as was chosen."
    return (
        f"The smallest eigenvalues of the graph's Laplacian are {listed}; their largest gap is behind number "
        f"{found.gap}, which speaks for {count(found.gap, 'group')}.{chosen}"
    )


def group(found: Strategies, number: int) -> str:
    """A group's size and how much of the picture it looks at."""
    return (
        f"Group {number + 1}: {count(int(found.sizes[number]), 'picture')}; half of what speaks for the class lies in "
        f"{percent(found.areas[number])} of the picture."
    )


def silent(found: Strategies) -> str:
    """How many pictures are left out; empty for none."""
    left = found.silent
    return f"In {count(left, 'picture')} nothing speaks for the class; left out." if left else ""
