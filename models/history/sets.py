"""Films, people and tastes that are made up, all drawn from one seed: whom a recommendation suits is known then.

No ratings that may be passed on are at hand; what somebody likes is written down in none of them anyway.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.history.catalogue import PAD, Catalogue, Film
from models.history.histories import Histories, LabelledHistories

SEED = 0
GENRES = (
    "adventure",
    "animation",
    "comedy",
    "documentary",
    "drama",
    "mystery",
    "romance",
    "science fiction",
)
# Titles are two of these words.
FIRST = (
    "Amber Birch Cinder Copper Coral Cobalt Dusk Fern Flint Granite Harvest Indigo Juniper Lantern Marble Paper "
    "Saffron Slate Thistle Willow"
)
SECOND = (
    "Arcade Atlas Bridge Canyon Causeway Compass Corridor Estuary Garden Harbour Junction Ledger Meadow Orchard "
    "Pavilion Quarry Signal Station Terrace Viaduct"
)
COUNT, LONGEST = 200, 12
# How much a film is of its main genre; what is missing is of another.
SHARES = (1.0, 0.8, 0.6)
# Everybody likes as many genres as this. What a film gains that is wholly of one, in the logarithm of its odds, beside
# a standard deviation of 1 between films.
LIKED, PULL = 2, 4.0
PEOPLE = {"train": 20_000, "test": 2_000}
# The fewest films of a history: of nothing there is something to learn as well, and nothing to explain.
FEWEST = {"train": 0, "test": 3}


@cache
def _load() -> Histories:
    draws = np.random.default_rng(SEED)
    catalogue = _draw_catalogue(draws)
    odds = draws.normal(size=COUNT)
    chosen, targets, tastes = {}, {}, {}
    for split, count in PEOPLE.items():
        tastes[split] = _draw_tastes(count, draws)
        choices = _draw_choices(odds + PULL * tastes[split] @ catalogue.vectors.T, draws)
        lengths = draws.integers(FEWEST[split], LONGEST + 1, count)
        places = np.arange(LONGEST)
        chosen[split] = np.where(places < lengths[:, None], choices[:, :LONGEST] + 1, PAD)
        targets[split] = choices[np.arange(count), lengths]
    return Histories(catalogue, chosen, targets, tastes, odds, PULL)


def _draw_catalogue(draws: np.random.Generator) -> Catalogue:
    titles = [f"{first} {second}" for first, second in itertools.product(FIRST.split(), SECOND.split())]
    films = []
    for place in draws.permutation(len(titles))[:COUNT]:
        main, other = draws.choice(len(GENRES), 2, replace=False)
        share = draws.choice(SHARES)
        genres = np.zeros(len(GENRES))
        genres[main] += share
        genres[other] += round(1 - share, 1)
        films.append(Film(titles[place], tuple(genres.tolist())))
    return Catalogue(GENRES, tuple(films), LONGEST)


def _draw_tastes(count: int, draws: np.random.Generator) -> NDArray[np.bool_]:
    """Whether each likes each genre, (N, G): every pair of them is as likely."""
    order = draws.random((count, len(GENRES))).argsort(1)
    return order < LIKED


def _draw_choices(odds: NDArray[np.float64], draws: np.random.Generator) -> NDArray[np.int64]:
    """Films in the order in which they are chosen, one more than a history has, none twice: (N, F) -> (N, longest + 1).

    To draw one after the other by their odds among what is left is to sort by the odds with Gumbel's noise on them.
    """
    noisy = odds + draws.gumbel(size=odds.shape)
    return np.argsort(-noisy, axis=1, kind="stable")[:, : LONGEST + 1]


FILMS = LabelledHistories("films", "Made-up films", PEOPLE, _load)
