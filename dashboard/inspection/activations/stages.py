"""The telling stages of a network: few enough to walk through, from the picture to the logits."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dashboard.inspection.engine.dry_run import IDLE
from dashboard.records.network import LayerCall, Survey

# A walk of fewer stages skips too much, and so does one with a step over more than that share of all layers; one of
# more stages nobody follows.
FEWEST, MOST = 6, 14
LONGEST_STEP = 0.5
# A network whose outline has fewer parts than this is shown by the next finer outline, thinned out.
TOO_FEW = 5


def stages(survey: Survey) -> tuple[LayerCall, ...]:
    """The last call of each block, as far down the tree of modules as it takes to have 6 to 14 of them.

    A chain of layers that keep the shape (convolution, batch norm, activation) counts once, by its last.
    """
    calls = [call for call in survey.calls if call.kind not in IDLE and 0 not in call.shape]
    depths = range(1, max((_depth(call) for call in calls), default=0) + 1)
    outlines = [_calls_at_depth(calls, depth) for depth in depths]
    for outline in outlines:
        if FEWEST <= len(outline) <= MOST and _longest_step(outline, calls) <= LONGEST_STEP:
            return tuple(outline)
    small = [outline for outline in outlines if len(outline) <= MOST]
    large = [outline for outline in outlines if len(outline) > MOST]
    longest = max(small, key=len, default=[])
    return _thin(large[0]) if large and len(longest) < TOO_FEW else tuple(longest)


def _depth(call: LayerCall) -> int:
    return call.name.count(".") + 1


def _calls_at_depth(calls: Sequence[LayerCall], depth: int) -> list[LayerCall]:
    """The calls at that depth of the tree and the leaves above it, with chains counted once."""
    parents = {call.name.partition("#")[0].rpartition(".")[0] for call in calls}
    outline: list[LayerCall] = []
    chained = False
    for call in calls:
        leaf = call.name.partition("#")[0] not in parents
        if _depth(call) > depth or (_depth(call) < depth and not leaf):
            continue
        if leaf and chained and outline[-1].shape == call.shape:
            outline.pop()
        outline.append(call)
        chained = leaf
    return outline


def _longest_step(outline: Sequence[LayerCall], calls: Sequence[LayerCall]) -> float:
    """The largest share of all calls that lie between two stages that follow each other."""
    places = [-1, *(calls.index(call) for call in outline)]
    return max(after - before for before, after in itertools.pairwise(places)) / len(calls)


def _thin(outline: Sequence[LayerCall]) -> tuple[LayerCall, ...]:
    """At most MOST of them: the first, the last two, the last of each size, and others evenly."""
    last = len(outline) - 1
    sizes = {
        call.shape[-2:] if call.layout == "channels first" else call.grid: at
        for at, call in enumerate(outline)
    }
    kept = list(dict.fromkeys([last, last - 1, 0, *sorted(sizes.values(), reverse=True)]))[:MOST]
    while len(kept) < MOST:
        # The middle of the longest stretch that is passed over.
        gap, start = max((after - before, before) for before, after in itertools.pairwise(sorted(kept)))
        kept.append(start + gap // 2)
    return tuple(outline[at] for at in sorted(kept))
