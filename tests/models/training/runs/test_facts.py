"""What a run's network reads and answers, kept beside its weights."""

from __future__ import annotations

import dataclasses

import pytest

from models.runtime.errors import UserError
from models.text.tokenizer import SPECIAL, Tokenizer
from models.training.formats.pictures import PictureFormat
from models.training.formats.texts import TextFormat
from models.training.runs import EXAMPLES, facts
from models.training.runs.facts import Facts

FACTS = Facts(
    title="Digits",
    fits="mnist-10k",
    classes=("zero", "one"),
    format=PictureFormat((28, 32), (0.5,), (0.25,)),
    counts={"train": 90, "validation": 10},
)


def test_are_read_as_they_were_written(tmp_path):
    FACTS.write(tmp_path)
    assert facts.read(tmp_path) == FACTS


def test_texts_are_read_as_they_were_written(tmp_path):
    of_texts = dataclasses.replace(FACTS, format=TextFormat(Tokenizer((*SPECIAL, "don't", "<url>"), 9)))
    of_texts.write(tmp_path)
    assert facts.read(tmp_path) == of_texts


def test_those_of_an_earlier_version_are_of_pictures():
    assert facts.read(EXAMPLES / "example-healthy").format == PictureFormat((28, 28), (0.1307,), (0.3081,))


def test_before_the_data_is_read_there_are_none(tmp_path):
    with pytest.raises(UserError, match="has not read its data yet"):
        facts.read(tmp_path)


@pytest.mark.parametrize(
    "content", [b"{}", b'{"title": "x", "size": [1]}', b'{"reads": "smells"}', b'{"size": 5}', b"{", b"[]"]
)
def test_damaged_ones_are_told(tmp_path, content):
    (tmp_path / facts.FILE).write_bytes(content)
    with pytest.raises(UserError, match=rf"data\.json of run {tmp_path.name} is damaged"):
        facts.read(tmp_path)
