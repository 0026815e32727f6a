"""Anybody's logs: the values that TensorBoard reads, whatever the layout, while they grow, and when they are broken."""

import os
import threading
import time
from typing import Any

import google_crc32c
import numpy as np
import pytest
from tensorboard import data_compat
from tensorboard.compat.proto import event_pb2, histogram_pb2, summary_pb2, tensor_pb2, types_pb2
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.summary.writer import event_file_writer
from tensorboard.util import tensor_util
from torch.utils.tensorboard import SummaryWriter

from models.tensorboard import event_file, framing
from models.tensorboard import reader as event_reader
from models.tensorboard.reader import EventReader
from tests.models.tensorboard import logged
from tests.models.tensorboard.logged import (
    keras_scalar,
    points,
    record,
    scalars,
    start,
    summary,
    theirs,
    version,
)

NAME = "events.out.tfevents.1700000000.host.1.0"
STEPS = [0, 1, 2, 42, 126, 127, 128, 300, 16_383, 16_384, 2_097_151, 2_097_152, 2**31, 2**40, 2**62, -1]
VALUES = [0.0, -0.0, 1.5, -3.25, 1e-45, 3.4e38, float("inf"), float("-inf"), 0.1]


def read(folder, *contents, name=NAME) -> EventReader:
    """A reader of a folder with one file of these records."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"".join(contents))
    reader = EventReader(folder)
    reader.refresh()
    return reader


# Layouts of others


def test_a_summary_writers_file_reads_as_tensorboard_reads_it(tmp_path):
    with SummaryWriter(str(tmp_path)) as writer:
        for round_, step in enumerate(STEPS * 3):
            for place, tag in enumerate(("loss/train", "a", "", "ümlaut ❤", "x" * 200)):
                writer.add_scalar(tag, VALUES[(round_ + place) % len(VALUES)], step)
        writer.add_text("notes", "hello")
        writer.add_image("picture", np.zeros((3, 4, 4)))
        writer.add_hparams({"lr": 0.1}, {"hparam/accuracy": 0.5}, run_name=".")
        writer.add_pr_curve("curve", np.array([0, 1, 1]), np.array([0.1, 0.5, 0.9]))
    reader = EventReader(tmp_path)
    count = reader.refresh()
    assert points(reader) == theirs(tmp_path)
    assert count == 5 * 3 * len(STEPS) + 1
    assert reader.problems() == ()
    assert all(one.values.dtype == np.float64 and one.steps.dtype == np.int64 for one in reader.series())


def test_nan_stays_nan(tmp_path):
    reader = read(
        tmp_path, version(), *(scalars(step, loss=np.nan if step > 3 else 1.0) for step in range(8))
    )
    np.testing.assert_array_equal(reader.series()[0].values, [1, 1, 1, 1] + [np.nan] * 4)


@pytest.mark.parametrize("double", [False, True])
def test_the_new_style_of_torch_reads_as_tensorboard_reads_it(tmp_path, double):
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(300):
            writer.add_scalar("loss", 0.1 * step, step, new_style=True, double_precision=double)
    reader = EventReader(tmp_path)
    reader.refresh()
    expected = [
        float(tensor_util.make_ndarray(one.tensor_proto))
        for one in logged.accumulated(tmp_path).Tensors("loss")
    ]
    assert reader.series()[0].values.tolist() == expected
    assert len(expected) == 300


@pytest.mark.parametrize("named", ["always", "once", "never"])
def test_kerass_layout(tmp_path, named):
    for part, offset in (("train", 0.0), ("validation", 0.5)):
        values = [
            summary(
                step,
                keras_scalar(
                    "epoch_loss",
                    offset + 1 / (step + 1),
                    named=named == "always" or (named == "once" and not step),
                ),
            )
            for step in range(50)
        ]
        read(tmp_path / part, version(), *values, name=NAME + ".v2")
    reader = EventReader(tmp_path)
    assert reader.refresh() == 100
    train, validation = reader.series()
    assert (train.part, train.tag, validation.part) == ("train", "epoch_loss", "validation")
    np.testing.assert_array_equal(train.values, (1 / np.arange(1, 51)).astype(np.float32))
    np.testing.assert_array_equal(validation.values, (0.5 + 1 / np.arange(1, 51)).astype(np.float32))


def test_lightnings_layout(tmp_path):
    folder = tmp_path / "lightning_logs" / "version_0"
    records_ = [
        scalars(step, **{tag: 1 / (step + 1)})
        for step in range(40)
        for tag in ("train_loss", "epoch", "val_acc")
    ]
    reader = read(folder, version(), *records_)
    (folder / "hparams.yaml").write_text("{}")
    assert points(reader) == theirs(folder)
    assert [one.tag for one in reader.series()] == ["train_loss", "epoch", "val_acc"]


def test_several_values_in_a_record_are_told_apart_and_stay_in_order(tmp_path):
    many = {f"norm/layer_{index}": index / 7 for index in range(40)}
    contents = [
        scalars(step, wall=step / 3, **(many if step % 5 == 0 else {"loss": step * 0.5, "top": step * 0.25}))
        for step in range(400)
    ]
    twice = summary(7, *(summary_pb2.Summary.Value(tag="loss", simple_value=value) for value in (8.0, 9.0)))
    reader = read(tmp_path, version(), *contents, *[twice] * 6, *contents[::-1])
    assert points(reader) == theirs(tmp_path)


@pytest.mark.parametrize(
    ("dtype", "field", "numbers"),
    [
        (types_pb2.DT_FLOAT, "float_val", [0.1]),
        (types_pb2.DT_DOUBLE, "double_val", [0.1]),
        (types_pb2.DT_FLOAT, "tensor_content", np.float32(0.1).tobytes()),
        (types_pb2.DT_HALF, "tensor_content", np.float16(0.1).tobytes()),
        (types_pb2.DT_INT32, "tensor_content", np.int32(7).tobytes()),
        (types_pb2.DT_INT64, "tensor_content", np.int64(7).tobytes()),
        (types_pb2.DT_FLOAT, "float_val", []),
    ],
)
def test_tensors_of_one_number_are_scalars(tmp_path, dtype, field, numbers):
    tensor = tensor_pb2.TensorProto(dtype=dtype, **{field: numbers})
    expected = float(tensor_util.make_ndarray(tensor)) if numbers else 0.0
    value = summary_pb2.Summary.Value(tag="x", tensor=tensor, metadata=logged.metadata("scalars"))
    reader = read(tmp_path, version(), *(summary(step, value) for step in range(9)))
    assert reader.series()[0].values.tolist() == [expected] * 9


def test_what_is_neither_curve_nor_histogram_is_passed_over(tmp_path):
    number = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[1.0])
    text = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=[b"hello"])
    matrix = tensor_util.make_tensor_proto(np.zeros((2, 2)))
    values = [
        summary_pb2.Summary.Value(tag="setting", tensor=number, metadata=logged.metadata("hparams")),
        summary_pb2.Summary.Value(tag="note", tensor=text, metadata=logged.metadata("text")),
        summary_pb2.Summary.Value(tag="matrix", tensor=matrix),
        summary_pb2.Summary.Value(tag="nothing"),
    ]
    graph = record(event_pb2.Event(wall_time=1, graph_def=b"x" * 5000).SerializeToString())
    reader = read(
        tmp_path,
        version(),
        *(summary(0, value) for value in values),
        graph,
        record(b""),
        scalars(1, loss=2.0),
    )
    assert points(reader) == {("", "loss"): [(1, 2.0, 2.0)]}
    assert reader.problems() == ()


# Histograms


def test_old_histograms_are_as_tensorboard_turns_them_into_new_ones(tmp_path):
    rng = np.random.default_rng(0)
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(12):
            writer.add_histogram(
                "weights", rng.normal(size=500) * (step + 1), step, bins=["tensorflow", "auto"][step % 2]
            )
            writer.add_histogram("constant", np.ones(5), step)
    reader = EventReader(tmp_path)
    reader.refresh()
    found = logged.accumulated(tmp_path)
    for one in reader.histograms():
        expected = found.Histograms(one.tag)
        assert one.steps.tolist() == [event.step for event in expected]
        assert one.wall_times.tolist() == [event.wall_time for event in expected]
        for ours, event in zip(one.buckets, expected, strict=True):
            assert ours[:, 2].sum() == event.histogram_value.num
            histo = histogram_pb2.HistogramProto(**vars(event.histogram_value))
            migrated = data_compat.migrate_value(summary_pb2.Summary.Value(tag=one.tag, histo=histo))
            np.testing.assert_array_equal(ours.astype(np.float32), tensor_util.make_ndarray(migrated.tensor))
    assert [one.tag for one in reader.histograms()] == ["weights", "constant"]


def test_new_histograms_are_read_where_the_writer_says_so_only_once(tmp_path):
    rng = np.random.default_rng(0)
    summaries = [histogram_pb("weights", rng.normal(size=100)) for _ in range(10)]
    for one in summaries[1:]:
        one.value[0].ClearField("metadata")
    reader = read(tmp_path, version(), *(summary(step, *one.value) for step, one in enumerate(summaries)))
    (found,) = reader.histograms()
    assert found.steps.tolist() == [*range(10)]
    for ours, one in zip(found.buckets, summaries, strict=True):
        np.testing.assert_array_equal(ours, tensor_util.make_ndarray(one.value[0].tensor))


def test_an_empty_histogram_has_no_buckets(tmp_path):
    value = summary_pb2.Summary.Value(
        tag="none", histo=histogram_pb2.HistogramProto(bucket_limit=[1, 2], bucket=[0, 0])
    )
    (found,) = read(tmp_path, version(), summary(3, value)).histograms()
    assert found.buckets[0].shape == (0, 3)


# Sessions that begin anew


def test_a_session_voids_later_steps_of_earlier_files_as_in_tensorboard(tmp_path):
    walls = iter(range(1000))
    files = {
        "events.out.tfevents.1700000000.h": (0, range(20)),
        "events.out.tfevents.1700000009.h": (12, range(12, 18)),
        "events.out.tfevents.1700000010.h": (15, range(15, 30)),
    }
    for name, (begin, steps) in files.items():
        contents = [scalars(step, wall=next(walls), loss=step * 0.5, other=1.0) for step in steps]
        read(tmp_path, version(), start(begin), *contents, name=name)
    reader = EventReader(tmp_path)
    reader.refresh()
    assert points(reader) == theirs(tmp_path)
    assert reader.series()[0].steps.tolist() == [*range(30)]


def test_a_purge_step_of_torch_is_heeded(tmp_path, monkeypatch):
    # The number in a file's name; TensorBoard's own reader takes a tenth file of one second for an earlier one.
    monkeypatch.setattr(event_file_writer, "_global_uid", event_file_writer.AtomicCounter(0))
    for purge, steps in ((None, range(10)), (4, range(4, 8))):
        suffix = f".{purge or 0}"
        with SummaryWriter(str(tmp_path), purge_step=purge, filename_suffix=suffix) as writer:
            for step in steps:
                writer.add_scalar("loss", step + (purge or 0), step)
                writer.add_histogram("weights", np.arange(5), step)
    reader = EventReader(tmp_path)
    reader.refresh()
    assert points(reader) == theirs(tmp_path)
    assert reader.series()[0].values.tolist() == [0, 1, 2, 3, 8, 9, 10, 11]
    assert reader.histograms()[0].steps.tolist() == [*range(8)]


def test_a_session_within_a_file_voids_what_stands_before(tmp_path):
    first = [scalars(step, loss=1.0) for step in range(20)]
    second = [scalars(step, loss=2.0) for step in range(5, 9)]
    reader = read(tmp_path, version(), *first, start(5), *second)
    assert points(reader) == theirs(tmp_path)
    assert reader.series()[0].values.tolist() == [1.0] * 5 + [2.0] * 4


def test_a_session_of_one_split_leaves_the_others(tmp_path):
    read(tmp_path / "train", version(), *(scalars(step, loss=1.0) for step in range(5)))
    reader = read(tmp_path / "validation", version(), start(0), scalars(0, loss=1.0))
    reader = EventReader(tmp_path)
    reader.refresh()
    assert [one.steps.size for one in reader.series()] == [5, 1]


def test_files_follow_each_other_by_the_numbers_in_their_names(tmp_path):
    for index in (10, 9, 2):
        read(
            tmp_path, version(), scalars(index, loss=1.0), name=f"events.out.tfevents.1700000000.h.1.{index}"
        )
    reader = EventReader(tmp_path)
    reader.refresh()
    assert reader.series()[0].steps.tolist() == [2, 9, 10]


# Writers and sessions, as torch writes them

CASES: dict[str, tuple[list[Any], list[Any]]] = {
    # Each writer: its suffix, and (tag, step, seconds after the beginning) of its points.
    "restarted": (
        [
            ("", [("loss", step, step) for step in range(9)]),
            ("", [("loss", step, 50 + step) for step in range(5)]),
        ],
        [("loss", "", 0, "step", [*range(9)]), ("loss", "", 1, "step", [*range(5)])],
    ),
    "resumed": (
        [
            ("", [("loss", step, step) for step in range(9)]),
            ("", [("loss", step, 50 + step) for step in range(6, 15)]),
        ],
        [("loss", "", 0, "step", [*range(9)]), ("loss", "", 1, "step", [*range(6, 15)])],
    ),
    "asynchronous": (
        [("", [("acc", step, wall) for wall, step in enumerate((0, 50, 20, 70, 40, 100, 90))])],
        [("acc", "", 0, "step", [0, 20, 40, 50, 70, 90, 100])],
    ),
    "ranks": (
        [(f".rank{rank}", [("loss", step, 9 * rank + step) for step in range(4)]) for rank in range(3)],
        [("loss", f"rank{rank}", 0, "step", [*range(4)]) for rank in range(3)],
    ),
    "beside each other": (
        [("", [("loss", step, step + writer / 2) for step in range(4)]) for writer in range(2)],
        [("loss", f"writer {writer + 1}", 0, "step", [*range(4)]) for writer in range(2)],
    ),
    "epochs while it trains": (
        [
            (
                "",
                [("train/loss", step, step) for step in range(20)]
                + [("val/loss", epoch, 5 * epoch + 4.5) for epoch in range(4)],
            )
        ],
        [("train/loss", "", 0, "step", [*range(20)]), ("val/loss", "", 0, "step", [4, 9, 14, 19])],
    ),
    "epochs at the end": (
        [
            (
                "",
                [("train/loss", step, step) for step in range(100)]
                + [("val/loss", epoch, 100 + epoch) for epoch in range(4)],
            )
        ],
        [("train/loss", "", 0, "step", [*range(100)]), ("val/loss", "", 0, "epoch", [*range(4)])],
    ),
    "no step": ([("", [("loss", None, wall) for wall in range(5)])], [("loss", "", 0, "order", [*range(5)])]),
    "odd": (
        [("", [("loss", step, wall) for wall, step in enumerate((-3, -1, 0, 2**40, 2**53 + 1))])],
        [("loss", "", 0, "step", [-3, -1, 0, 2**40, 2**53 + 1])],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_drawn_of_what_torch_writes(tmp_path, case):
    writers, expected = CASES[case]
    for suffix, logged_ in writers:
        with SummaryWriter(str(tmp_path), filename_suffix=suffix) as writer:
            for tag, step, wall in logged_:
                writer.add_scalar(tag, wall, step, walltime=1000.0 + wall)
    reader = EventReader(tmp_path)
    reader.refresh()
    found = [
        (curve.tag, curve.writer, curve.session, curve.unit, curve.positions.tolist())
        for curve in reader.curves()
    ]
    assert found == expected
    begun = {"restarted": [1000, 1050], "resumed": [1000, 1056]}
    assert [session.begun for session in reader.sessions()] == begun.get(case, [1000])


def test_writers_that_were_open_together_are_two_even_where_one_wrote_after_the_other(tmp_path):
    writers = [SummaryWriter(str(tmp_path)) for _ in range(2)]
    for number, writer in enumerate(writers):
        for step in range(4):
            writer.add_scalar("loss", number, step)
    for writer in writers:
        writer.close()
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", 9, 0)
        writer.add_scalar("loss", 9, 1)
    reader = EventReader(tmp_path)
    reader.refresh()
    found = [(curve.writer, curve.session, curve.values.tolist()) for curve in reader.curves()]
    assert found == [
        ("writer 1", 0, [0] * 4),
        ("writer 2", 0, [1] * 4),
        ("writer 2", 1, [9] * 2),
    ]


def test_what_is_neither_is_told(tmp_path):
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_text("config", "lr: 0.1")
        writer.add_image("sample", np.zeros((3, 8, 8), np.uint8), 0)
        writer.add_audio("sound", np.zeros((1, 100)), 0)
    reader = EventReader(tmp_path)
    reader.refresh()
    assert reader.others() == {"audio": {"sound"}, "images": {"sample"}, "text": {"config/text_summary"}}
    assert (reader.curves(), reader.sessions()) == ((), ())


# Files that grow


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_whenever_it_is_read_the_result_is_the_same(tmp_path, seed):
    rng = np.random.default_rng(seed)
    contents = [version()]
    for step in range(120):
        contents.append(scalars(step, wall=step / 7, loss=step * 0.3, acc=-step))
        if step % 10 == 0:
            contents.append(summary(step, *histogram_pb("w", rng.normal(size=20)).value))
        if step == 60:
            contents.append(start(50))
    second = [version(), start(80), *(scalars(step, loss=9.0) for step in range(80, 90))]
    names = [NAME, NAME[:-1] + "1"]
    wholes = [b"".join(contents), b"".join(second)]
    whole = EventReader(tmp_path / "whole")
    for name, content in zip(names, wholes, strict=True):
        read(tmp_path / "whole", content, name=name)
    whole.refresh()

    (tmp_path / "grown").mkdir()
    grown = EventReader(tmp_path / "grown")
    for name, content in zip(names, wholes, strict=True):
        cuts = np.sort(rng.integers(0, len(content), 25)).tolist()
        for begin, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
            with (tmp_path / "grown" / name).open("ab") as file:
                file.write(content[begin:end])
            grown.refresh()
            assert grown.problems() == ()
    assert points(grown) == points(whole) == theirs(tmp_path / "whole")
    for ours, one in zip(grown.histograms(), whole.histograms(), strict=True):
        assert ours.steps.tolist() == one.steps.tolist()
        assert all(map(np.array_equal, ours.buckets, one.buckets))


def test_a_record_that_is_being_written_is_waited_for(tmp_path):
    record_ = scalars(1, loss=1.0)
    reader = read(tmp_path, version(), record_[:-1])
    assert reader.refresh() == 0 and reader.problems() == ()
    with (tmp_path / NAME).open("ab") as file:
        file.write(record_[-1:])
    assert reader.refresh() == 1
    assert reader.refresh() == 0


def test_a_folder_and_files_may_come_later(tmp_path):
    reader = EventReader(tmp_path / "run")
    assert (
        reader.refresh() == 0
        and reader.series() == ()
        and reader.histograms() == ()
        and reader.problems() == ()
    )
    read(tmp_path / "run", version(), scalars(0, loss=1.0))
    assert reader.refresh() == 1
    read(tmp_path / "run" / "val", version(), scalars(0, loss=2.0))
    assert reader.refresh() == 1
    assert [(one.part, one.tag) for one in reader.series()] == [("", "loss"), ("val", "loss")]


@pytest.mark.parametrize("how", ["shorter", "renamed over", "written over", "gone"])
def test_a_file_that_became_another_is_read_anew(tmp_path, how):
    reader = read(tmp_path, version(), *(scalars(step, loss=1.0) for step in range(10)))
    path = tmp_path / NAME
    new = version(wall=5.0) + b"".join(
        scalars(step, loss=2.0) for step in range(3 if how == "shorter" else 12)
    )
    if how == "gone":
        path.unlink()
    elif how == "renamed over":
        (tmp_path / "beside").write_bytes(new)
        (tmp_path / "beside").replace(path)
    else:
        path.write_bytes(new)
    reader.refresh()
    assert [one.values.tolist() for one in reader.series()] == {"gone": [], "shorter": [[2.0] * 3]}.get(
        how, [[2.0] * 12]
    )


def test_what_was_handed_out_does_not_change(tmp_path):
    reader = read(tmp_path, version(), *(scalars(step, loss=float(step)) for step in range(10)))
    before = reader.series()[0]
    with (tmp_path / NAME).open("ab") as file:
        file.write(start(3) + b"".join(scalars(step, loss=-1.0) for step in range(3, 40)))
    reader.refresh()
    assert before.values.tolist() == [*range(10)]
    assert reader.series()[0].values.tolist() == [0, 1, 2] + [-1] * 37
    with pytest.raises(ValueError, match="read-only"):
        before.values[0] = 1


def test_threads_may_share_a_reader(tmp_path):
    reader = read(tmp_path, version())
    found: list[int] = []

    def watch():
        while not done.is_set():
            found.append(reader.refresh())
            for one in reader.series():
                assert one.steps.tolist() == [*range(one.steps.size)]

    done = threading.Event()
    watchers = [threading.Thread(target=watch) for _ in range(4)]
    for watcher in watchers:
        watcher.start()
    with (tmp_path / NAME).open("ab", buffering=0) as file:
        for step in range(400):
            file.write(scalars(step, loss=1.0))
    done.set()
    for watcher in watchers:
        watcher.join()
    assert sum(found) + reader.refresh() == 400


# Broken and hostile files


def good(count=30):
    return [version(), *(scalars(step, wall=float(step), loss=step * 0.5) for step in range(count))]


def test_a_record_with_a_flipped_bit_is_skipped_and_counted(tmp_path):
    contents = good()
    broken = bytearray(contents[11])
    broken[20] ^= 4
    reader = read(tmp_path, *contents[:11], bytes(broken), *contents[12:])
    assert reader.series()[0].steps.tolist() == [step for step in range(30) if step != 10]
    assert reader.problems() == (f"{NAME}: 1 record with a wrong checksum is left out.",)


@pytest.mark.parametrize("filling", [b"", b"\0" * 5000, b"\x07\0\0\0\0\0\0\0" * 900, bytes(range(256)) * 9])
def test_reading_goes_on_behind_a_damaged_length(tmp_path, filling):
    contents = good()
    broken = b"\xff" + contents[11][1:]
    reader = read(tmp_path, *contents[:11], broken, filling, *contents[12:])
    assert reader.series()[0].steps.tolist() == [step for step in range(30) if step != 10]
    assert len(reader.problems()) == 1


def test_what_follows_a_damage_without_end_is_left_out(tmp_path):
    contents = good()
    reader = read(tmp_path, *contents[:11], b"\x01" * (framing.SEARCHED + 9), *contents[11:])
    assert reader.series()[0].steps.tolist() == [*range(10)]
    place = sum(map(len, contents[:11]))
    assert reader.problems() == (f"{NAME}: damaged at byte {place:,}; the rest is left out.",)
    assert reader.refresh() == 0


def test_zeros_at_the_end_that_are_filled_in_later_are_read_then(tmp_path):
    contents = good()
    reader = read(tmp_path, *contents[:11], b"\0" * 300)
    assert reader.refresh() == 0
    assert len(reader.problems()) == 1
    with (tmp_path / NAME).open("r+b") as file:
        file.write(b"".join(contents))
    reader.refresh()
    assert reader.series()[0].steps.tolist() == [*range(30)]
    assert reader.problems() == ()


def test_a_record_of_a_huge_length_is_waited_for_without_memory(tmp_path):
    length = (1 << 62).to_bytes(8, "little")
    crc = google_crc32c.value(length)
    masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    reader = read(tmp_path, *good(5), length + masked.to_bytes(4, "little"), b"x" * 100)
    assert reader.series()[0].steps.size == 5
    assert reader.refresh() == 0


def test_a_record_that_is_too_large_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(framing, "LARGEST", 1000)
    monkeypatch.setattr(framing, "CHUNK", 200)
    reader = read(tmp_path, *good(5), record(b"x" * 900), record(b"x" * 1001), scalars(9, loss=1.0))
    assert reader.series()[0].steps.tolist() == [0, 1, 2, 3, 4, 9]
    assert any("1 record larger than" in one for one in reader.problems())


@pytest.mark.slow
@pytest.mark.parametrize(
    "payload",
    [
        b"\xff" * 40,
        b"\x09" + b"\0" * 8 + b"\x10" + b"\x80" * 30,
        b"\x09" + b"\0" * 8 + b"\x10\x01\x2a\x7f\x0a\x7f\x0a\x7f" + b"x" * 20,
        b"\x09" + b"\0" * 8 + b"\x2a\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + b"x" * 20,
        b"\x0b\x0c" * 20,
        b"\x09" + b"\0" * 8 + b"\x2a\x08\x0a\x06\x2a\x04\x3a\x02xx" + b"x" * 20,
        b"\x08\x01" * 30_000,
    ],
)
def test_records_that_make_no_sense_are_counted(tmp_path, payload):
    reader = read(tmp_path, *good(5), *[record(payload)] * 6, scalars(9, loss=1.0))
    assert reader.series()[0].steps.tolist() == [0, 1, 2, 3, 4, 9]
    assert reader.problems() == (f"{NAME}: 6 records that make no sense are left out.",)


@pytest.mark.parametrize("sides", [[1 << 62], [1 << 40, 0], [-5], [1] * 200, [1000, 1000], [7]])
def test_a_tensors_shape_is_not_trusted(tmp_path, sides):
    value = keras_scalar("x", 1.0)
    for side in sides:
        value.tensor.tensor_shape.dim.add(size=side)
    other = summary_pb2.Summary.Value()
    other.CopyFrom(value)
    other.metadata.plugin_data.plugin_name = "histograms"
    other.tag = "h"
    other.tensor.tensor_shape.dim.add(size=3)
    began = time.process_time()
    reader = read(tmp_path, *good(5), *(summary(1, one) for one in (value, other) for _ in range(5)))
    assert time.process_time() - began < 5
    assert [one.tag for one in reader.series()] == ["loss"]


def test_a_tag_is_just_text_and_not_too_long(tmp_path):
    tags = ["../../etc/passwd", "<script>", "a\nb\0c", "x" * event_file.LONGEST_TAG]
    long = scalars(1, **{"y" * (event_file.LONGEST_TAG + 1): 1.0})
    strange = record(scalars(1, qq=1.0)[12:-4].replace(b"qq", b"\xff\xfe"))
    reader = read(tmp_path, version(), *(scalars(1, **{tag: 1.0}) for tag in tags), *[long] * 9, strange)
    assert [one.tag for one in reader.series()] == [*tags, r"\xff\xfe"]
    assert len(reader.problems()) == 1
    assert "9 values are left out" in reader.problems()[0]


def test_tags_points_restarts_and_files_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(event_file, "MOST_TAGS", 20)
    monkeypatch.setattr(event_file, "MOST_RESTARTS", 3)
    monkeypatch.setattr(event_reader, "MOST_FILES", 2)
    monkeypatch.setattr(event_reader, "MOST_NUMBERS", 60)
    reader = read(tmp_path, version(), *(scalars(0, **{f"tag {index}": 1.0}) for index in range(30)))
    assert len(reader.series()) == 20
    for index in (1, 2):
        contents = [*good(50), *[start(100 - step) for step in range(10)]]
        reader = read(tmp_path, *contents, name=NAME[:-1] + str(index))
    assert reader.refresh() == 0
    assert sum(one.steps.size for one in reader.series()) == 70
    assert len(reader.problems()) == 3


def test_pipes_links_to_nowhere_and_folders_are_no_event_files(tmp_path):
    reader = read(tmp_path, *good(3))
    os.mkfifo(tmp_path / "events.out.tfevents.1")
    (tmp_path / "events.out.tfevents.2").symlink_to(tmp_path / "nowhere")
    (tmp_path / "events.out.tfevents.3").mkdir()
    reader.refresh()
    assert reader.series()[0].steps.size == 3
    assert reader.problems() == ()


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    reader = read(tmp_path, *good(3))

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(framing.RecordFile, "batches", refuse)
    assert reader.refresh() == 0
    assert reader.problems() == (f"{NAME} cannot be read: Permission denied.",)
    assert reader.series()[0].steps.size == 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_random_damage_never_raises_and_invents_nothing(tmp_path, seed):
    rng = np.random.default_rng(seed)
    value = histogram_pb("w", rng.normal(size=20)).value
    whole = bytearray(b"".join([*good(40), summary(3, *value), *good(20)]))
    truth = set(points(read(tmp_path / "whole", bytes(whole)))["", "loss"])
    for _ in range(rng.integers(1, 6)):
        place, length = int(rng.integers(len(whole))), int(rng.integers(1, 60))
        damage = rng.integers(4)
        if damage == 0:
            whole[place] ^= 1 << rng.integers(8)
        elif damage == 1:
            whole[place : place + length] = rng.bytes(length)
        elif damage == 2:
            del whole[place : place + length]
        else:
            whole[place:place] = whole[max(0, place - length) : place]
    reader = read(tmp_path / "broken", bytes(whole))
    found = points(reader).get(("", "loss"), [])
    assert set(found) <= truth
    assert len(found) > 20 or reader.problems()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_random_messages_in_sound_frames_never_raise(tmp_path, seed):
    rng = np.random.default_rng(seed)
    sources = [scalars(300, loss=1.0, acc=2.0), summary(5, keras_scalar("x", 1.0)), start(7)]
    sources += [summary(3, *histogram_pb("w", rng.normal(size=5)).value)]
    histo = histogram_pb2.HistogramProto(min=0, max=1, bucket_limit=[1, 2], bucket=[3, 4])
    sources += [summary(3, summary_pb2.Summary.Value(tag="h", histo=histo))]
    contents = []
    for _ in range(200):
        payload = bytearray(sources[rng.integers(len(sources))][12:-4])
        for _ in range(rng.integers(0, 3)):
            payload[rng.integers(len(payload))] = rng.integers(256)
        contents.append(record(bytes(payload[: rng.integers(len(payload) // 2, len(payload) + 1)])))
    reader = read(tmp_path, version(), *contents)
    for one in reader.series():
        assert one.steps.shape == one.values.shape == one.wall_times.shape
    for found in reader.histograms():
        assert all(buckets.shape[1:] == (3,) for buckets in found.buckets)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_decoding_together_is_decoding_one_by_one(tmp_path, seed, monkeypatch):
    rng = np.random.default_rng(seed)
    contents = [version()]
    for _ in range(300):
        tags = [f"t{rng.integers(4)}" for _ in range(rng.integers(1, 4))]
        step, number = int(rng.integers(0, 1 << rng.integers(1, 62))), float(rng.normal())
        if rng.integers(3):
            contents.append(scalars(step, wall=float(rng.random()), **dict.fromkeys(tags, number)))
        else:
            contents.append(summary(step, *(keras_scalar(f"k{tag}", number) for tag in tags), wall=number))
    together = points(read(tmp_path / "together", *contents))
    monkeypatch.setattr(event_file, "FEW", 10**9)
    assert points(read(tmp_path / "single", *contents)) == together
    assert {key: found for key, found in together.items() if key[1][0] == "t"} == theirs(tmp_path / "single")


def test_records_of_another_order_of_fields_are_read_and_a_step_that_ends_early_is_noticed(tmp_path):
    def turned(step: bytes) -> bytes:
        value = scalars(0, wall=2.0, loss=1.0)[12:-4]
        return record(b"\x10" + step + value)

    sound = [turned(bytes((0xAC + index, 0x02))) for index in range(5)]
    reader = read(tmp_path, version(), *sound, turned(b"\x05\x01"), *sound)
    assert reader.series()[0].steps.tolist() == [300, 301, 302, 303, 304] * 2


# Speed


def test_new_points_of_a_long_run_are_found_quickly(tmp_path):
    one = [scalars(step, wall=float(step), loss=0.5, acc=0.25) for step in range(1000)]
    reader = read(tmp_path, version(), *one * 100)
    assert reader.series()[0].steps.size == 100_000
    with (tmp_path / NAME).open("ab") as file:
        file.write(b"".join(one[:50]))
    began = time.process_time()
    assert reader.refresh() == 100
    assert time.process_time() - began < 0.5  # about 0.002 on a quiet machine
