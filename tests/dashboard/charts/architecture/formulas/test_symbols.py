"""Numbers, names and sizes as LaTeX says them."""

from __future__ import annotations

import pytest
from torch import nn

from dashboard.charts.architecture.formulas import FORMULAS
from dashboard.charts.architecture.formulas.symbols import (
    Formula,
    has_weight,
    number_setting,
    pair_setting,
    real_space,
    small_number,
    tex_name,
    tex_number,
    weights,
)
from dashboard.records.architecture import TracedCall
from tests.dashboard.charts.architecture.formulas.single import formula_of

CALL = TracedCall(
    "conv", ("Conv2d",), (), True, (), ((1, 8, 8),), (2, 8, 8), "float32", 20, (("weight", (2, 1, 3, 3)),),
    {"kernel_size": (3, 5), "stride": 2, "padding": "same", "eps": 1e-5}, 0, 0, None,
)  # fmt: skip


def test_numbers():
    assert [tex_number(number) for number in (7, 1234567, 0.5)] == ["7", "1{,}234{,}567", "0.5"]
    assert [small_number(number) for number in (0, 0.01, 1e-5, 2.5e-7)] == [
        "0",
        "0.01",
        "10^{-5}",
        r"2.5 \cdot 10^{-7}",
    ]


def test_spaces_and_names():
    assert real_space(3, 1024) == r"\mathbb{R}^{3 \times 1{,}024}"
    assert tex_name(r"a_b#2.\x$") == r"\mathrm{a\_b\#2.x}"


def test_settings_of_any_form():
    assert pair_setting(CALL, "kernel_size", 1) == (3, 5) and pair_setting(CALL, "stride", 1) == (2, 2)
    assert pair_setting(CALL, "padding", 4) == (4, 4) and pair_setting(CALL, "dilation", 1) == (1, 1)
    assert number_setting(CALL, "eps") == 1e-5 and number_setting(CALL, "padding", 9) == 9
    assert has_weight(CALL, "weight") and not has_weight(CALL, "bias")


@pytest.mark.parametrize(
    ("bias", "line"),
    [(0, r"2 \cdot 9 = 18 \text{ weights}"), (2, r"2 \cdot 9 + 2 = 20 \text{ weights}")],
)
def test_how_a_number_of_weights_comes_about(bias, line):
    assert weights(CALL, (2, 9), bias) == line


def test_an_unknown_layer_says_so_in_one_sentence():
    found = formula_of(lambda: nn.PixelShuffle(2), 4, 8, 8)
    assert found == Formula(
        (), ("No formula is written down here for a PixelShuffle: it reads 4 x 8 x 8 and gives 1 x 16 x 16.",)
    )


def test_a_class_derived_from_a_known_one_is_known():
    class Own(nn.ReLU):
        pass

    assert formula_of(Own, 2, 2, 2).lines == (r"y = \max(0, x)",)


def test_every_entry_of_the_table_is_a_class_of_torch_or_timm():
    known = set(dir(nn)) | {"Attention"}
    assert FORMULAS.keys() <= known
