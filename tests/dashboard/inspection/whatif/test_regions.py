"""The smallest region: what the search finds, held against all sets of parts that there are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dashboard.inspection.prediction import predict
from dashboard.inspection.whatif import regions
from dashboard.inspection.whatif.margin import decide
from dashboard.records.mask import spread
from tests.networks import Linear, built, classifier, pixels

NETWORK = classifier(built(Linear, 3))
INPUTS = pixels(seed=3)
QUARTERS = np.repeat(np.repeat(np.arange(16).reshape(4, 4), 2, 0), 2, 1)


def fewest(worth, count: int) -> int | None:
    """Parts of the smallest set that is worth more than 0, by trying all."""
    for size in range(count + 1):
        for chosen in itertools.combinations(range(count), size):
            members = np.zeros(count, bool)
            members[list(chosen)] = True
            if worth(members[None])[0] > 0:
                return size
    return None


@pytest.mark.parametrize("seed", range(12))
def test_where_parts_add_up_the_search_finds_the_fewest(seed):
    generator = np.random.default_rng(seed)
    gains, start = generator.normal(size=8), -generator.uniform(0.1, 3)

    def worth(sets):
        return sets @ gains + start

    found, size = regions.search(worth, 8), fewest(worth, 8)
    assert (found.worth > 0) == (size is not None)
    assert len(found.chosen) == (8 if size is None else size)


@pytest.mark.parametrize("seed", range(20))
def test_where_parts_hinder_each_other_no_part_can_be_left_out_and_two_are_the_fewest(seed):
    generator = np.random.default_rng(seed)
    table = generator.normal(size=2**7) - 0.7

    def worth(sets):
        return table[sets @ (2 ** np.arange(7))]

    found, size = regions.search(worth, 7), fewest(worth, 7)
    if not found.worth > 0:
        return
    assert size is not None and size <= len(found.chosen)
    if len(found.chosen) <= regions.TRIED:
        assert size == len(found.chosen)
    for left_out in found.chosen:
        members = np.isin(np.arange(7), [part for part in found.chosen if part != left_out])
        assert not members.any() or worth(members[None])[0] <= 0


def test_what_needs_no_part_or_is_no_number_is_told():
    assert regions.search(lambda sets: np.ones(len(sets)), 3) == regions.Search((), 1.0)
    nothing = regions.search(lambda sets: np.full(len(sets), np.nan), 3)
    assert len(nothing.chosen) == 3 and not nothing.worth > 0


@pytest.mark.parametrize("aim", ["keeps", "changes"])
def test_a_region_of_a_network_does_what_it_says(aim):
    answer = predict(NETWORK, INPUTS)
    cover = -INPUTS
    told: list[float] = []
    found = regions.search_region(
        NETWORK,
        INPUTS,
        cover,
        QUARTERS,
        aim=aim,
        decision=decide(answer, 0),
        progress=told.append,
    )
    assert found.found and 0 < len(found.chosen) < 16 and told
    shown = found.cells if aim == "keeps" else ~found.cells
    given = np.where(spread(shown, (8, 8)), INPUTS, cover)
    logits = predict(NETWORK, given).logits
    others = np.delete(logits, answer.winner).max()
    lead = float(logits[answer.winner] - others)
    assert (lead > 0) == (aim == "keeps")
    assert found.margin == pytest.approx(lead if aim == "keeps" else -lead, rel=1e-4)


def test_where_the_fill_is_the_picture_nothing_changes_the_answer():
    answer = predict(NETWORK, INPUTS)
    decision = decide(answer, 0)
    kept = regions.search_region(NETWORK, INPUTS, INPUTS, QUARTERS, aim="keeps", decision=decision)
    assert kept.found and not len(kept.chosen) and kept.smallest
    changed = regions.search_region(NETWORK, INPUTS, INPUTS, QUARTERS, aim="changes", decision=decision)
    assert not changed.found and len(changed.chosen) == 16


def test_superpixels_are_of_cells_and_as_many_as_asked():
    crop = np.zeros((112, 112, 3), np.uint8)
    crop[:, 56:] = 255
    parts = regions.cut(crop, 10)
    assert parts.shape == (56, 56) and len(np.unique(parts)) == 10
    assert not set(parts[:, :28].ravel()) & set(parts[:, 28:].ravel())
    assert len(np.unique(regions.cut(crop[:2, :2], 100))) == 4
