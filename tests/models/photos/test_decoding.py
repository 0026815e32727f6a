"""Every kind of file a person may upload: the same picture comes out, or one sentence does."""

import io
import struct
import subprocess
import sys
import unicodedata
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, features

from models.photos import decoding
from models.photos.limits import Limits
from models.runtime.errors import UserError
from tests.paths import ROOT

WIDTH, HEIGHT = 48, 32
WITH_AVIF = features.check("avif")


def photo() -> Image.Image:
    """A smooth colour picture without symmetry, so that every turn and every lost channel shows."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red, green, blue = 40 + 4 * x, 220 - 5 * y, 60 + 2 * x + 2 * y
    return Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8))


def encoded(image, kind, **options) -> bytes:
    stream = io.BytesIO()
    image.copy().save(stream, kind, **options)  # saving leaves its settings behind in the image
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def raw_png(width, height, depth, colour, rows, *extra) -> bytes:
    """A PNG of any bit depth and colour type; rows are unfiltered bytes."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b"\0" + row) for row in rows) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", body), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def flat_png(width, height, depth=8, colour=0, sample_bytes=1) -> bytes:
    return raw_png(width, height, depth, colour, (bytes(width * sample_bytes) for _ in range(height)))


def png_16_bit(pixels: np.ndarray) -> bytes:
    """A 16-bit PNG of shape (H, W, 1 to 4): grey, grey and alpha, RGB, RGBA."""
    height, width, channels = pixels.shape
    rows = [row.astype(">u2").tobytes() for row in pixels]
    return raw_png(width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], rows)


