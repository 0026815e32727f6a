"""What is asked of a network and a history of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.inspection.evaluation.histories import hit_rates as count_hits
from dashboard.inspection.history import HISTORY_METHODS
from dashboard.inspection.history.known_taste import measure_agreement, serves
from dashboard.inspection.history.method import HistoryMethod
from dashboard.inspection.history.run import attribute, recommend
from dashboard.parameters import FILM, FILMS, PERSON
from dashboard.records.history import HistoryAttribution, HitRates, Recommendations, TasteAgreement
from dashboard.results.result import Result
from models.history import HISTORY_SETS
from models.history.classifier import Recommender
from models.history.histories import Histories
from models.runtime.errors import UserError

SPLIT = "test"
# Made-up people on whom methods are held against known tastes.
PEOPLE = 500
# Methods that are: those that draw anything.
MEASURED = tuple(method for method in HISTORY_METHODS.values() if not method.refusal)


@dataclass(frozen=True, eq=False)
class HistorySubject:
    """A network reading a history.

    Attributes:
        network: that recommends, shared.
        history: places of the films that were chosen.
        person: number of the made-up person whose history it is; None where it was put together.
        recommended: what the network says of it.
        film: place of the film that is explained.
    """

    network: Recommender
    history: tuple[int, ...]
    person: int | None
    recommended: Recommendations
    film: int

    @property
    def liked(self) -> tuple[str, ...]:
        """Names of the genres that the made-up person likes; none where nobody knows."""
        return () if self.person is None else histories(self.network).liked(SPLIT, self.person)

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the films that were chosen."""
        return tuple(self.network.catalogue.titles[film] for film in self.history)

    @property
    def served(self) -> NDArray[np.bool_]:
        """(H,) whether each film that was chosen is of a liked genre that the explained film is also of."""
        catalogue = self.network.catalogue
        return serves(catalogue.vectors, self._taste, self.history, self.film)

    @property
    def suiting(self) -> int:
        """How many of the recommended films are of a liked genre."""
        vectors = self.network.catalogue.vectors[self.recommended.films]
        return int((vectors[:, self._taste] > 0).any(1).sum())

    @property
    def _taste(self) -> NDArray[np.bool_]:
        return np.isin(self.network.catalogue.genres, self.liked)


def histories(network: Recommender) -> Histories:
    """Those of the network's catalogue. Raises UserError where it learned from another one."""
    loaded = HISTORY_SETS[network.fits].load()
    if loaded.catalogue != network.catalogue:
        raise UserError(f"{network.title} learned from other films than there are now; train it again.")
    return loaded


def subject(
    network: Recommender, history: tuple[int, ...], person: int | None = None, film: int | None = None
) -> HistorySubject:
    """A network reading a history; its first recommendation is explained unless another of the ten is chosen."""
    recommended = recommend(network.module, network.encode([history])[0])
    explained = film if film is not None and film in recommended.films else int(recommended.films[0])
    return HistorySubject(network, history, person, recommended, explained)


def named(network: Recommender, settings: Mapping[str, str]) -> HistorySubject:
    """A network reading the history that an address names: a made-up person's, or one that was put together."""
    of, titles = histories(network), network.catalogue.titles
    person = PERSON.read(settings, high=HISTORY_SETS[network.fits].counts[SPLIT] - 1)
    own = FILMS.text(settings) is not None
    put_together = tuple(sorted(FILMS.read(settings, len(titles))))[: network.catalogue.longest]
    history = put_together if own else of.history(SPLIT, person)
    return subject(network, history, None if own else person, FILM.parse(settings))


def attribution(subject: HistorySubject, method: HistoryMethod) -> Result[HistoryAttribution]:
    """What each film of the history counts for, by one method."""
    return Result(
        subject.network.key,
        "attribution of a history",
        (subject.history, subject.film, method.name),
        lambda _: attribute(
            subject.network.module, [place + 1 for place in subject.history], subject.film, method=method
        ),
        method.title,
    )


def hit_rates(network: Recommender) -> Result[HitRates]:
    """For whom of the test people the next choice is among ten."""
    return Result(
        network.key,
        "hits among ten",
        (network.fits, SPLIT),
        lambda _: count_hits(network, histories(network), SPLIT),
        f"{network.title} over made-up people",
    )


def agreement(network: Recommender) -> Result[TasteAgreement]:
    """How often methods name a film that the known taste names."""
    return Result(
        network.key,
        "agreement with known tastes",
        (network.fits, SPLIT, PEOPLE),
        lambda report: measure_agreement(network.module, histories(network), SPLIT, MEASURED, PEOPLE, report),
        "Methods beside known tastes",
        "slow",
    )
