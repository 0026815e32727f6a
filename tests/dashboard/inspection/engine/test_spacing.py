"""A few of many places: the ends among them, evenly apart."""

from dashboard.inspection.engine.spacing import evenly_spaced


def test_of_many_moments_some_are_taken_the_ends_among_them():
    assert evenly_spaced(5, 10) == [0, 1, 2, 3, 4]
    chosen = evenly_spaced(1000, 50)
    assert len(chosen) == 50
    assert (chosen[0], chosen[-1]) == (0, 999)


def test_the_places_between_are_evenly_apart():
    assert evenly_spaced(9, 3) == [0, 4, 8]
    assert evenly_spaced(0, 3) == []