def raw_tiff(width, height, bits, photometric, body: bytes, *extra) -> bytes:
    """A one-strip little-endian TIFF; extra entries are (tag, type, count, value)."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, 1)]
    entries += [(262, 3, 1, photometric), (273, 4, 1, 1000), (277, 3, 1, 1)]
    entries += [(278, 4, 1, height), (279, 4, 1, len(body))]
    entries = sorted({entry[0]: entry for entry in [*entries, *extra]}.values())
    directory = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    head = b"II*\0" + struct.pack("<LH", 8, len(entries)) + directory + bytes(4)
    return head.ljust(1000, b"\0") + body


def tiled_tiff(n_tables: int) -> bytes:
    return raw_tiff(16, 16, 8, 1, struct.pack("<L", 8) * n_tables, (273, 4, n_tables, 1000))


def jpeg_with(segments: bytes) -> bytes:
    data = encoded(photo(), "JPEG")
    return data[:2] + segments + data[2:]


def many_scans(count: int) -> bytes:
    data = encoded(photo(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def exif(orientation: int) -> Image.Exif:
    block = Image.Exif()
    block[0x0112] = orientation
    return block


def pixels_of(image: Image.Image) -> np.ndarray:
    assert image.mode == "RGB"
    return np.asarray(image, dtype=int)


def decoded(data: bytes) -> np.ndarray:
    return pixels_of(decoding.decode(data, "photo"))


def distance(one: np.ndarray, other: np.ndarray) -> int:
    assert one.shape == other.shape
    return int(np.abs(one - other).max())


def refusal(data: bytes, name: str = "holiday.jpg", limits: Limits | None = None) -> str:
    """The sentence, after checking that it is one: the name, no path, no control code, no inner workings."""
    with pytest.raises(UserError) as caught:
        decoding.decode(data, name, limits)
    sentence = str(caught.value)
    assert sentence.startswith(decoding.safe_name(name))
    assert sentence.endswith(".")
    assert ";" in sentence, "says what to do now"
    assert not any(unicodedata.category(character)[0] == "C" for character in sentence)
    assert not any(word in sentence for word in ("/", "\\", "PIL", "Traceback", "Error", "0x", "None"))
    assert caught.value.__context__ is None, "the decoder's exception would keep its buffers alive"
    return sentence


def same_picture_kinds() -> dict[str, tuple[bytes, int]]:
    """The one photo in many encodings, each with the largest error a channel may have."""
    image = photo()

    def frames(kind: str, **options) -> bytes:
        black = Image.new("RGB", (WIDTH, HEIGHT), "black")
        return encoded(image, kind, save_all=True, append_images=[black], **options)

    kinds = {
        "png": (encoded(image, "PNG"), 0),
        "png, opaque alpha": (encoded(image.convert("RGBA"), "PNG"), 0),
        "png, palette": (encoded(image.quantize(256), "PNG"), 24),
        "png, 16-bit": (png_16_bit(np.asarray(image, np.uint16) * 257), 0),
        "png, 16-bit alpha": (png_16_bit(np.asarray(image.convert("RGBA"), np.uint16) * 257), 0),
        "apng": (
            frames(
                "PNG",
            ),
            0,
        ),
        "jpeg": (encoded(image, "JPEG", quality=95, subsampling=0), 8),
        "jpeg, progressive": (encoded(image, "JPEG", quality=95, subsampling=0, progressive=True), 8),
        "jpeg, cmyk": (encoded(image.convert("CMYK"), "JPEG", quality=95, subsampling=0), 12),
        "jpeg, multi-picture": (frames("MPO", quality=95, subsampling=0), 8),
        "webp": (encoded(image, "WEBP", quality=95), 16),
        "webp, lossless": (encoded(image, "WEBP", lossless=True), 0),
        "webp, animated": (frames("WEBP", lossless=True), 0),
        "gif": (encoded(image, "GIF"), 40),
        "gif, animated": (
            frames(
                "GIF",
            ),
            40,
        ),
        "bmp": (encoded(image, "BMP"), 0),
        "bmp, alpha": (encoded(image.convert("RGBA"), "BMP"), 0),
        "tiff": (encoded(image, "TIFF"), 0),
        "tiff, lzw": (encoded(image, "TIFF", compression="tiff_lzw"), 0),
        "tiff, deflate": (encoded(image, "TIFF", compression="tiff_adobe_deflate"), 0),
        "tiff, jpeg": (encoded(image, "TIFF", compression="jpeg", quality=95), 32),
        "tiff, big": (encoded(image, "TIFF", big_tiff=True), 0),
        "tiff, pages": (
            frames(
                "TIFF",
            ),
            0,
        ),
        "tiff, cmyk": (encoded(image.convert("CMYK"), "TIFF"), 1),
        "tiff, ycbcr": (encoded(image.convert("YCbCr"), "TIFF"), 3),
        "tiff, lab": (encoded(in_lab(image), "TIFF"), 16),
        "tiff, alpha": (encoded(image.convert("RGBA"), "TIFF"), 0),
    }
    if WITH_AVIF:
        kinds["avif"] = (encoded(image, "AVIF", quality=95, subsampling="4:4:4"), 12)
    return kinds


def in_lab(image: Image.Image) -> Image.Image:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    turned = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
    assert turned is not None
    return turned


SAME_PICTURE = same_picture_kinds()


@pytest.mark.parametrize("kind", SAME_PICTURE)
def test_the_same_picture_comes_out_of_every_encoding(kind):
    data, tolerance = SAME_PICTURE[kind]
    image = decoding.decode(data, kind)
    assert distance(pixels_of(image), pixels_of(photo())) <= tolerance
    assert image.info == {}, "nobody's metadata is kept"
    assert not isinstance(image, ImageFile.ImageFile), "no decoder is kept"


ORIENTED = ["JPEG", "PNG", "WEBP", "TIFF", *(["AVIF"] if WITH_AVIF else [])]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ORIENTED)
def test_every_exif_orientation_is_turned_upright_once(kind, orientation):
    # As a camera stores it: the inverse turn. All are their own inverse but the two quarter turns.
    inverse = decoding.TURNS.get({6: 8, 8: 6}.get(orientation, orientation))
    stored = photo() if inverse is None else photo().transpose(inverse)
    options = {"quality": 95} if kind in ("JPEG", "AVIF") else {"lossless": True} if kind == "WEBP" else {}
    result = decoded(encoded(stored, kind, exif=exif(orientation), **options))
    assert result.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(result - pixels_of(photo())).mean() < 4


@pytest.mark.skipif(not WITH_AVIF, reason="this Pillow cannot read AVIF")
def test_the_exif_orientation_of_an_avif_does_not_count_without_its_own_turn():
    data = encoded(photo(), "AVIF", exif=exif(6), quality=95)
    box = data.index(b"irot")
    unturned = data[: box + 4] + b"\0" + data[box + 5 :]  # a quarter turn in the EXIF, none in the container
    assert decoded(unturned).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.filterwarnings("ignore")
def test_broken_exif_is_ignored():
    block = b"Exif\0\0" + b"MM\0*\0\0\0\x08\xff\xff\x01\x12\0\x03"
    assert distance(decoded(encoded(photo(), "WEBP", lossless=True, exif=block)), pixels_of(photo())) == 0
    garbage = b"Exif\0\0garbage, not a TIFF header"
    assert distance(decoded(encoded(photo(), "WEBP", lossless=True, exif=garbage)), pixels_of(photo())) == 0


def ramp(levels=65535) -> np.ndarray:
    """A grey gradient of shape (4, 256) over the whole 16-bit range."""
    return np.tile(np.rint(np.linspace(0, levels, 256)), (4, 1)).astype(np.uint16)


EXPECTED_RAMP = np.repeat(np.tile(np.arange(256), (4, 1))[..., None], 3, axis=2)
GREYS = {
    "png, 16-bit": lambda: png_16_bit(ramp()[..., None]),
    "tiff, 16-bit": lambda: encoded(Image.fromarray(ramp()), "TIFF"),
    "tiff, 16-bit lzw": lambda: encoded(Image.fromarray(ramp()), "TIFF", compression="tiff_lzw"),
    "tiff, 16-bit big-endian": lambda: encoded(Image.fromarray(ramp().astype(">u2")), "TIFF"),
    "tiff, white is zero": lambda: raw_tiff(256, 4, 16, 0, (65535 - ramp()).astype("<u2").tobytes()),
    "tiff, 32-bit, 8 used": lambda: encoded(Image.fromarray((ramp() // 257).astype(np.int32)), "TIFF"),
    "tiff, 32-bit, 16 used": lambda: encoded(Image.fromarray(ramp().astype(np.int32)), "TIFF"),
    "tiff, 32-bit, all used": lambda: encoded(Image.fromarray(ramp().astype(np.int32) * 30_000), "TIFF"),
    "tiff, 0 to 1": lambda: encoded(Image.fromarray((ramp() / 65535).astype(np.float32)), "TIFF"),
    "tiff, 0 to 255": lambda: encoded(Image.fromarray((ramp() / 257).astype(np.float32)), "TIFF"),
    "tiff, -3 to 900": lambda: encoded(
        Image.fromarray((ramp() / 65535 * 903 - 3).astype(np.float32)), "TIFF"
    ),
    "tiff, huge": lambda: encoded(
        Image.fromarray(((ramp() / 65535 - 0.5) * 6e38).astype(np.float32)), "TIFF"
    ),
}


@pytest.mark.parametrize("kind", GREYS)
def test_more_than_8_bits_are_scaled_not_clipped(kind):
    assert distance(decoded(GREYS[kind]()), EXPECTED_RAMP) <= 1


def test_12_bit_tiff_is_scaled_by_its_own_range():
    low, high = 0, 4095
    body = bytes([low >> 4, (low & 15) << 4 | high >> 8, high & 255])  # two pixels of 12 bits
    assert decoded(raw_tiff(2, 1, 12, 1, body))[0, :, 0].tolist() == [0, 255]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(value):
    grey = np.full((4, 4), 0.5, np.float32)
    grey[2, 3] = value
    assert "NaN or infinity" in refusal(encoded(Image.fromarray(grey), "TIFF"))


def test_signalling_nans_are_refused_without_a_warning():
    grey = np.full((4, 4), 0x7FA00000, np.uint32).view(np.float32)
    assert "NaN or infinity" in refusal(encoded(Image.fromarray(grey), "TIFF"))


def test_a_constant_float_picture_comes_out_constant():
    assert np.ptp(decoded(encoded(Image.fromarray(np.full((4, 4), 7e5, np.float32)), "TIFF"))) == 0


def test_scaling_in_bands_leaves_no_seam(monkeypatch):
    whole = decoded(GREYS["tiff, -3 to 900"]())
    monkeypatch.setattr(decoding, "BAND", 1)
    assert distance(decoded(GREYS["tiff, -3 to 900"]()), whole) == 0


def test_alpha_is_composited_over_white():
    clear = Image.new("RGBA", (4, 4), (200, 0, 0, 0))
    half = Image.new("RGBA", (4, 4), (200, 0, 0, 128))
    grey = Image.new("LA", (4, 4), (0, 128))
    for kind in ("PNG", "TIFF", "WEBP"):
        options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
        assert decoded(encoded(clear, kind, **options)).min() == 255
        assert np.abs(decoded(encoded(half, kind, **options))[0, 0] - [227, 127, 127]).max() <= 1
    for kind in ("PNG", "TIFF"):
        assert np.abs(decoded(encoded(grey, kind))[0, 0] - 127).max() <= 1


def test_transparent_colours_and_palettes_are_white_where_clear():
    palette = Image.new("P", (2, 1))
    palette.putpalette([200, 0, 0, 0, 0, 200])
    palette.putpixel((1, 0), 1)
    for kind in ("PNG", "GIF"):
        assert decoded(encoded(palette, kind, transparency=0))[0].tolist() == [[255] * 3, [0, 0, 200]]
    half = decoded(encoded(palette, "PNG", transparency=b"\x80\xff"))[0]
    assert np.abs(half - [[227, 127, 127], [0, 0, 200]]).max() <= 1
    rgb = Image.new("RGB", (2, 1), (9, 8, 7))
    assert decoded(encoded(rgb, "PNG", transparency=(9, 8, 7))).min() == 255
    grey = Image.new("L", (2, 1), 9)
    assert decoded(encoded(grey, "PNG", transparency=9)).min() == 255
    deep = raw_png(2, 1, 16, 0, [struct.pack(">HH", 300, 65535 // 2)], chunk(b"tRNS", struct.pack(">H", 300)))
    assert decoded(deep)[0, :, 0].tolist() == [255, 127]


def test_palette_with_alpha_is_composited():
    both = Image.new("LA", (2, 1), (0, 255)).convert("PA")
    assert decoded(encoded(both, "TIFF")).max() == 0


def test_one_bit_is_black_and_white():
    bits = Image.new("1", (2, 1))
    bits.putpixel((1, 0), 1)
    for kind in ("PNG", "BMP", "TIFF", "GIF"):
        assert decoded(encoded(bits, kind))[0].tolist() == [[0] * 3, [255] * 3]


def test_icc_colours_are_brought_to_srgb():
    grey_in_lab = encoded(in_lab(Image.new("RGB", (4, 4), (128, 128, 128))), "TIFF")
    assert np.abs(decoded(grey_in_lab) - 128).max() <= 2
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert distance(decoded(encoded(photo(), "PNG", icc_profile=srgb)), pixels_of(photo())) <= 1
    swapped = bytearray(srgb)
    entry = {name: swapped.index(name, 128) for name in (b"rXYZ", b"bXYZ")}
    swapped[entry[b"rXYZ"]], swapped[entry[b"bXYZ"]] = ord("b"), ord("r")
    turned = decoded(encoded(photo(), "PNG", icc_profile=bytes(swapped)))  # red means blue in this profile
    assert distance(turned, pixels_of(photo())[..., ::-1]) <= 3
    clear = photo().convert("RGBA")
    assert distance(decoded(encoded(clear, "PNG", icc_profile=bytes(swapped))), turned) == 0


@pytest.mark.parametrize("profile", [b"", b"not a profile", b"\0" * 128])
def test_a_broken_icc_profile_is_ignored(profile):
    assert distance(decoded(encoded(photo(), "PNG", icc_profile=profile)), pixels_of(photo())) == 0


def test_a_profile_for_other_channels_is_ignored():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cmyk = encoded(photo().convert("CMYK"), "TIFF", icc_profile=srgb)
    assert distance(decoded(cmyk), pixels_of(photo())) <= 1
    grey = encoded(photo().convert("L"), "PNG", icc_profile=srgb)
    assert distance(decoded(grey), pixels_of(photo().convert("L").convert("RGB"))) == 0


def test_smallest_and_longest_pictures():
    assert decoding.decode(flat_png(1, 1), "dot").size == (1, 1)
    assert decoding.decode(flat_png(1, 20_000), "line").size == (1, 20_000)
    assert decoding.decode(flat_png(20_000, 1, 16, 0, 2), "line").size == (20_000, 1)


JPEG = encoded(photo(), "JPEG")
PNG = encoded(photo(), "PNG")
BIG_GIF = b"GIF89a" + struct.pack("<HH", 65535, 65535) + bytes(3) + b"," + bytes(4) + b"\1\0\1\0\0\2\2D\1\0;"
BIG_WEBP = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\x3f\0\xff\x3f\0" + bytes(8)
HOSTILE = {
    "empty": (b"", "is empty"),
    "text": (b"hello, I am a picture", "not a picture"),
    "zeros": (bytes(5000), "not a picture"),
    "only a header": (PNG[:8], "not a picture"),
    "truncated png": (PNG[: len(PNG) // 2], "damaged"),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], "damaged"),
    "truncated gif": (SAME_PICTURE["gif"][0][:-600], "damaged"),
    "truncated webp": (SAME_PICTURE["webp"][0][:-40], "damaged"),
    "truncated bmp": (SAME_PICTURE["bmp"][0][:-40], "damaged"),
    "truncated tiff": (SAME_PICTURE["tiff, lzw"][0][:-600], "damaged"),
    "svg": (
        b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>',
        "SVG is a drawing",
    ),
    "bare svg": (b"\xef\xbb\xbf <svg width='3'></svg>", "SVG is a drawing"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "export it as JPEG"),
    "heif": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "export it as JPEG"),
    "web page": (b"\n<!DOCTYPE html><html><body>404<svg></svg>", "web page"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "Git LFS pointer"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n", "PostScript"),
    "photoshop": (b"8BPS\0\1" + bytes(40), "Photoshop"),
    "zip": (b"PK\x03\x04" + bytes(40), "archive"),
    "large gif screen": (BIG_GIF, "50 megapixels|20,000 pixels"),
    "large webp canvas": (BIG_WEBP, "50 megapixels|20,000 pixels|damaged"),
    "text bomb": (
        raw_png(1, 1, 8, 0, [b"\0"], chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(2**24), 9))),
        "damaged",
    ),
    "profile bomb": (
        raw_png(1, 1, 8, 0, [b"\0"], chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(2**24), 9))),
        "damaged",
    ),
    "jpeg of tiny segments": (jpeg_with(b"\xff\xe1\0\x09Exif\0\0x" * 2000), "too long to read"),
    "jpeg of hidden segments": (jpeg_with(b"\xff\xd9\xff\xf0\xff\xff" + b"\xff\xe5\0\2" * 2000), "too long"),
    "jpeg of many scans": (many_scans(300), "too long to read"),
    "tiff of many strips": (tiled_tiff(300_000), "too long to read"),
    "tiff without a directory": (b"II*\0\xff\xff\xff\xff", "damaged"),
    "big tiff without a directory": (b"II+\0\x08\0\0\0" + b"\xff" * 8, "damaged"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_file_gets_one_sentence_and_the_next_file_works(kind):
    data, words = HOSTILE[kind]
    sentence = refusal(data)
    assert any(word in sentence for word in words.split("|")), sentence
    assert distance(decoded(PNG), pixels_of(photo())) == 0


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_file_is_refused_where_warnings_are_errors(kind):
    refusal(HOSTILE[kind][0])


@pytest.mark.parametrize("tiff_tags", [64, 3000])
@pytest.mark.filterwarnings("ignore")
def test_tags_that_share_one_large_value_cost_little(tiff_tags):
    tags = [(1000 + index, 7, 2**20, 8) for index in range(tiff_tags)]
    entries = b"".join(struct.pack("<HHLL", *tag) for tag in tags)
    refusal(b"II*\0" + struct.pack("<LH", 8, tiff_tags) + entries + bytes(2**20))


@pytest.mark.parametrize("name", ["x.png", "x.jpg"])
def test_postscript_never_starts_another_program(name, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started a program"))
    refusal(HOSTILE["eps"][0], name)
    refusal(b" \0" + HOSTILE["eps"][0], name)
    assert "EPS" not in decoding.FORMATS


def test_limits_hold_at_equality_and_one_above():
    data = flat_png(30, 20)
    exact = Limits(max_bytes=len(data), max_pixels=600, max_side=30)
    assert decoding.decode(data, "photo", exact).size == (30, 20)
    assert "larger than" in refusal(data, limits=Limits(max_bytes=len(data) - 1))
    assert "megapixels" in refusal(data, limits=Limits(max_pixels=599))
    assert "29 pixels a side" in refusal(data, limits=Limits(max_side=29))
    assert "29 pixels a side" in refusal(flat_png(20, 30), limits=Limits(max_side=29))


@pytest.mark.filterwarnings("ignore")
def test_size_is_refused_before_anything_is_decoded():
    for width, height in [(9_000, 9_000), (10_000, 10_000), (14_142, 14_142), (20_000, 20_000)]:
        header_only = raw_png(width, height, 8, 6, [])
        assert refusal(header_only) == (
            "holiday.jpg has more than 50 megapixels; make it smaller and try again."
        )
    assert "20,000 pixels a side" in refusal(raw_png(20_001, 1, 8, 6, []))


def test_pillows_own_warning_becomes_the_same_sentence():
    # 100 megapixels: Pillow warns, and here warnings are errors.
    assert "has more than 50 megapixels" in refusal(raw_png(10_000, 10_000, 8, 6, []))


def test_accepted_names_formats_and_default_limits():
    sentence = decoding.describe_accepted(Limits())
    assert sentence.startswith("PNG, JPEG, WebP, GIF, BMP")
    assert ("AVIF" in sentence) == WITH_AVIF
    assert sentence.endswith("at most 20 MB, 50 megapixels and 20,000 pixels a side")


NAMES = {
    "photo.jpg": "photo.jpg",
    "../../etc/passwd": "passwd",
    "C:\\photos\\cat.png": "cat.png",
    "a\x1b[31mred\nline.png": "a[31mred line.png",
    "\u202egnp.exe": "gnp.exe",
    "ca\u200bt\ud800.png": "cat.png",
    "two\u2028lines": "two lines",
    "": "unnamed",
    "folder/": "unnamed",
    "..": "unnamed",
    "\x00\x07": "unnamed",
    "名前.png": "名前.png",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_fit_to_be_shown(name):
    assert decoding.safe_name(name) == NAMES[name]
    refusal(b"", name)


def test_long_names_keep_both_ends():
    name = "start" + "x" * 500 + "end.jpeg"
    shown = decoding.safe_name(name)
    assert len(shown) == 60
    assert shown.startswith("start")
    assert shown.endswith("end.jpeg")
    assert "…" in shown


def test_thumbnails_are_small_and_never_enlarged():
    assert decoding.thumbnail(photo(), 12).size == (12, 8)
    assert decoding.thumbnail(photo(), 500).size == (WIDTH, HEIGHT)
    assert decoding.thumbnail(Image.new("RGB", (1, 9000)), 90).size == (1, 90)
    small, mean = pixels_of(decoding.thumbnail(photo(), 6)), pixels_of(photo()).mean((0, 1))
    assert np.abs(small.mean((0, 1)) - mean).max() < 4
    with pytest.raises(ValueError, match="at least 1"):
        decoding.thumbnail(photo(), 0)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_png_of_an_array_reads_back(shape):
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(decoding.png(array)))), array)


def test_png_of_an_image_reads_back():
    assert distance(decoded(decoding.png(photo())), pixels_of(photo())) == 0


MEASURE = """
import sys, time
from models.photos import decoding
from models.runtime.errors import UserError
def peak(): return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024
data, before, start = sys.stdin.buffer.read(), peak(), time.monotonic()
try:
    result = decoding.decode(data, "bomb.png").size
