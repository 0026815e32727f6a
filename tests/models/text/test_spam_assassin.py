"""The mails that ship: what names somebody is masked, and what tells where a mail was collected is left out."""

from __future__ import annotations

import json

from models.text.spam_assassin import clean, collect, parse, parts, visible

PLAIN = b"""From: "Ann Harlow" <ann@mail.example>
To: list@mail.example
Subject: Re: [ILUG] Buy it for 20 pounds

> Bob wrote to bob@mail.example:
Ann Harlow's page is http://mail.example/ann, see www.mail.example too.
_______________________________________________
ILUG mailing list
"""
HTML = b"""From: offers <o@mail.example>
Subject: =?iso-8859-1?q?Caf=E9?=
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><head><style>p {color: red}</style></head><body><p>Free =A3 caf=E9</p><script>x()</script>now</body></html>
"""


def test_subject_and_text_stay_without_tags_and_footers():
    text, names = parse(PLAIN)
    assert text.startswith("Re: Buy it for 20 pounds\n\nBob wrote to")
    assert "mailing list" not in text and "ILUG" not in text
    assert names == {"Ann", "Harlow"}


def test_what_names_somebody_is_masked():
    text, names = parse(PLAIN)
    assert clean(text, names) == (
        "Re: Buy it for <number> pounds\n\nBob wrote to <address>:\n<name> <name> page is <url>, see <url> too."
    )


def test_a_page_is_read_as_a_person_reads_it():
    text, _ = parse(HTML)
    assert clean(text, ()) == "Caf\u00e9\n\nFree \u00a3 caf\u00e9\nnow"
    assert visible("a<br>b &amp; c<script>d</script>") == "a\nb & c"


def test_the_first_words_are_kept_and_no_code():
    assert clean("word " * 500, ()).split() == ["word"] * 400
    assert clean("a " + "x" * 41 + " b", ()) == "a b"


def test_a_folder_becomes_two_parts_without_twins(tmp_path):
    for folder, count in (("easy-ham-1", 12), ("spam-1", 8)):
        (tmp_path / folder).mkdir()
        for number in range(count):
            # Numbers are masked, so that the first five of each are the same mail.
            word = "free" if number < 5 else f"word{'abcdefghijkl'[number]}"
            mail = {"group": folder, "text": f"Subject: {folder[:4]}\n\n{word} {number}\n"}
            (tmp_path / folder / f"{number}.json").write_text(json.dumps(mail))
    texts, labels = collect(tmp_path)
    assert (len(texts), sum(labels)) == (12, 4)
    assert all("<number>" in text for text in texts)
    made = parts(texts, labels)
    assert (len(made.texts["train"]), len(made.texts["test"])) == (10, 2)
    assert {*made.texts["train"]} | {*made.texts["test"]} == {*texts}
