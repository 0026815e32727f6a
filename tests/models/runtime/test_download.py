"""Files arrive whole or not at all, and every failure is one plain sentence."""

import errno
import hashlib
import io
import os
from email.message import Message
from urllib.error import HTTPError, URLError

import pytest

from models.runtime import download
from models.runtime.download import fetch, hub_checkpoint, hub_path, published_digest
from models.runtime.errors import UserError
from models.runtime.progress import silent

CONTENT = bytes(range(256)) * 10_000  # 2.5 MB: three chunks


class Response(io.BytesIO):
    """What urlopen returns, as far as fetch looks at it."""

    def __init__(self, content, *, length=None, url="https://example.org/weights.pth"):
        super().__init__(content)
        self.headers = {} if length is None else {"Content-Length": str(length)}
        self.url = url


@pytest.fixture
def published(tmp_path):
    """A file at a file:// address."""
    path = tmp_path / "published" / "weights.pth"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path.as_uri()


@pytest.fixture
def place(tmp_path):
    return tmp_path / "cache" / "weights.pth"


def refusal(*arguments, **options):
    """The sentence of a fetch that must fail; nothing may be left beside the place."""
    with pytest.raises(UserError) as caught:
        fetch(*arguments, **options)
    sentence = str(caught.value)
    place = arguments[1]
    assert sentence.startswith("weights.pth")
    assert sentence.endswith("choose one that is on board.")
    assert str(place.parent) not in sentence
    assert "\n" not in sentence
    assert [path for path in place.parent.glob("*") if path != place] == []
    return sentence


def test_a_file_arrives_whole_and_says_how_far_it_is(published, place):
    heard = []
    assert fetch(published, place, lambda done, total: heard.append((done, total))) == place
    assert place.read_bytes() == CONTENT
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert len(heard) == 3
    assert list(place.parent.iterdir()) == [place]


def test_the_published_digest_is_accepted_and_any_other_refused(published, place):
    right = hashlib.sha256(CONTENT).hexdigest()[:8]
    fetch(published, place, silent, right)
    place.write_bytes(b"what was there before")
    assert "not the file that was published" in refusal(published, place, silent, "0" * 8)
    assert place.read_bytes() == b"what was there before"


def test_an_expected_length_that_is_not_reached_is_refused(place, monkeypatch):
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: Response(CONTENT[:1000], length=2000))
    assert "1,000 of 2,000 bytes" in refusal("https://example.org/weights.pth", place, silent)
    assert not place.exists()


def test_an_unknown_length_is_told_as_unknown(place, monkeypatch):
    heard = []
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: Response(b"abc"))
    fetch("https://example.org/weights.pth", place, lambda *progress: heard.append(progress))
    assert heard == [(3, None)]


def test_what_report_raises_ends_the_transfer_and_passes_through(published, place):
    class CancelError(OSError):
        pass

    def cancel(done, total):
        raise CancelError

    with pytest.raises(CancelError):
        fetch(published, place, cancel)
    assert list(place.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError(OSError(-2, "Name or service not known")), "Name or service not known"),
        (HTTPError("https://example.org", 404, "<b>Gone</b>", Message(), None), "the server answers 404"),
        (TimeoutError("timed out"), "timed out"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "Connection reset"),
    ],
)
def test_each_failure_of_the_network_is_one_sentence(error, words, place, monkeypatch):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(download, "urlopen", fail)
    sentence = refusal("https://example.org/weights.pth", place, silent)
    assert words in sentence
    assert "network connection" in sentence
    assert "<b>" not in sentence


def test_a_missing_file_is_one_sentence(tmp_path, place):
    assert "No such file" in refusal((tmp_path / "nothing.pth").as_uri(), place, silent)


@pytest.mark.parametrize("address", ["http://example.org/weights.pth", "ftp://example.org/a", "weights.pth"])
def test_unprotected_addresses_are_not_opened(address, place, monkeypatch):
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: pytest.fail("it was opened"))
    assert "https" in refusal(address, place, silent)


def test_being_sent_on_to_an_unprotected_address_is_refused(place, monkeypatch):
    response = Response(CONTENT, url="http://example.org/weights.pth")
    monkeypatch.setattr(download, "urlopen", lambda *_, **__: response)
    assert "https" in refusal("https://example.org/weights.pth", place, silent)


def test_a_full_disk_is_one_sentence_and_a_fault_of_ours_is_not(published, place, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fault(_):
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in refusal(published, place, silent)
    monkeypatch.setattr(os, "fsync", fault)
    with pytest.raises(OSError, match="Bad file"):
        fetch(published, place, silent)
    assert list(place.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("resnet18-f37072fd.pth", "f37072fd"),
        ("vit_b_16_swag-9ac1b537.pth", "9ac1b537"),
        ("seresnext26_32x4d-65ebdb501.pth", "65ebdb501"),
        ("IN22K-vit.g.16-600e.pth.tar", ""),
        ("model.safetensors", ""),
    ],
)
def test_torch_file_names_carry_their_digest(name, digest):
    assert published_digest(name) == digest


def test_a_checkpoint_is_fetched_once_and_again_only_where_it_is_damaged(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    source = tmp_path / f"weights-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"
    source.write_bytes(CONTENT)
    heard = []

    def count(done, total):
        heard.append(done == total)

    path = hub_checkpoint(source.as_uri(), count)
    assert path == hub_path(source.name)
    assert path.is_relative_to(tmp_path / "home")
    hub_checkpoint(source.as_uri(), count)
    assert sum(heard) == 1
    path.write_bytes(CONTENT[:-1] + b"!")
    assert hub_checkpoint(source.as_uri(), count).read_bytes() == CONTENT
    assert sum(heard) == 2
