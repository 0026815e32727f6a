"""The limits of a photo."""

import struct

import pytest

from models.photos import decoding
from models.photos.limits import (
    MAX_SCANS,
    MAX_SEGMENTS,
    MAX_TABLE,
    Limits,
    RefusalError,
    check_bytes,
    check_size,
    check_structure,
)
from models.runtime.errors import UserError


def test_limits_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MB", "3")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MEGAPIXELS", "2")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_SIDE", "4000")
    limits = Limits.from_environment()
    assert limits == Limits(max_bytes=3 * 1024**2, max_pixels=2_000_000, max_side=4000)
    assert decoding.describe_accepted(limits).endswith("at most 3 MB, 2 megapixels and 4,000 pixels a side")
    monkeypatch.setenv("VITRINE_MAX_IMAGE_MEGAPIXELS", "5000")
    assert Limits.from_environment().max_pixels == 89_000_000, "Pillow warns above this"
    for wrong in ("0", "-1", "many", "1.5", "²"):
        monkeypatch.setenv("VITRINE_MAX_IMAGE_SIDE", wrong)
        with pytest.raises(UserError, match="VITRINE_MAX_IMAGE_SIDE"):
            Limits.from_environment()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty; choose another file"),
        (b"%PDF-1.7", "is a PDF, not a picture; export the page as PNG"),
        (
            b"\xef\xbb\xbf  <!DOCTYPE html><html>",
            "is a web page, not a picture; open the link and save the .*",
        ),
        (b"<?xml version='1.0'?><svg>", "is an SVG, and SVG is a drawing, not pixels; export it as PNG"),
        (b"version https://git-lfs.github.com/spec/v1", "is a Git LFS pointer, not the picture; .*"),
    ],
)
def test_bytes_that_need_no_decoder_to_be_refused(data, sentence):
    limits = Limits(max_bytes=1024**2)
    with pytest.raises(RefusalError, match=f"^{sentence}$"):
        check_bytes(data, limits)


def test_the_size_of_a_file_holds_at_equality():
    check_bytes(b"x" * 1024**2, Limits(max_bytes=1024**2))
    with pytest.raises(RefusalError, match=r"^is larger than 1 MB; make it smaller and try again$"):
        check_bytes(b"x" * (1024**2 + 1), Limits(max_bytes=1024**2))


def test_a_jpeg_may_have_so_many_parts_and_no_more():
    segment, scan = b"\xff\xe1\x00\x02", b"\xff\xda\x00\x02"
    for part, most in ((segment, MAX_SEGMENTS), (scan, MAX_SCANS)):
        check_structure(b"\xff\xd8" + part * most + b"\xff\xd9")
        with pytest.raises(
            RefusalError, match=r"^is built in a way that takes too long to read; save it .*$"
        ):
            check_structure(b"\xff\xd8" + part * (most + 1) + b"\xff\xd9")


def test_a_tiff_may_have_so_long_a_table_and_no_longer():
    def tiff(count: int) -> bytes:
        return b"II*\0" + struct.pack("<LHHHLL", 8, 1, 273, 4, count, 0)

    check_structure(tiff(MAX_TABLE))
    with pytest.raises(RefusalError, match="takes too long"):
        check_structure(tiff(MAX_TABLE + 1))


def test_sides_and_pixels_hold_at_equality():
    limits = Limits(max_pixels=2_000_000, max_side=4000)
    check_size(4000, 500, limits)
    with pytest.raises(
        RefusalError, match=r"^has more than 4,000 pixels a side; make it smaller and try again$"
    ):
        check_size(1, 4001, limits)
    with pytest.raises(RefusalError, match=r"^has more than 2 megapixels; make it smaller and try again$"):
        check_size(4000, 501, limits)
