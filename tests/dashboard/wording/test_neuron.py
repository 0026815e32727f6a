"""One neuron in words, and the chain rule in numbers that multiply out."""

from __future__ import annotations

import math
import re

import numpy as np

from dashboard.records.neuron import Applied
from dashboard.wording import neuron as wording
from tests.dashboard.records.test_neuron import example


def followed(title: str, outputs: list[list[float]], slope: float = 1.0) -> Applied:
    return Applied(
        title,
        np.array(outputs, np.float32),
        np.full((2, 2), slope, np.float32),
        None,
        np.ones((2, 2), np.float32),
    )


def test_the_headline_says_the_sum_and_what_becomes_of_it():
    start = "Channel 0 of conv multiplies 4 numbers by 4 weights, and their sum is 21"
    assert wording.headline(example(), 0, 0) == f"{start}."
    through = example(applied=(followed("ReLU", [[21, 46], [110, 136]]),))
    assert wording.headline(through, 0, 0) == f"{start}; the ReLU lets it through."
    off = example(applied=(followed("ReLU", [[0, 46], [110, 136]]),))
    assert wording.headline(off, 0, 0) == f"{start}; the ReLU makes it 0, so it says nothing here."
    both = example(applied=(followed("batch norm", [[4, 0], [0, 0]]), followed("ReLU6", [[4, 0], [0, 0]])))
    assert wording.headline(both, 0, 0) == f"{start}; the batch norm and the ReLU6 make 4 of it."


def test_channels_of_a_photo_are_its_colours():
    assert wording.channel(2, of_picture=True, colours=True) == "blue"
    assert wording.channel(0, of_picture=True, colours=False) == "the picture"
    assert wording.channel(7, of_picture=False, colours=True) == "channel 7"
    assert wording.terms(example(), "red") == ("4 products of red", "")


def test_the_chain_rules_numbers_multiply_out():
    of = example(applied=(followed("ReLU", [[21, 46], [110, 136]], slope=0.5),))
    here, whole = wording.chain(of, (0, 1, 1), 1, 1)
    factors = [float(number) for number in re.findall(r"underbrace\{([-0-9.]+)\}", here)]
    assert factors == [1, 0.5, 15] and "slope of ReLU" in here
    assert here.endswith("= 30"), "of the example's own gradient at the sum, 2, times what the weight reads"
    assert whole.endswith("= 35") and "4" in whole
    assert wording.chain(example(gradients=None), (0, 1, 1), 0, 0) == []
    (here, _) = wording.chain(example(), (0, 1, 1), 1, 1)
    numbers = [float(number) for number in re.findall(r"underbrace\{([-0-9.]+)\}", here)]
    assert math.prod(numbers) == 30 and here.endswith("= 30")


def test_which_way_training_would_move_a_weight():
    assert wording.chain_sentence(example(), (0, 1, 1), "7").startswith(
        "The weight is 4. Training on this picture"
    )
    assert "make it smaller, for the sake of 7" in wording.chain_sentence(example(), (0, 1, 1), "7")
    silent = example(gradients=np.zeros((2, 2), np.float32))
    assert "asks nothing" in wording.chain_sentence(silent, (0, 0, 0), "7")


def test_what_is_not_shown_of_a_dense_unit():
    at = example().sum_at(1, 1)
    assert wording.dense_rest(at, 2) == "Together these add 102, the other 2 add 32, the bias 1."
    assert wording.dense_rest(at, 4) == "Together these add 134, the bias 1."
