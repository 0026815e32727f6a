"""The fewest words that turn a network's answer: greedy from either end, pruned, and checked where sets are few."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from dashboard.inspection.engine.progress import Progress, ignore
from dashboard.inspection.text.method import TextTask
from dashboard.inspection.text.reading import answer, read_text
from dashboard.records.text import TurningWords
from models.text.networks import TextNetwork
from models.text.tokenizer import PAD, UNKNOWN, Tokens

# Words that greedy search strikes out one after the other before it gives up.
MOST_STRUCK = 50
# After its first round it asks only about the words that have brought the answer nearest to turning.
CANDIDATES = 64
# Smaller sets are all tried, size by size, as far as there are no more of them than this.
TRIED = 5000
# Told of a lead of nothing with which another class wins.
TIE = 1e-9

Places = tuple[int, ...]


class _Search:
    """One text whose winner is to lose.

    Attributes:
        places: of the words that can be struck out: an unknown one already is.
        texts: that were read so far.
    """

    def __init__(self, network: TextNetwork, tokens: Tokens, winner: int) -> None:
        self._task = TextTask.of(network, tokens, target=winner)
        self._winner = winner
        self.places: Places = tuple(
            place for place, word in enumerate(tokens.ids.tolist()) if word not in (PAD, UNKNOWN)
        )
        self.texts = 0

    def logits(self, struck: Places) -> Tensor:
        """(classes,) without some words."""
        return self._logits(self._shown([struck]))[0]

    def leads(self, sets: Sequence[Places]) -> Tensor:
        """(N,) how far the winner leads without each of the sets of words; below 0 the answer has turned."""
        task, leads = self._task, []
        for first in range(0, len(sets), task.batch):
            logits = self._logits(self._shown(sets[first : first + task.batch]))
            others = logits.clone()
            others[:, self._winner] = -math.inf
            lead = logits[:, self._winner] - others.amax(1)
            # Of equal logits the first one wins.
            leads.append(torch.where(logits.argmax(1) == self._winner, lead, lead.clamp(max=-TIE)))
        return torch.cat(leads)

    def _shown(self, sets: Sequence[Places]) -> Tensor:
        shown = torch.ones(len(sets), self._task.ids.shape[1], dtype=torch.bool)
        for row, struck in zip(shown, sets, strict=True):
            row[list(struck)] = False
        return shown

    def _logits(self, shown: Tensor) -> Tensor:
        task = self._task
        self.texts += len(shown)
        with torch.no_grad():
            vectors = torch.where(shown[..., None], task.inputs, task.unknown)
            logits: Tensor = task.explained.network(vectors)
        return logits


def turning_words(
    network: TextNetwork, tokens: Tokens, classes: Sequence[str], progress: Progress = ignore
) -> TurningWords:
    """Few words that turn the answer when an unknown word stands in place of each.

    Words are struck out one by one, each time the one without which the winner leads least; and from the other end,
    the words that matter most alone are all struck out. Of either set each word that is not needed is put back, and
    the smaller one counts. Then all smaller sets are tried, size by size, as far as there are at most TRIED of them.

    Args:
        network: shared with other threads; not changed.
        tokens: of one text.
        classes: one name per logit.
        progress: told the share done; what it raises ends the work.
    """
    started = time.perf_counter()
    before = read_text(network, tokens.ids, classes)
    if not len(tokens):
        return TurningWords((), before, before, True, 0, time.perf_counter() - started)
    search = _Search(network, tokens, before.winner)
    found = [
        _prune(search, places)
        for places in (_one_by_one(search, progress), _most_telling(search))
        if places is not None
    ]
    progress(0.9)
    places, fewest = _try_smaller(search, min(found, key=len, default=None))
    without = search.places if places is None else places
    return TurningWords(
        places=places or (),
        before=before,
        after=answer(search.logits(without).float(), classes),
        fewest=fewest,
        tried=search.texts,
        seconds=time.perf_counter() - started,
    )


def _one_by_one(search: _Search, progress: Progress) -> Places | None:
    """Words that turn the answer, the one that brings it nearest first; None where MOST_STRUCK are too few."""
    struck: Places = ()
    candidates: Sequence[int] = search.places
    for round_ in range(min(MOST_STRUCK, len(search.places))):
        progress(0.8 * round_ / MOST_STRUCK)
        leads = search.leads([(*struck, place) for place in candidates])
        order = leads.argsort(stable=True).tolist()
        struck = (*struck, candidates[order[0]])
        if float(leads[order[0]]) < 0:
            return struck
        candidates = [candidates[at] for at in order[1 : CANDIDATES + 1]]
        if not candidates:
            return None
    return None


def _most_telling(search: _Search) -> Places | None:
    """The fewest words that turn the answer among those that matter most alone; None where all together do not."""
    if not search.places:
        return None
    alone = search.leads([(place,) for place in search.places])
    ranked = [search.places[at] for at in alone.argsort(stable=True).tolist()]
    turned = search.leads([tuple(ranked[:count]) for count in range(1, len(ranked) + 1)]) < 0
    return tuple(ranked[: int(turned.nonzero()[0]) + 1]) if bool(turned.any()) else None


def _prune(search: _Search, struck: Places) -> Places:
    """Put words back, each time the one without which the answer stays farthest turned, while it stays so."""
    while len(struck) > 1:
        fewer = [tuple(other for other in struck if other != place) for place in struck]
        leads = search.leads(fewer)
        at = int(leads.argmin())
        if not float(leads[at]) < 0:
            break
        struck = fewer[at]
    return tuple(sorted(struck))


def _try_smaller(search: _Search, found: Places | None) -> tuple[Places | None, bool]:
    """The smallest set that turns the answer, and whether all smaller ones were tried.

    Args:
        search: the text.
        found: a set that turns it; None where none is known.
    """
    most = len(search.places) if found is None else len(found) - 1
    left = TRIED
    for size in range(1, most + 1):
        left -= math.comb(len(search.places), size)
        if left < 0:
            return found, False
        for sets in _chunks(itertools.combinations(search.places, size)):
            leads = search.leads(sets)
            if bool((leads < 0).any()):
                return sets[int(leads.argmin())], True
    return found, True


def _chunks(sets: Iterable[Places], size: int = 1024) -> Iterable[list[Places]]:
    every = iter(sets)
    while chunk := list(itertools.islice(every, size)):
        yield chunk
