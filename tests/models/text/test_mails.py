"""The mails that ship: as many as is said, each once, and none that names anybody by address or number."""

from __future__ import annotations

import re

import numpy as np

from models.runtime.progress import silent
from models.text.mails import CLASSES, MAILS, read, write
from models.text.texts import Texts
from models.text.tokenizer import words

URL = re.compile(r"https?://\w|www\.\w")


def test_there_are_as_many_as_is_said():
    mails = MAILS.load(silent)
    for split, count in MAILS.counts.items():
        assert len(mails.texts[split]) == len(mails.targets[split]) == count
        assert set(mails.targets[split].tolist()) == {0, 1}
    spam = {split: mails.targets[split].mean() for split in MAILS.counts}
    assert abs(spam["train"] - spam["test"]) < 0.005


def test_each_is_there_once_and_names_nobody():
    texts = [text for split in MAILS.counts for text in MAILS.load(silent).texts[split]]
    assert len({" ".join(words(text)) for text in texts}) == len(texts)
    assert not [text for text in texts if re.search(r"\d", text) or URL.search(text)]
    assert not [text for text in texts if re.search(r"\w@\w+\.\w", text)]
    assert max(len(text.split()) for text in texts) <= 400


def test_a_file_is_read_as_it_was_written(tmp_path):
    small = Texts({"train": ("caf\u00e9 <url>", "b")}, {"train": np.array([1, 0])})
    write(tmp_path / "small.xz", small)
    again = read(tmp_path / "small.xz")
    assert again.texts == small.texts
    assert again.targets["train"].tolist() == [1, 0]
    assert MAILS.classes == CLASSES
