"""Messages from their bytes, against TensorBoard's own classes and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2, histogram_pb2, summary_pb2

from models.tensorboard import protobuf
from models.tensorboard.protobuf import BYTES, FIXED32, FIXED64, VARINT, Field, MalformedError, Numbers


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"\x00", 0),
        (b"\x7f", 127),
        (b"\x80\x01", 128),
        (b"\xac\x02", 300),
        (b"\xff" * 9 + b"\x01", 2**64 - 1),
    ],
)
def test_a_varint_is_seven_bits_a_byte(content, number):
    assert protobuf.parse_varint(content + b"\xff", 0, len(content)) == (number, len(content))
    assert protobuf.parse_varint(b"\x05" + content, 1, 1 + len(content)) == (number, 1 + len(content))


@pytest.mark.parametrize("content", [b"", b"\x80", b"\xff" * 11])
def test_a_varint_that_does_not_end_is_malformed(content):
    with pytest.raises(MalformedError):
        protobuf.parse_varint(content, 0, len(content))


def test_the_highest_bit_is_the_sign():
    assert [protobuf.to_signed(number) for number in (0, 2**63 - 1, 2**63, 2**64 - 1)] == [
        0,
        2**63 - 1,
        -(2**63),
        -1,
    ]


def test_fields_are_told_by_number_kind_and_place():
    content = b"\x08\x05" + b"\x12\x03abc" + b"\x19" + bytes(8) + b"\x25" + bytes(4)
    assert protobuf.parse_fields(content, 0, len(content)) == [
        Field(1, VARINT, 1, 2),
        Field(2, BYTES, 4, 7),
        Field(3, FIXED64, 8, 16),
        Field(4, FIXED32, 17, 21),
    ]


@pytest.mark.parametrize("content", [b"\x12\x03ab", b"\x19" + bytes(7), b"\x0b", b"\x08"])
def test_a_field_that_is_none_is_malformed(content):
    with pytest.raises(MalformedError):
        protobuf.parse_fields(content, 0, len(content))


def test_too_many_fields_are_malformed(monkeypatch):
    monkeypatch.setattr(protobuf, "MOST_FIELDS", 3)
    assert len(protobuf.parse_fields(b"\x08\x01" * 3, 0, 6)) == 3
    with pytest.raises(MalformedError):
        protobuf.parse_fields(b"\x08\x01" * 4, 0, 8)


def test_an_event_says_where_everything_is():
    value = summary_pb2.Summary.Value(tag="loss", simple_value=0.5)
    data = event_pb2.Event(
        wall_time=12.5, step=300, summary=summary_pb2.Summary(value=[value])
    ).SerializeToString()
    event = protobuf.parse_event(data)
    assert event.wall is not None
    assert np.frombuffer(data, "<f8", 1, event.wall)[0] == 12.5
    assert protobuf.parse_varint(data, *event.step) == (300, event.step[1])
    (found,) = event.values
    assert (found.tag, found.simple, found.plugin, event.starts_session) == (b"loss", True, b"", False)
    assert found.numbers is not None
    assert found.numbers.read(data) == 0.5


def test_a_session_starts_where_the_log_says_so():
    log = event_pb2.SessionLog
    for status, starts in ((log.START, True), (log.STOP, False)):
        data = event_pb2.Event(step=4, session_log=log(status=status)).SerializeToString()
        assert protobuf.parse_event(data).starts_session is starts


def test_missing_numbers_are_the_last_one():
    data = np.array([1.0, 2.0], "<f4").tobytes()
    assert Numbers("<f4", 0, 2, (2, 2)).read(data).tolist() == [[1, 2], [2, 2]]
    assert Numbers("<f4", 0, 0, (3,)).read(data).tolist() == [0, 0, 0]
    assert Numbers("<f4", 4, 1, ()).read(data).tolist() == 2


def test_buckets_end_at_the_smallest_and_largest_value():
    message = histogram_pb2.HistogramProto(
        min=-1.0, max=2.5, bucket_limit=[-2.0, 0.0, 1.0, 1e308], bucket=[0, 3, 0, 2]
    ).SerializeToString()
    assert protobuf.parse_buckets(message, 0, len(message)).tolist() == [[-1, 0, 3], [0, 1, 0], [1, 2.5, 2]]


def test_edges_without_counts_are_malformed():
    message = histogram_pb2.HistogramProto(bucket_limit=[1.0, 2.0], bucket=[1.0]).SerializeToString()
    with pytest.raises(MalformedError):
        protobuf.parse_buckets(message, 0, len(message))
