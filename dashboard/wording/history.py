"""What a network recommends, because of what, and how far to trust that, in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.records.history import HistoryAttribution, HitRates, TasteAgreement
from dashboard.wording.numbers import count, enumeration, percent, rate, short_title, three_digits
from models.training.effect import paired_interval

ALL_MADE_UP = "All films, people and tastes here are made up."
MADE_UP = (
    "A program draws the films, the people, what each of them likes and what they choose, from one seed. No "
    "ratings that may be passed on are at hand. So it is known whom a recommendation suits, and nothing here is about "
    "anybody."
)
HOW_COUNTED = (
    "For each of the test people, whom the network did not learn from, ten films are named that they did not choose "
    "yet; counted is whether the film that they chose next is among them (hit@10). Whiskers: two standard errors to "
    "each side."
)
NOTHING_CHOSEN = (
    "Nothing is chosen yet, so nothing speaks for a film but how often it is chosen; choose some films."
)
HOW_CHECKED = (
    "Right by the known taste is a film of a genre that the person likes and that the recommended film is also of. "
    "The network is never told what anybody likes."
)


def headline(title: str, film: str, person: int | None, chosen: int) -> str:
    """What comes first, and for whom."""
    name = short_title(title)
    if person is not None:
        return f"{name} recommends {film} to made-up person {person}."
    if not chosen:
        return f"{name} recommends {film} to somebody who chose nothing."
    return f"{name} recommends {film} to somebody who chose {'this film' if chosen == 1 else f'these {chosen} films'}."


def suits(matching: int, recommended: int, liked: Sequence[str]) -> str:
    """How many of the recommendations are of a genre that somebody likes; empty where nobody knows."""
    if not liked:
        return ""
    return (
        f"{matching} of its {recommended} films are at least in part {' or '.join(liked)}, which is what this person "
        "likes."
    )


def beside_popularity(found: HitRates) -> str:
    """How often the next choice is among ten, beside the most popular ones and those by the known taste."""
    differences = found.network.astype(np.float64) - found.popular
    lead, (low, high) = float(differences.mean()), paired_interval(differences.tolist())
    verdict = (
        "the network is better"
        if low > 0
        else "the network is worse"
        if high < 0
        else "which cannot be told apart"
    )
    return (
        f"The next choice is among its ten films for {rate(float(found.network.mean()))} of the "
        f"{count(found.count, 'test person', 'test people')}, among the ten most popular for "
        f"{rate(float(found.popular.mean()))}: {verdict} ({100 * lead:+.1f} points, 95 % interval {100 * low:.1f} to "
        f"{100 * high:.1f}). Who knows what each of them likes gets {rate(float(found.known.mean()))}: more cannot be "
        "expected."
    )


def hits_headline(title: str, found: HitRates) -> str:
    """How often the next choice is among ten."""
    return (
        f"{short_title(title)} names the next choice among ten films for {rate(float(found.network.mean()))} of the "
        f"{count(found.count, 'made-up person', 'made-up people')}; popularity does for "
        f"{rate(float(found.popular.mean()))}."
    )


def because(found: HistoryAttribution, film: str, titles: Sequence[str]) -> str:
    """Which film of the history speaks most for a recommendation.

    Args:
        found: not refused.
        film: title of the film that is recommended.
        titles: of the films that were chosen.
    """
    assert found.values is not None
    first = found.ranking[0]
    if found.values[first] <= 0:
        return f"{film}, although no film that was chosen speaks for it."
    return f"{film}, because {titles[first]} was chosen."


def beside_taste(served: np.ndarray, first: int, liked: Sequence[str]) -> str:
    """Whether the film that counts most is right by the known taste.

    Args:
        served: (H,) whether each film is of a liked genre that the recommended film is also of.
        first: place of the film that counts most.
        liked: genres; none where nobody knows what is liked.
    """
    if not liked:
        return "What somebody likes who put this history together is not known, so there is nothing to check it by."
    if not served.any():
        return "By the known taste no film of this history speaks for it: the network recommends it for another reason."
    right = int(served.sum())
    named = "is among them" if served[first] else "is not among them"
    return (
        f"By the known taste {right} of {count(len(served), 'film')} {'speaks' if right == 1 else 'speak'} for it; the "
        f"one that counts most {named}."
    )


def agreement(found: TasteAgreement, titles: Sequence[str]) -> str:
    """How often methods name a film that the known taste names, beside chance, and each other's.

    Args:
        found: whatever its people are.
        titles: of the methods.
    """
    if not len(found.share):
        return "Known tastes tell nothing of these recommendations: every film of a history serves them, or none."
    shares = enumeration(
        [f"{rate(float(found.right[:, place].mean()))} ({title})" for place, title in enumerate(titles)]
    )
    return (
        f"The known taste tells something of {len(found.share):,} of the first "
        f"{count(found.people, 'made-up person', 'made-up people')}. The film that counts most is right by it for "
        f"{shares} of them; a film drawn from the history would be for {rate(found.chance)}. The methods name the same "
        f"film for {percent(float(found.same.mean()))}."
    )


def sums_up(found: HistoryAttribution) -> str:
    """From which score to which a history leads."""
    return (
        f"From {three_digits(found.nothing)}, where nothing was chosen, to {three_digits(found.explained)}."
    )
