"""Dropped files: kept by content, privately, for a while, within a budget, and never under their own name."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from models.photos.uploads import OPERATOR, PERSON, SHARED, Uploads
from models.runtime.errors import UserError

HOSTILE_NAMES = (
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "a\0b",
    "C:\\windows\\x.png",
    "x" * 5000,
    "<script>",
    "",
)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 1e-3
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    return Uploads(budget=lambda: 1000, hours=lambda: 2, clock=clock)


def files(store):
    return sorted(path.name for path in store.folder.iterdir())


def test_the_address_is_the_beginning_of_the_digest(store):
    upload = store.put(b"panda", "panda.png", "ann")
    assert upload.digest == hashlib.sha256(b"panda").hexdigest()
    assert upload.address == f"upload:{upload.digest[:16]}"
    assert (upload.name, upload.size) == ("panda.png", 5)
    assert store.find(upload.address, "ann") == upload
    assert store.read(upload) == b"panda"


def test_the_same_content_is_kept_once(store):
    first = store.put(b"panda", "panda.png", "ann")
    second = store.put(b"panda", "other.png", "ann")
    assert first.address == second.address
    assert store._total() == 5
    assert len(files(store)) == 1


def test_dropping_again_what_is_kept_pushes_nothing_out(store):
    kept = [store.put(bytes([number]) * 500, "x", "ann") for number in range(2)]
    store.put(b"\1" * 500, "x", "ann")
    assert [store.find(upload.address) is not None for upload in kept] == [True, True]


def test_what_was_used_longest_ago_leaves_when_the_budget_is_full(store):
    first, second = (store.put(bytes([number]) * 400, "x", "ann") for number in range(2))
    store.find(first.address)
    third = store.put(b"c" * 400, "x", "ann")
    assert [store.find(upload.address) is not None for upload in (first, second, third)] == [
        True,
        False,
        True,
    ]
    assert store._total() == 800
    assert files(store) == sorted(upload.digest[:16] for upload in (first, third))


def test_a_file_of_the_whole_budget_fits_alone(store):
    store.put(b"a" * 10, "x", "ann")
    assert store.find(store.put(b"b" * 1000, "x", "ann").address)
    assert store._total() == 1000


def test_a_file_beyond_the_budget_is_refused_and_pushes_nothing_out(store):
    small = store.put(b"a", "small.png", "ann")
    with pytest.raises(UserError, match=r"^huge\.png is larger than .* use a smaller file\.$"):
        store.put(b"b" * 1001, "huge.png", "ann")
    assert store.find(small.address)


def test_what_is_not_used_for_a_while_is_deleted(store, clock):
    unused, used = store.put(b"a", "x", "ann"), store.put(b"b", "x", "ann")
    clock.now += 1.5 * 3600
    assert store.find(used.address)
    clock.now += 1.5 * 3600
    assert store.find(used.address)
    assert store.find(unused.address) is None
    assert files(store) == [used.digest[:16]]
    with pytest.raises(UserError, match="no longer kept"):
        store.read(unused)


def test_the_folder_is_for_this_user_alone(store):
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: repr(name[:20]))
def test_a_name_never_becomes_a_path(store, name):
    before = set(store.folder.parent.iterdir())
    upload = store.put(b"data", name, "ann")
    assert files(store) == [upload.digest[:16]]
    assert set(store.folder.parent.iterdir()) <= before | {store.folder}
    assert upload.name == name


@pytest.mark.parametrize(
    "address",
    (
        "upload:../../etc/passwd",
        "upload:",
        "upload:*",
        "upload:????????????????",
        "upload:................",
        "upload:" + "0" * 15,
        "upload:" + "0" * 17,
        "upload:" + "0" * 64,
        "upload:" + "\N{ARABIC-INDIC DIGIT ZERO}" * 16,
        "upload:" + "0" * 16 + "\n",
        " upload:" + "0" * 16,
        "0" * 16,
        "x" * 100_000,
        "",
    ),
    ids=lambda address: repr(address[:24]),
)
def test_a_hostile_address_names_nothing(store, address):
    store.put(b"data", "x", "ann")
    assert store.find(address) is None
    store.forget(address, "ann")
    assert store._total() == 4


@pytest.mark.parametrize("more", ["0", "\n", " ", "/../x", "\0"])
def test_an_address_ends_where_it_ends(store, more):
    address = store.put(b"data", "x", "ann").address
    assert store.find(address + more) is None


def test_an_address_in_capitals_names_nothing(store):
    address = store.put(b"data", "x", "ann").address
    assert store.find(address.upper()) is None
    assert store.find("upload:" + address[7:].upper()) is None
    assert store.find(address)


def test_forgetting_deletes_at_once(store):
    upload = store.put(b"data", "x.png", "ann")
    store.forget(upload.address, "ann")
    assert store.find(upload.address) is None
    assert files(store) == []
    with pytest.raises(UserError, match=r"^x\.png is no longer kept on this server; drop it again\.$"):
        store.read(upload)
    store.forget(upload.address, "ann")


def test_reading_what_was_pushed_out_is_said_in_words(store):
    first = store.put(b"a" * 600, "first.png", "ann")
    store.put(b"b" * 600, "second.png", "ann")
    with pytest.raises(UserError, match=r"first\.png is no longer kept"):
        store.read(first)


def test_what_two_visitors_dropped_stays_until_both_forgot_it(store):
    address = store.put(b"data", "a.png", "ann").address
    store.put(b"data", "b.png", "ben")
    store.forget(address, "ann")
    assert store.find(address, "ben").name == "b.png"
    store.forget(address, "ann")
    assert store.find(address)
    store.forget(address, "ben")
    assert store.find(address) is None
    assert store._total() == 0


def test_who_did_not_drop_a_file_cannot_delete_it(store):
    address = store.put(b"data", "a.png", "ann").address
    store.forget(address, "eve")
    assert store.find(address)


def test_a_name_is_shown_only_to_whom_it_belongs(store):
    first = store.put(b"data", "divorce papers.png", "ann")
    second = store.put(b"data", "scan.png", "ben")
    assert (first.name, second.name) == ("divorce papers.png", "scan.png")
    seen = {owner: store.find(first.address, owner).name for owner in ("ann", "ben", "eve", "", None)}
    assert seen == {"ann": "divorce papers.png", "ben": "scan.png", "eve": SHARED, "": SHARED, None: SHARED}
    store.forget(first.address, "ann")
    assert store.find(first.address, "ann").name == SHARED


def names(store, owner):
    return [upload.name for upload in store.of_owner(owner)]


def test_an_owner_finds_what_is_theirs_the_newest_first(store):
    assert store.of_owner("ann") == ()
    for name in ("one", "two", "three"):
        store.put(name.encode(), name, "ann")
    other = store.put(b"other", "other", "ben")
    store.put(b"two", "two again", "ann")
    store.put(b"one", "his one", "ben")
    assert names(store, "ann") == ["two again", "three", "one"]
    assert names(store, "ben") == ["his one", "other"]
    assert names(store, "") == []
    store.find(other.address)
    assert names(store, "ben") == ["his one", "other"]
    store.forget(other.address, "ben")
    assert names(store, "ben") == ["his one"]


def test_what_was_pushed_out_or_is_too_old_is_nobodys(store, clock):
    first = store.put(b"a" * 600, "first", "ann")
    store.put(b"b" * 600, "second", "ann")
    assert names(store, "ann") == ["second"]
    assert store.find(first.address) is None
    clock.now += 3 * 3600
    assert store.of_owner("ann") == ()


def test_two_contents_with_one_address_are_never_mixed_up(store, monkeypatch):
    """Nobody finds such a pair by accident; who makes one gets the later file."""

    class Colliding:
        def __init__(self, data):
            self.data = data

        def hexdigest(self):
            return "0" * 16 + hashlib.md5(self.data).hexdigest() + "0" * 16

    monkeypatch.setattr("models.photos.uploads.hashlib.sha256", Colliding)
    first, second = store.put(b"one", "one", "ann"), store.put(b"three", "three", "ben")
    assert first.address == second.address
    assert store.find(first.address, "ann").name == SHARED
    assert store.find(first.address).digest == second.digest
    assert store.read(second) == b"three"
    assert store._total() == 5


def test_a_full_disk_is_said_in_words(store, monkeypatch):
    kept = store.put(b"kept", "kept.png", "ann")

    def full(path, data):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(UserError, match=r"^new\.png could not be kept") as refused:
        store.put(b"new", "new.png", "ann")
    assert str(store.folder) not in str(refused.value)
    assert files(store) == [kept.digest[:16]]
    assert store._total() == 4


def test_many_visitors_at_once():
    store = Uploads(budget=lambda: 40_000)

    def visit(owner):
        for number in range(50):
            data = bytes([number % 25]) * 1000 + (owner.encode() if number % 2 else b"")
            upload = store.put(data, f"{owner}-{number}", owner)
            found = store.find(upload.address, owner)
            # Pushed out by the others meanwhile, or even brought again by one of them.
            assert found is None or (found.digest == upload.digest and found.name in (upload.name, SHARED))
            with suppress(UserError):
                assert store.read(upload) == data
            if number % 3 == 0:
                store.forget(upload.address, owner)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, "abcdefgh"))
    assert store._total() <= 40_000
    assert store._total() == sum(path.stat().st_size for path in store.folder.iterdir())


def made(store, content=b"made"):
    place = store.folder / "made.part"
    place.write_bytes(content)
    return place


def test_a_file_that_was_made_here_is_moved_in(store):
    digest = hashlib.sha256(b"what it was made from").hexdigest()
    place = made(store)
    upload = store.adopt(place, digest, "x.pt", "ann")
    assert (upload.digest, upload.name, upload.size) == (digest, "x.pt", 4)
    assert store.path(upload).read_bytes() == b"made"
    assert files(store) == [digest[:16]]
    again = store.adopt(made(store, b"made again"), digest, "y.pt", "ben")
    assert store.path(again).read_bytes() == b"made"
    assert files(store) == [digest[:16]]
    assert (names(store, "ann"), names(store, "ben")) == (["x.pt"], ["y.pt"])


def test_a_file_made_here_that_is_too_large_is_gone(store):
    with pytest.raises(UserError, match=r"^x\.pt is larger than all uploads"):
        store.adopt(made(store, bytes(1001)), "0" * 64, "x.pt", "ann")
    assert files(store) == []


def test_who_brings_what_is_kept_joins_without_bringing_it_again(store, clock):
    digest = store.put(b"data", "a.pt", "ann").digest
    assert store.join(digest, "b.pt", "ben").name == "b.pt"
    assert store.join("0" * 64, "c.pt", "cat") is None
    assert store.join(digest[:16] + "0" * 48, "c.pt", "cat") is None
    store.forget(f"upload:{digest[:16]}", "ann")
    assert names(store, "ben") == ["b.pt"]
    clock.now += 3 * 3600
    assert store.join(digest, "b.pt", "ben") is None
    assert store.hours() == 2


def test_a_person_who_signed_in_finds_their_own_files_and_the_operators(store):
    address = store.put(b"x", "mine", PERSON + "ada").address
    assert store.find(address, PERSON + "charles") is None
    assert [store.find(address, owner).name for owner in (PERSON + "ada", None, "a visitor")] == [
        "mine",
        SHARED,
        SHARED,
    ]
    store.put(b"x", "everybody's", OPERATOR)
    assert store.find(address, PERSON + "charles").name == SHARED
