"""Writers and sessions told apart, with the exact series that are drawn."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from models.tensorboard import sessions
from models.tensorboard.series import Columns, HistogramSeries
from models.tensorboard.sessions import Arrangement, Logged, arrange, newest_session

FOLDER = Path("run")


def columns(steps, values=None, walls=None, order=None) -> Columns:
    count = len(steps)
    return Columns(
        np.array(steps, np.int64),
        np.arange(count, dtype=float) if values is None else np.array(values, float),
        np.arange(count, dtype=float) if walls is None else np.array(walls, float),
        np.arange(count) if order is None else np.array(order),
    )


def logged(name, begun=0.0, *, folder=FOLDER, part="", **tags) -> Logged:
    """A file whose points are a second apart, tag -> steps."""
    return Logged(
        f"events.out.tfevents.{name}",
        folder,
        part,
        {tag: columns(steps, walls=begun + np.arange(len(steps))) for tag, steps in tags.items()},
    )


def drawn(arrangement: Arrangement) -> dict[tuple[str, str, int], list[int]]:
    """(tag, writer, session) -> steps."""
    return {(one.tag, one.writer, one.session): one.steps.tolist() for one in arrangement.curves}


def spans(arrangement: Arrangement) -> list[tuple[float, int, int]]:
    return [(one.begun, one.first, one.last) for one in arrangement.sessions]


# Sessions


def test_a_file_that_begins_again_is_a_session_of_its_own():
    found = arrange([logged("1.h.7.0", loss=range(100)), logged("200.h.8.0", 200, loss=range(60))])
    assert drawn(found) == {("loss", "", 0): [*range(100)], ("loss", "", 1): [*range(60)]}
    assert spans(found) == [(0, 0, 99), (200, 0, 59)]


def test_a_run_that_resumes_from_an_older_checkpoint_tells_the_steps_between_again():
    found = arrange([logged("1.h.7.0", loss=range(100)), logged("200.h.8.0", 200, loss=range(60, 160))])
    assert drawn(found) == {("loss", "", 0): [*range(100)], ("loss", "", 1): [*range(60, 160)]}
    assert spans(found) == [(0, 0, 99), (200, 60, 159)]


def test_a_file_that_goes_on_is_the_same_session_whatever_its_name():
    found = arrange(
        [
            logged("1.h.7.0", loss=range(5)),
            logged("9.other.8.0", 9, loss=range(5, 9)),
            logged("20.h.8.1.x", 20, loss=[8, 9]),
        ]
    )
    assert drawn(found) == {("loss", "", 0): [*range(8), 8, 8, 9]}
    assert len(found.sessions) == 1


def test_steps_that_are_told_again_within_a_file_are_a_session_of_all_its_curves():
    file = Logged(
        "events.out.tfevents.1",
        FOLDER,
        "",
        {
            "loss": columns(
                [0, 1, 2, 3, 0, 1, 2], order=[0, 2, 4, 6, 8, 10, 12], walls=[0, 2, 4, 6, 8, 10, 12]
            ),
            "acc": columns([1, 3, 1], order=[3, 7, 11], walls=[3, 7, 11]),
            "test": columns([3, 2], order=[13, 14], walls=[13, 14]),
        },
    )
    found = arrange([file])
    assert drawn(found) == {
        ("loss", "", 0): [0, 1, 2, 3],
        ("loss", "", 1): [0, 1, 2],
        ("acc", "", 0): [1, 3],
        ("acc", "", 1): [1],
        ("test", "", 1): [2, 3],
    }
    assert spans(found) == [(0, 0, 3), (8, 0, 3)]


def test_a_curve_that_resumes_between_its_steps_is_parted_where_it_seldom_goes_back():
    found = arrange([logged("1.h.7.0", loss=[*range(0, 100, 10), *range(55, 155, 10)])])
    assert drawn(found) == {("loss", "", 0): [*range(0, 100, 10)], ("loss", "", 1): [*range(55, 155, 10)]}
    early = [0, 1, 2, 3, 4, 10, 5, 6, 7, 8, 9, 11]  # one point came early
    assert drawn(arrange([logged("1.h.7.0", loss=early)])) == {("loss", "", 0): [*range(12)]}
    shuffled = np.random.default_rng(0).permutation(60).tolist()
    assert drawn(arrange([logged("1.h.7.0", loss=shuffled)])) == {("loss", "", 0): [*range(60)]}


def test_parts_of_a_run_begin_their_sessions_together():
    train, val = FOLDER / "train", FOLDER / "validation"
    found = arrange(
        [
            logged("1.h.7.0", 0, folder=train, part="train", loss=range(9)),
            logged("50.h.7.2", 50, folder=train, part="train", loss=range(5)),
            logged("2.h.7.1", 2, folder=val, part="validation", loss=[2, 5, 8]),
            logged("52.h.7.3", 52, folder=val, part="validation", loss=[2]),
            logged("53.h.7.4", 53, folder=val, part="validation", late=[2]),
        ]
    )
    assert [(one.part, one.tag, one.session, one.steps.tolist()) for one in found.curves] == [
        ("train", "loss", 0, [*range(9)]),
        ("train", "loss", 1, [*range(5)]),
        ("validation", "loss", 0, [2, 5, 8]),
        ("validation", "loss", 1, [2]),
        ("validation", "late", 1, [2]),
    ]
    assert spans(found) == [(0, 0, 8), (50, 0, 4)]


def test_a_part_that_comes_with_a_later_session_belongs_to_it():
    found = arrange(
        [
            logged("1.h.7.0", 0, loss=range(9)),
            logged("50.h.7.2", 50, loss=range(5)),
            logged("52.h.7.3", 52, folder=FOLDER / "val", part="val", loss=[2]),
        ]
    )
    assert [(one.part, one.session) for one in found.curves] == [("", 0), ("", 1), ("val", 1)]


# One writer that does not wait for itself


def test_steps_that_come_late_are_put_in_order():
    found = arrange([logged("1.h.7.0", **{"eval/accuracy": [0, 50, 20, 70, 40, 100, 90]})])
    (curve,) = found.curves
    assert curve.steps.tolist() == [0, 20, 40, 50, 70, 90, 100]
    assert curve.values.tolist() == [0, 2, 4, 1, 3, 6, 5]
    assert curve.wall_times.tolist() == [0, 2, 4, 1, 3, 6, 5]
    assert len(found.sessions) == 1


@pytest.mark.parametrize("steps", [[0, 1, 2, 3, 4, 3, 5], [1, 2, 4, 3, 5, 5, 7, 6, 8], [50, 0, 20]])
def test_a_step_that_comes_twice_or_late_begins_no_session(steps):
    found = arrange([logged("1.h.7.0", loss=steps)])
    assert found.curves[0].steps.tolist() == sorted(steps)
    assert len(found.sessions) == 1


def test_steps_that_go_back_all_the_time_are_of_workers_that_do_not_wait(monkeypatch):
    monkeypatch.setattr(sessions, "MOST_RETURNS", 3)
    steps = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    assert arrange([logged("1", loss=steps)]).curves[0].steps.tolist() == sorted(steps)


def test_the_same_point_again_is_drawn_once_and_other_values_of_a_step_stay():
    file = Logged("events.out.tfevents.1", FOLDER, "", {"loss": columns([1, 2, 2, 2, 3], [9, 8, 8, 7, 7])})
    (curve,) = arrange([file]).curves
    assert (curve.steps.tolist(), curve.values.tolist()) == ([1, 2, 2, 3], [9, 8, 7, 7])


def test_curves_that_share_a_tag_in_turn_are_told_apart():
    """`for phase in ("train", "val"): writer.add_scalar("loss", ..., epoch)`; nobody knows which is which."""
    file = Logged(
        "events.out.tfevents.1", FOLDER, "", {"loss": columns([0, 0, 1, 1, 3, 3], [9, 8, 7, 6, 5, 4])}
    )
    found = [(one.writer, one.steps.tolist(), one.values.tolist()) for one in arrange([file]).curves]
    assert found == [
        ("first of each step", [0, 1, 3], [9, 7, 5]),
        ("second of each step", [0, 1, 3], [8, 6, 4]),
    ]
    uneven = Logged("events.out.tfevents.1", FOLDER, "", {"loss": columns([0, 0, 1, 1, 3], [9, 8, 7, 6, 5])})
    assert len(arrange([uneven]).curves) == 1


# Writers


def test_files_of_one_time_are_of_several_writers():
    found = arrange([logged(f"1.h.{7 + rank}.0", rank / 10, loss=range(4)) for rank in range(3)])
    assert drawn(found) == {("loss", f"process {7 + rank}", 0): [*range(4)] for rank in range(3)}
    assert len(found.sessions) == 1


@pytest.mark.parametrize(("opened", "writers"), [(0.5, 2), (20.0, 1), (-500.0, 1), (None, 1)])
def test_a_file_that_was_open_beside_another_is_of_another_writer(opened, writers):
    """Opened a little before it says something, or by a clock that has nothing to do with its points."""
    second = dataclasses.replace(logged("2.h.8.0", 30, loss=range(4)), opened=opened)
    found = arrange([logged("1.h.7.0", 0, loss=range(4)), second])
    assert len({one.writer for one in found.curves}) == writers
    assert len(found.sessions) == 3 - writers


def test_suffixes_tell_writers_apart_even_one_after_the_other():
    found = arrange([logged(f"{rank}.h.7.{rank}.rank{rank}", 100 * rank, loss=range(4)) for rank in range(4)])
    assert drawn(found) == {("loss", f"rank{rank}", 0): [*range(4)] for rank in range(4)}
    assert len(found.sessions) == 1


def test_writers_that_begin_again_do_so_together():
    ranks = [
        logged(f"{again}.h.7.0.rank{rank}", 100 * again + rank / 10, loss=range(4 + again))
        for again in range(2)
        for rank in range(2)
    ]
    found = arrange(ranks)
    assert drawn(found) == {
        ("loss", f"rank{rank}", again): [*range(4 + again)] for again in range(2) for rank in range(2)
    }
    assert spans(found) == [(0, 0, 3), (100, 0, 4)]


def test_writers_of_different_curves_need_no_names_and_each_goes_on_with_its_own():
    files = [
        logged("1.h.7.0", 0, loss=range(9)),
        logged("1.h.7.1", 0, acc=range(9)),
        logged("50.h.8.0", 50, loss=range(5)),
        logged("50.h.8.1", 50, acc=range(5)),
    ]
    assert drawn(arrange(files)) == {
        ("loss", "", 0): [*range(9)],
        ("loss", "", 1): [*range(5)],
        ("acc", "", 0): [*range(9)],
        ("acc", "", 1): [*range(5)],
    }


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["1.h.7.0", "1.h.7.1"], ["writer 1", "writer 2"]),
        (["1.h.7.0", "1.h.8.0"], ["process 7", "process 8"]),
        (["1.h.7.0_rank0", "1.h.7.1_rank1"], ["rank0", "rank1"]),
        (["1.node.a.local.7.0", "1.node.b.local.8.0"], ["process 7", "process 8"]),
        (["", ""], ["writer 1", "writer 2"]),
    ],
)
def test_what_writers_are_called(names, words):
    assert [one.writer for one in arrange(logged(name, loss=range(3)) for name in names).curves] == words


def test_there_may_be_nothing():
    for found in (arrange([]), arrange([logged("1")])):
        assert (found.curves, found.sessions) == ((), ())


@pytest.mark.parametrize(
    ("steps", "places"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 2, 3, 0, 1], [4, 5]),  # begun again
        ([0, 1, 2, 3, 2, 3, 4], [0, 1, 4, 5, 6]),  # resumed
        ([0, 2, 1, 3], [0, 1, 2, 3]),  # late
        ([0, 1, 2, 0, 1, 2, 1, 2], [3, 6, 7]),
        ([], []),
    ],
)
def test_distributions_are_those_of_the_newest_session(steps, places):
    count = len(steps)
    buckets = tuple(np.full((1, 3), place) for place in range(count))
    series = newest_session(
        HistogramSeries("w", "", np.array(steps, np.int64), np.arange(float(count)), buckets)
    )
    assert series.steps.tolist() == [steps[place] for place in places]
    assert [int(one[0, 0]) for one in series.buckets] == series.wall_times.tolist() == places
