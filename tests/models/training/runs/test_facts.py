"""What a run's network reads and answers, kept beside its weights."""

from __future__ import annotations

import pytest

from models.runtime.errors import UserError
from models.training.runs import facts
from models.training.runs.facts import Facts

FACTS = Facts(
    title="Digits",
    fits="mnist-10k",
    classes=("zero", "one"),
    size=(28, 32),
    mean=(0.5,),
    std=(0.25,),
    counts={"train": 90, "validation": 10},
)


def test_are_read_as_they_were_written(tmp_path):
    FACTS.write(tmp_path)
    assert facts.read(tmp_path) == FACTS


def test_say_what_the_network_does_to_a_picture():
    preprocessing = FACTS.preprocessing
    assert (preprocessing.size, preprocessing.resize) == ((28, 32), 28)
    assert (preprocessing.mean, preprocessing.std) == ((0.5,), (0.25,))


def test_before_the_data_is_read_there_are_none(tmp_path):
    with pytest.raises(UserError, match="has not read its data yet"):
        facts.read(tmp_path)


@pytest.mark.parametrize("content", [b"{}", b'{"title": "x", "size": [1]}', b'{"size": 5}', b"{", b"[]"])
def test_damaged_ones_are_told(tmp_path, content):
    (tmp_path / facts.FILE).write_bytes(content)
    with pytest.raises(UserError, match=rf"data\.json of run {tmp_path.name} is damaged"):
        facts.read(tmp_path)
