"""Architectures of the same tensors that also compute the same are told from those that do not."""

from __future__ import annotations

import pytest
from torch import Tensor, nn

from models.checkpoints.architectures import LIBRARIES, Library
from models.checkpoints.known import Row
from models.checkpoints.likeness import with_likeness
from models.preprocessing import Preprocessing


class Padded(nn.Module):
    """One convolution that pads, or not, and the mean of its maps."""

    def __init__(self, padding: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=padding)

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.conv(inputs).relu()
        return outputs.mean((2, 3))


@pytest.fixture
def rows(monkeypatch):
    paddings = {"a": 1, "b": 1, "c": 0, "d": 0, "broken": -1}
    library = Library(
        "tiny",
        lambda: "",
        list,
        lambda name, classes, options: Padded(paddings[name]),
        lambda name, options: Preprocessing((8, 8), 8, (0.5,) * 3, (0.5,) * 3),
        str,
    )
    monkeypatch.setitem(LIBRARIES, "tiny", library)
    names = [f"tiny/{name}" for name in paddings]
    return [Row(name, {}, 4, (), (2, 5), frozenset(), name) for name in names]


def test_the_first_that_computes_the_same_is_named(rows, capsys):
    like = {row.name: row.like for row in with_likeness(rows)}
    assert like == {
        "tiny/a": "tiny/a",
        "tiny/b": "tiny/a",
        "tiny/c": "tiny/c",
        "tiny/d": "tiny/c",
        "tiny/broken": "tiny/broken",
    }
    assert capsys.readouterr().out.startswith("same names and shapes: tiny/a=tiny/a, tiny/b=tiny/a")


def test_one_alone_is_not_tried(rows, monkeypatch):
    monkeypatch.setattr("models.checkpoints.likeness._trial_answer", lambda row: pytest.fail("tried"))
    assert with_likeness(rows[:1]) == rows[:1]
