"""One sentence for each thing that is otherwise than it seems."""

from __future__ import annotations

import pytest

from models.datasets.remarks import SENTENCES, remark


def test_names_the_first_few_and_counts_all():
    assert (
        remark("hidden", ["a/._1.png"])
        == "1 hidden or system file whose name ends like a picture's is left out: a/._1.png."
    )
    names = [f"{k}.png" for k in range(1234)]
    assert remark("hidden", names) == (
        "1,234 hidden or system files whose names end like pictures' are left out: 0.png, 1.png, 2.png and others."
    )
    assert remark("unlearned", ["fish"], 7).startswith("7 pictures are left out") and "fish" in remark(
        "unlearned", ["fish"], 7
    )


@pytest.mark.parametrize("kind", SENTENCES)
def test_nothing_is_said_of_nothing(kind):
    assert remark(kind, []) == ""
    assert remark(kind, ["a"]).startswith("1 ")
    assert remark(kind, ["a", "b"]).startswith("2 ")


def test_a_name_is_fit_to_be_shown():
    assert remark("closed", ["a\u202eb/\x1b[31m.png"]) == "1 folder cannot be opened: ab/[31m.png."
