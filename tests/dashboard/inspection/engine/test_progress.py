"""Progress: shares of a part within the whole, and one report before each item and each pass."""

import pytest
import torch
from torch import nn

from dashboard.inspection.engine.progress import each, ignore, report_passes, within


def test_a_part_of_the_work_fills_its_stretch_of_the_whole():
    shares: list[float] = []
    part = within(shares.append, 0.25, 0.75)
    for share in (0.0, 0.5, 1.0):
        part(share)
    assert shares == [0.25, 0.5, 0.75]


def test_each_item_is_reported_before_it_is_worked_on_with_the_share_of_those_before():
    told: list[object] = []
    told.extend(each(["a", "b"], told.append))
    assert told == [0.0, "a", 0.5, "b"]
    told.clear()
    assert (list(each(["aa", "b", "c"], told.append, len)), told) == (["aa", "b", "c"], [0.0, 0.5, 0.75])
    assert list(each(["", ""], told.append, len)) == ["", ""]
    assert not list(each([], told.append))


def test_each_pass_is_reported_before_it_begins_with_the_share_of_pictures_seen():
    network = nn.Identity()
    shares: list[float] = []
    report_passes(8, shares.append, network)
    for count in (2, 6, 1):
        network(torch.zeros(count, 1))
    assert shares == [0.0, 0.25, 1.0]


def test_what_progress_raises_ends_the_pass():
    def cancel(share: float) -> None:
        raise InterruptedError

    network = nn.Identity()
    report_passes(1, cancel, network)
    with pytest.raises(InterruptedError):
        network(torch.zeros(1, 1))


def test_nobody_needs_to_listen():
    ignore(0.5)
