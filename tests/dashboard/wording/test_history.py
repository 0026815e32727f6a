"""What is said of a recommendation, in exact words."""

from __future__ import annotations

import numpy as np

from dashboard.records.attribution import Outcome
from dashboard.records.history import HistoryAttribution, HitRates, TasteAgreement
from dashboard.wording import history

CLEAN = Outcome("clean")


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def rates(network: int, popular: int, count: int = 100) -> HitRates:
    """Of so many people the first of each are hit."""
    places = np.arange(count)
    return HitRates(places < network, places < popular, places < 80, np.full(count, 3))


def test_what_is_recommended_to_whom():
    title = "Two-tower network (Made-up films)"
    assert history.headline(title, "One", 7, 3) == "Two-tower network recommends One to made-up person 7."
    assert history.headline(title, "One", None, 0).endswith("One to somebody who chose nothing.")
    assert history.headline(title, "One", None, 1).endswith("somebody who chose this film.")
    assert history.headline(title, "One", None, 2).endswith("somebody who chose these 2 films.")
    assert history.suits(9, 10, ()) == ""
    assert history.suits(9, 10, ("comedy", "drama")) == (
        "9 of its 10 films are at least in part comedy or drama, which is what this person likes."
    )
    assert "made up" in history.ALL_MADE_UP and "A program draws" in history.MADE_UP


def test_hits_stand_beside_popularity_with_the_interval_of_pairs():
    assert plain(history.beside_popularity(rates(60, 20))) == (
        "The next choice is among its ten films for 60.0 % of the 100 test people, among the ten most popular for "
        "20.0 %: the network is better (+40.0 points, 95 % interval 30.2 to 49.8). Who knows what each of them likes "
        "gets 80.0 %: more cannot be expected."
    )
    assert "which cannot be told apart (+1.0 points" in plain(history.beside_popularity(rates(21, 20)))
    assert "the network is worse (-15.0 points" in plain(history.beside_popularity(rates(5, 20)))
    assert plain(history.hits_headline("Two-tower network (x)", rates(60, 20))) == (
        "Two-tower network names the next choice among ten films for 60.0 % of the 100 made-up people; popularity "
        "does for 20.0 %."
    )


def test_because_of_what_and_whether_that_is_right():
    found = HistoryAttribution("m", np.array([-1.0, 2.0]), CLEAN, explained=3.0, nothing=2.0)
    assert history.because(found, "Three", ("One", "Two")) == "Three, because Two was chosen."
    against = HistoryAttribution("m", np.array([-1.0, -2.0]), CLEAN, explained=1.0, nothing=4.0)
    assert history.because(against, "Three", ("One", "Two")) == (
        "Three, although no film that was chosen speaks for it."
    )
    assert history.sums_up(found) == "From 2, where nothing was chosen, to 3."
    served = np.array([True, False, True])
    assert history.beside_taste(served, 0, ("drama",)) == (
        "By the known taste 2 of 3 films speak for it; the one that counts most is among them."
    )
    assert history.beside_taste(np.array([True, False]), 1, ("drama",)) == (
        "By the known taste 1 of 2 films speaks for it; the one that counts most is not among them."
    )
    assert "no film of this history" in history.beside_taste(np.zeros(2, bool), 0, ("drama",))
    assert "is not known" in history.beside_taste(served, 0, ())


def test_agreement_stands_beside_chance():
    found = TasteAgreement(
        ("a", "b"),
        np.array([[True, True], [False, True]]),
        np.array([0.5, 0.25]),
        np.array([True, False]),
        people=3,
    )
    assert plain(history.agreement(found, ("A", "B"))) == (
        "The known taste tells something of 2 of the first 3 made-up people. The film that counts most is right by it "
        "for 50.0 % (A) and 100 % (B) of them; a film drawn from the history would be for 37.5 %. The methods name the "
        "same film for 50 %."
    )
    nobody = TasteAgreement(("a",), np.zeros((0, 1), bool), np.zeros(0), np.zeros(0, bool), people=3)
    assert history.agreement(nobody, ("A",)).startswith("Known tastes tell nothing")
