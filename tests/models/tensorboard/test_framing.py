"""Records in their frames: length, checksum, payload, checksum."""

from __future__ import annotations

import pytest

from models.tensorboard import framing
from models.tensorboard.framing import RecordFile, mask_crc
from tests.models.tensorboard.logged import record

PAYLOADS = [b"", b"one", bytes(range(256)), b"three"]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "events"
    file.write_bytes(b"".join(map(record, PAYLOADS)))
    return file


def drain(file: RecordFile) -> list[bytes]:
    return [payload for batch in file.batches() for payload in batch]


def test_payloads_come_once_and_in_order(path):
    file = RecordFile(path)
    assert drain(file) == PAYLOADS
    assert file.offset == path.stat().st_size
    assert drain(file) == []
    with path.open("ab") as more:
        more.write(record(b"four"))
    assert drain(file) == [b"four"]


@pytest.mark.parametrize("chunk", [1, 15, 40])
def test_a_payload_may_be_larger_than_a_chunk(path, monkeypatch, chunk):
    monkeypatch.setattr(framing, "CHUNK", max(chunk, framing.HEADER))
    assert drain(RecordFile(path)) == PAYLOADS


def test_a_flipped_bit_costs_its_record_only(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"one")] ^= 1
    path.write_bytes(content)
    file = RecordFile(path)
    assert drain(file) == [PAYLOADS[0], *PAYLOADS[2:]]
    assert (file.damaged, file.oversized, file.lost) == (1, 0, False)


def test_behind_a_damaged_length_the_next_record_is_found(path):
    content = bytearray(path.read_bytes())
    content[len(record(b""))] ^= 1
    path.write_bytes(content)
    file = RecordFile(path)
    assert drain(file) == [PAYLOADS[0], *PAYLOADS[2:]]
    assert (file.damaged, file.lost) == (1, False)


def test_where_no_record_follows_the_rest_is_lost(path):
    with path.open("ab") as more:
        more.write(b"\x01" * 100)
    file = RecordFile(path)
    assert drain(file) == PAYLOADS
    assert file.lost


def test_what_is_too_large_is_passed_over(path, monkeypatch):
    monkeypatch.setattr(framing, "LARGEST", 100)
    monkeypatch.setattr(framing, "CHUNK", 60)
    file = RecordFile(path)
    assert drain(file) == [PAYLOADS[0], PAYLOADS[1], PAYLOADS[3]]
    assert (file.damaged, file.oversized) == (0, 1)


def test_checksums_are_masked_as_the_format_says():
    # (crc >> 15 | crc << 17) + 0xA282EAD8, modulo 2 ** 32.
    assert mask_crc(0) == 0xA282EAD8
    assert mask_crc(1 << 15) == 0xA282EAD9
    assert mask_crc(1) == 0xA284EAD8
    assert mask_crc(0xFFFFFFFF) == 0xA282EAD7