except UserError as error:
    result = error
print(peak() - before, time.monotonic() - start, result, sep="|")
"""


def measured(data: bytes) -> tuple[int, float, str]:
    """Peak memory in MB and seconds that decoding costs in a process of its own, and what came out."""
    command = [sys.executable, "-c", MEASURE]
    run = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, timeout=120, check=True)
    megabytes, seconds, result = run.stdout.decode().strip().split("|")
    return int(megabytes), float(seconds), result


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_largest_accepted_picture_costs_less_than_a_gigabyte():
    data = flat_png(7071, 7071, 16, 6, 8)
    assert len(data) < 500_000
    megabytes, seconds, result = measured(data)
    assert result == "(7071, 7071)"
    assert megabytes < 1000
    assert seconds < 15


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_larger_bomb_costs_nothing():
    megabytes, seconds, result = measured(flat_png(20_000, 10_000, 8, 0, 1))
    assert "has more than 50 megapixels" in result
    assert megabytes < 50
    assert seconds < 2


def spoiled(data: bytes, rng: np.random.Generator) -> bytes:
    """The file with a few bytes changed, or its end missing, or a piece of it repeated."""
    spoilt = bytearray(data)
    for position in rng.integers(0, len(data), rng.integers(1, 9)):
        spoilt[position] = rng.integers(0, 256)
    cut = int(rng.integers(1, len(data)))
    return [bytes(spoilt), data[:cut], bytes(spoilt[:cut]), data[:cut] + bytes(spoilt[cut // 2 :])][
        rng.integers(0, 4)
    ]


SEEDS = [data for data, _ in SAME_PICTURE.values()] + [make() for make in GREYS.values()]


def survives_spoiled_files(seed: int, rounds: int) -> None:
    rng = np.random.default_rng(seed)
    for data in SEEDS * rounds:
        try:
            assert decoding.decode(spoiled(data, rng), "fuzz").mode == "RGB"
        except UserError as error:
            assert str(error).startswith("fuzz ")


def test_spoiled_files_are_read_or_refused_where_warnings_are_errors():
    survives_spoiled_files(seed=1, rounds=4)


@pytest.mark.filterwarnings("ignore")
def test_spoiled_files_are_read_or_refused():
    survives_spoiled_files(seed=2, rounds=4)
