"""What kinds of attention a network has: between which tokens, and whether those are places of the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from dashboard.inspection.engine.capture import grid_maps
from dashboard.inspection.engine.locality import evidence
from dashboard.records.network import LayerCall

# By how much each picture's patches change the attention to their own tokens more than to those of the other's, as a
# logarithm. It is 0.4 and more between tokens of the picture, in 10 families of timm with random weights; what is left
# changes too little to be compared place by place.
MARGIN = 0.3


def attention_kinds(
    shapes: Sequence[tuple[int, ...]], changes: Sequence[Tensor | None], calls: Sequence[LayerCall]
) -> dict[str, Any]:
    """What a Survey tells of attention.

    Args:
        shapes: of the weights of each attention, in order.
        changes: how much the attention that each token gets is changed by each patch, (patches, tokens), of each;
            None where it is no attention of tokens to tokens.
        calls: with their layouts.
    """
    local = [_attended(change, calls) for change in changes]
    moved = [change is not None and bool(change.any()) for change in changes]
    alike = {
        shape: [place for place, other in enumerate(shapes) if other == shape and moved[place]]
        for shape in shapes
    }
    # Most of a kind tell for those at which too little changes to tell anything.
    whole = {
        shape: places
        for shape, places in alike.items()
        if 0 < len(places) <= 2 * sum(local[place] is not None for place in places)
    }
    attended = [
        next((local[other] for other in whole[shape] if local[other] is not None), None)
        if place in whole.get(shape, ())
        else None
        for place, shape in enumerate(shapes)
    ]
    if not whole:
        return {"attentions": (), "unlike": _kinds(shapes, changes, attended)}
    usual = max(whole, key=lambda shape: len(whole[shape]))
    places = whole[usual]
    # Behind those, queries of their own may read all tokens, with a class token that joins or without.
    behind = shapes[places[-1] + 1 :]
    reads = [len(shape) == 4 and shape[0] == 1 and _reads_all(shape, usual[-1]) for shape in behind]
    pooled = len(behind) if all(reads) else 0
    others = [place for place in range(len(shapes) - pooled) if place not in places]
    return {
        "attentions": tuple(places),
        "attended": attended[places[-1]],
        "pooled": pooled,
        "unlike": _kinds(
            [shapes[place] for place in others],
            [changes[place] for place in others],
            [attended[place] for place in others],
        ),
    }


def _attended(change: Tensor | None, calls: Sequence[LayerCall]) -> LayerCall | None:
    """A call whose tokens attend to each other, given what patches change of the attention that each token gets."""
    if change is None:
        return None
    tokens = [call for call in calls if call.layout == "tokens"]
    maps = [call for call in calls if call.layout not in ("tokens", None)]
    for call in [*tokens, *map(_as_tokens, maps)]:
        if call.shape[0] == change.shape[1]:
            margin, _ = evidence(grid_maps(change[:, :, None], call)[:, 0].numpy())
            return call if margin > MARGIN else None
    return None


def _as_tokens(call: LayerCall) -> LayerCall:
    """A map as the tokens that attention makes of it, row by row."""
    return replace(call, layout="tokens", shape=(math.prod(call.grid), call.channels))


def _reads_all(shape: tuple[int, ...], tokens: int) -> bool:
    queries, keys = shape[2:]
    return queries < keys and (keys == tokens or (queries == 1 and keys == tokens + 1))


def _kinds(
    shapes: Sequence[tuple[int, ...]], changes: Sequence[Tensor | None], attended: Sequence[LayerCall | None]
) -> str:
    """Attentions in words that follow "it has", at most three kinds; empty where there are none."""
    kinds = dict.fromkeys(map(_kind, shapes, changes, attended))
    return ", ".join([*kinds][:3])


def _kind(shape: tuple[int, ...], change: Tensor | None, attended: LayerCall | None) -> str:
    if len(shape) != 4 or shape[0] > 1:
        return "attention within parts of the picture"
    queries, keys = shape[2:]
    if queries != keys:
        return f"attention from {queries:,} to {keys:,} tokens"
    if attended is not None:
        return f"attention among {keys:,} tokens"
    if change is not None and not bool(change.any()):
        return "attention that does not depend on the picture"
    return f"attention among {keys:,} values that are not seen to be places of the picture"
