"""A network's answers while the words of a text come in one after another, without reading every text anew.

Two neighbours of such texts differ in one word. What that changes is known for the networks that are made here: a mean
moves by one vector, and of windows of words only those change that hold it. Any other network reads every text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import torch
from torch import Tensor, nn
from torch.nn import functional

from dashboard.inspection.text.reading import texts_at_once
from models.text.networks import HIDDEN, Bag, TextCNN, TextNetwork, Transformer, mean_over_words

# Steps at which the words come in, (orders, L), and how many steps there are -> logits (orders, steps + 1, classes):
# before the first step, and after each of them. A word of step 0 is there after the first; words of one step come
# together.
Stepwise = Callable[[Tensor, int], Tensor]


@singledispatch
def stepwise(network: TextNetwork, shown: Tensor, hidden: Tensor, present: Tensor) -> Stepwise:
    """The answers of a network to one text while its words come in.

    Args:
        network: private.
        shown: the words' vectors, (1, L, D).
        hidden: what stands there before, (1, L, D).
        present: which are words, bool (1, L).
    """

    def logits(ranks: Tensor, steps: int) -> Tensor:
        there = ranks[:, None] < torch.arange(steps + 1)[:, None]  # (orders, steps + 1, L)
        scores = [
            network.score(torch.where(rows[..., None], shown, hidden), present.expand(len(rows), -1))
            for rows in torch.split(there.flatten(0, 1), texts_at_once(shown.shape[1]))
        ]
        return torch.cat(scores).view(*there.shape[:2], -1)

    return logits


@stepwise.register
def _(network: Bag, shown: Tensor, hidden: Tensor, present: Tensor) -> Stepwise:
    """A mean moves by the vector of the word that comes in."""
    moves = ((shown - hidden) * present[..., None])[0]  # (L, D)
    start = network.features(hidden, present)  # (1, D)
    count = present.sum().clamp_min(1)

    def logits(ranks: Tensor, steps: int) -> Tensor:
        sums = moves.new_zeros(len(ranks), steps, moves.shape[1])
        sums.scatter_add_(
            1, ranks[..., None].expand(-1, -1, moves.shape[1]), moves.expand(len(ranks), -1, -1)
        )
        means = start + functional.pad(sums.cumsum(1), (0, 0, 1, 0)) / count  # (orders, steps + 1, D)
        scores: Tensor = network.head(means)
        return scores

    return logits


@stepwise.register
def _(network: TextCNN, shown: Tensor, hidden: Tensor, present: Tensor) -> Stepwise:
    """A window has few fits, one for each set of its words that are there; the best at a step is among those then."""
    act = network.get_submodule(network.activation)
    vectors = torch.cat([hidden, shown]) * present[..., None]  # (2, L, D)
    tables = [
        act(_fits(convolution, vectors)).masked_fill(~present[..., None], -torch.inf)
        for convolution in network.convolutions
        if isinstance(convolution, nn.Conv1d)
    ]

    def logits(ranks: Tensor, steps: int) -> Tensor:
        best = torch.cat([_best(table, ranks, steps) for table in tables], -1)
        scores: Tensor = network.head(best)
        return scores

    return logits


@stepwise.register
def _(network: Transformer, shown: Tensor, hidden: Tensor, present: Tensor) -> Stepwise:
    """A word is there or not, and so is each that it looks at: all that two can have to do with each other is known."""
    states = network.placed(torch.cat([hidden, shown]))  # (2, L, D)
    attention = network.attn
    qkv = attention.qkv(network.norm1(states)).unflatten(-1, (3, attention.heads, -1))
    query, key, value = qkv.double().permute(2, 3, 0, 1, 4).unbind(0)  # each (heads, 2, L, d)
    scores = torch.einsum("haid,hbjd->haibj", query, key) * attention.scale
    scores = scores.masked_fill(~present[0], HIDDEN)
    looks = (scores - scores.amax((3, 4), keepdim=True)).exp()  # (heads, 2, L, 2, L): who looks, at whom
    value = functional.pad(value, (0, 1), value=1.0)  # the sum of all looks comes along
    both = torch.einsum("haibj,hbjd->hbjaid", looks, value)  # (heads, 2, L, 2, L, d + 1)
    starts, moves = both[:, 0].sum(1), both[:, 1] - both[:, 0]
    act = network.get_submodule(network.activation)

    def mix(head: int, rank: Tensor, there: Tensor) -> Tensor:
        """What each word reads of the others, (steps + 1, L, d): sums move by the looks at the word that comes in."""
        sums = torch.cat([starts[head, None], moves[head].index_select(0, rank.argsort())]).cumsum_(0)
        come = there.sum(1)
        if not torch.equal(come, torch.arange(len(sums))):  # several come in together
            sums = sums[come]
        own = torch.where(there[..., None], sums[:, 1], sums[:, 0])  # (steps + 1, L, d + 1)
        return (own[..., :-1] / own[..., -1:]).to(states.dtype)

    def one(rank: Tensor, steps: int) -> Tensor:
        there = rank < torch.arange(steps + 1)[:, None]  # (steps + 1, L)
        mixed = torch.cat([mix(head, rank, there) for head in range(attention.heads)], -1)
        tokens = torch.where(there[..., None], states[1], states[0]) + attention.proj(mixed)
        tokens = tokens + network.fc2(act(network.fc1(network.norm2(tokens))))
        scores: Tensor = network.head(mean_over_words(network.norm(tokens), present))
        return scores

    return lambda ranks, steps: torch.stack([one(rank, steps) for rank in ranks])


def _fits(convolution: nn.Conv1d, vectors: Tensor) -> Tensor:
    """How well each window fits each pattern, (2 to the power of its width, L, patterns), by which words are there.

    Args:
        convolution: over words, as many before as behind.
        vectors: of the words that are not there, and of those that are, (2, L, D).
    """
    (width,), count = convolution.kernel_size, vectors.shape[1]
    padded = functional.pad(vectors, (0, 0, width // 2, width // 2))
    sets = torch.arange(2**width)
    fits = torch.zeros(2**width, count, convolution.out_channels)
    if convolution.bias is not None:
        fits += convolution.bias
    for place in range(width):
        part = padded[:, place : place + count] @ convolution.weight[:, :, place].T  # (2, L, patterns)
        fits += part[sets >> place & 1]
    return fits


def _best(table: Tensor, ranks: Tensor, steps: int) -> Tensor:
    """The best fit of each pattern after each step, (orders, steps + 1, patterns).

    Each window has one fit from the step at which a word of it comes in to that of its next one. A stretch of steps is
    covered by two of length 2 to the power of k, which are joined from the longest to single steps.

    Args:
        table: (sets, L, patterns), the fit of each window by which of its words are there.
        ranks: (orders, L).
        steps: of an order.
    """
    (sets, _, patterns), orders = table.shape, len(ranks)
    width = sets.bit_length() - 1
    # Beyond the text nothing ever comes in.
    windows = functional.pad(ranks, (width // 2, width // 2), value=steps).unfold(1, width, 1)
    arrivals, places = windows.sort(-1)  # (orders, L, width)
    there = functional.pad(
        (1 << places).cumsum(-1), (1, 0)
    )  # (orders, L, width + 1): a set, after each arrival
    begins, ends = functional.pad(arrivals + 1, (1, 0)), functional.pad(arrivals + 1, (0, 1), value=steps + 1)
    order, window, stretch = (begins < ends).nonzero(as_tuple=True)
    begin, end = begins[order, window, stretch], ends[order, window, stretch]
    level = torch.frexp((end - begin).float()).exponent.long() - 1  # the largest power of 2 within
    levels = (steps + 1).bit_length()
    best = torch.full((orders * levels * (steps + 1), patterns), -torch.inf)
    row = (order * levels + level) * (steps + 1)
    rows = torch.cat([row + begin, row + end - (1 << level)])
    fits = table[there[order, window, stretch], window].repeat(2, 1)
    best.scatter_reduce_(0, rows[:, None].expand(-1, patterns), fits, "amax")
    best = best.view(orders, levels, steps + 1, patterns)
    for longer in range(levels - 1, 0, -1):
        half = 1 << longer - 1
        whole, parts = best[:, longer], best[:, longer - 1]
        torch.maximum(parts, whole, out=parts)
        torch.maximum(parts[:, half:], whole[:, :-half], out=parts[:, half:])
    return best[:, 0]
