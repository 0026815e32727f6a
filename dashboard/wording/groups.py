"""How a network treats groups of rows, in words that claim nothing about causes."""

from __future__ import annotations

from dashboard.inspection.table.groups import FEWEST
from dashboard.records.table import GroupRate, Groups
from dashboard.wording.numbers import count, percent

NO_CAUSES = (
    "Rates of the test rows, with Wilson's 95 % intervals; a filled point is one whose gap to all other groups has an "
    "interval without zero. With many groups, one in twenty such gaps appears by chance. A gap says that groups "
    "are treated differently, not why, nor whether that is just: groups can differ in what is true of them, and rates "
    "of errors cannot all be equal where they do."
)


def titles(target: str) -> dict[str, str]:
    """What can be counted: name in the address -> title."""
    return {
        "called": f"Called {target}",
        "right": "Right answers",
        "missed": f"{target}, missed",
        "wrongly": f"Wrongly called {target}",
    }


def headline(found: Groups, rate: str, target: str) -> str:
    """The groups with the most and the least, and whether they can be told from the rest."""
    told = {
        name: share
        for name, share in zip(found.names, found.rates[rate], strict=True)
        if share.share is not None
    }
    if len(told) < 2:
        return f"No two groups by {found.column} have {FEWEST} rows to count here."
    most, least = (end(told, key=lambda name: told[name].share or 0.0) for end in (max, min))
    shares = percent(told[most].share or 0.0), percent(told[least].share or 0.0)
    chance = "" if any(map(_is_clear, told.values())) else "; chance may make such a gap"
    where = f"{shares[0]} where {found.column} is {most}, {shares[1]} where it is {least}"
    return f"{titles(target)[rate]}: {where}{chance}."


def notes(found: Groups, rate: str) -> list[str]:
    """The clear gaps, and what is not counted, a sentence each."""
    told = [pair for pair in zip(found.names, found.rates[rate], strict=True) if _is_clear(pair[1])]
    sentences = []
    # Of two groups, one gap is the other's with its sign turned.
    for name, share in told[:1] if len(found.names) == 2 else told:
        if share.gap is not None:
            gap, low, high = (100 * end for end in share.gap)
            sentences.append(
                f"{name}: {abs(gap):.1f} points {'above' if gap > 0 else 'below'} all others together (95 % interval "
                f"{low:+.1f} to {high:+.1f})."
            )
    few = [name for name, share in zip(found.names, found.rates[rate], strict=True) if share.share is None]
    if few:
        shown = ", ".join(few[:5]) + (f" and {len(few) - 5} more" if len(few) > 5 else "")
        sentences.append(f"Fewer than {FEWEST} rows to count, so nothing is said: {shown}.")
    if found.missing:
        sentences.append(f"{count(found.missing, 'row')} without a value are in no group.")
    return sentences


def cells(found: Groups) -> dict[str, list[object]]:
    """All rates of all groups, to take away."""
    table: dict[str, list[object]] = {"Group": list(found.names), "Rows": found.counts.tolist()}
    for rate, shares in found.rates.items():
        title = rate.capitalize()
        table[f"{title}, of rows"] = [share.count for share in shares]
        table[title] = [share.share for share in shares]
        table[f"{title}, low"] = [None if share.share is None else share.low for share in shares]
        table[f"{title}, high"] = [None if share.share is None else share.high for share in shares]
    return table


def _is_clear(share: GroupRate) -> bool:
    return share.gap is not None and (share.gap[1] > 0 or share.gap[2] < 0)
