"""What classes are kinds of: made of a few lines as WordNet writes them, and read of the table on board."""

from __future__ import annotations

import pytest

from models.datasets import wordnet
from models.datasets.imagenet import imagenet_classes

# Number, lexicographer's file, kind, words with their marks, and links: `@` leads to what a noun is a kind of.
NOUNS = """  1 This software and database is being provided to you.
00000001 03 n 01 entity 0 001 ~ 00000002 n 0000 | all there is
00000002 05 n 02 beast 0 animal 0 001 @ 00000001 n 0000 | lives
00000003 05 n 01 placental 0 001 @ 00000002 n 0000 | seldom said
00000004 05 n 02 domestic_dog 0 dog 0 002 @ 00000003 n 0000 ~ 00000006 n 0000 | barks
00000005 05 n 01 cat 0 001 @ 00000003 n 0000 | does not
00000006 05 n 01 pug 0 001 @ 00000004 n 0000 | small
00000007 05 n 01 hound 0 001 @ 00000004 n 0000 | large
"""
USES = """entity%1:03:00:: 1 11
beast%1:05:00:: 1 3
animal%1:05:00:: 1 67
dog%1:05:00:: 1 42
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data.noun").write_text(NOUNS)
    (tmp_path / "cntlist.rev").write_text(USES)
    return tmp_path


def test_a_kind_is_a_noun_in_use_above_several_classes_by_its_commonest_word(folder):
    found = wordnet.kinds_above(
        wordnet.read_nouns(folder), ["n00000006", "n00000007", "n00000005", "n00000001"]
    )
    assert found == [
        wordnet.Kind("n00000002", "animal", (0, 1, 2)),
        wordnet.Kind("n00000004", "dog", (0, 1)),
    ]


def test_what_is_moved_is_a_kind_of_what_it_is_moved_to_alone(folder, monkeypatch):
    monkeypatch.setattr(wordnet, "MOVED", {"00000007": "00000003"})
    found = wordnet.kinds_above(
        wordnet.read_nouns(folder), ["n00000006", "n00000007", "n00000005", "n00000001"]
    )
    assert found == [wordnet.Kind("n00000002", "animal", (0, 1, 2))]


def test_ranges_are_read_as_they_are_written():
    places = [0, 3, 4, 5, 9, 11, 12]
    assert wordnet._ranges(places) == "0 3-5 9 11-12"
    assert list(wordnet._places("0 3-5 9 11-12")) == places


def test_the_table_is_of_imagenets_classes_and_of_no_others():
    classes = imagenet_classes()
    found = {kind.name: kind for kind in wordnet.kinds(classes)}
    assert found["dog"].classes == tuple(range(151, 269))
    assert found["dog"].synset == "n02084071"
    assert {classes[index] for index in found["bear"].classes} == {
        "brown bear",
        "American black bear",
        "ice bear",
        "sloth bear",
        "giant panda",
    }
    assert classes.index("giant panda") in found["mammal"].classes
    assert wordnet.kinds(classes[::-1]) == () == wordnet.kinds(("a", "b"))
    assert all(len(kind.classes) > 1 for kind in wordnet.kinds(classes))


def test_wordnets_notice_stays_with_the_table():
    text = wordnet.TABLE.read_text()
    assert "Copyright 2006 by Princeton University" in text and 'PROVIDED "AS IS"' in text
    assert len(text.encode()) < 30_000
