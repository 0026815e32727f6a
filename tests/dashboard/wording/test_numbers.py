"""Numbers and findings as people read them."""

import re

import numpy as np
import pytest

from dashboard.wording.numbers import (
    certainty,
    colour_scale,
    count,
    duration,
    enumeration,
    leaders,
    memory,
    percent,
    rate,
    shorten,
    si,
    three_digits,
    with_article,
)

NAME = "American Staffordshire terrier"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-9, "below 0.1 %"),
        (0.0009999, "below 0.1 %"),
        (0.001, "0.1 %"),
        (0.0043, "0.4 %"),
        (0.01, "1 %"),
        (0.097, "10 %"),
        (0.5, "50 %"),
        (0.974, "97 %"),
        (0.99, "99 %"),
        (0.9951, "99.5 %"),
        (0.999, "99.9 %"),
        (0.9995, "above 99.9 %"),
        (np.nextafter(np.float32(1), np.float32(0)), "above 99.9 %"),
        (1, "100 %"),
        (np.float32(1.0000001), "100 %"),
        (float("nan"), "not a number"),
    ],
)
def test_percent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0004, "below 0.1 %"),
        (0.0005, "0.1 %"),
        (0.3333, "33.3 %"),
        (0.9, "90.0 %"),
        (0.9994, "99.9 %"),
        (0.9995, "above 99.9 %"),
        (1.0, "100 %"),
        (float("nan"), "not a number"),
    ],
)
def test_a_counted_share_has_a_tenth_of_a_percent(share, text):
    assert rate(share) == text


@pytest.mark.parametrize("share", np.linspace(0, 1, 501)[1:-1])
def test_only_certainty_is_said_to_be_certain(share):
    assert percent(share) not in ("0 %", "100 %", "0.0 %", "100.0 %")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (7, "7"),
        (784, "784"),
        (999.4, "999"),
        (999.6, "1 k"),
        (1000, "1 k"),
        (1234, "1.23 k"),
        (109_386, "109 k"),
        (999_499, "999 k"),
        (999_950, "1 M"),
        (4_652_008, "4.65 M"),
        (398e6, "398 M"),
        (1.5e9, "1.5 G"),
        (2e12, "2 T"),
        (5e15, "5,000 T"),
        (-4_652_008, "-4.65 M"),
        (0.25, "0.25"),
        (float("inf"), "infinite"),
        (float("nan"), "not a number"),
    ],
)
def test_si(number, text):
    assert si(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (10.692, "10.7"),
        (-10.692, "-10.7"),
        (0.1, "0.1"),
        (0.012345, "0.0123"),
        (0.001, "0.001"),
        (0.00099996, "0.001"),
        (0.00012345, "0.000123"),
        (1e-9, "10⁻⁹"),
        (999.95, "1,000"),
        (1234.5, "1,230"),
        (123_456, "123,000"),
        (999_999, "10⁶"),
        (1.5e10, "1.5·10¹⁰"),
        (np.float32(0.3), "0.3"),
        (float("inf"), "infinite"),
        (float("-inf"), "-infinite"),
        (float("nan"), "not a number"),
    ],
)
def test_significant(number, text):
    assert three_digits(number) == text


@pytest.mark.parametrize("exponent", range(-8, 12))
@pytest.mark.parametrize("seed", range(5))
def test_three_digits_are_within_half_a_percent(exponent, seed):
    number = float(np.random.default_rng(seed).uniform(1, 10) * 10.0**exponent)
    text = re.sub("·?10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", "e", three_digits(number).replace(",", ""))
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(f"1{plain}" if plain.startswith("e") else plain) == pytest.approx(number, rel=0.005)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (512, "512 B"), (38_400, "38.4 kB"), (9_391_000, "9.39 MB"), (5e9, "5 GB")],
)
def test_memory(number, text):
    assert memory(number) == text


@pytest.mark.parametrize(
    ("number", "one", "several", "text"),
    [
        (1, "layer", "", "1 layer"),
        (0, "layer", "", "0 layers"),
        (1280, "class", "", "1,280 classes"),
        (2, "entry", "entries", "2 entries"),
    ],
)
def test_what_is_counted_has_the_right_number(number, one, several, text):
    assert count(number, one, several) == text


def test_who_shares_the_first_place_is_named():
    assert leaders([1, 3, 2], "channel", "conv", "speaks", "speak alike") == "Channel 1 of conv speaks"
    assert (
        leaders([3, 3, 2], "channel", "conv", "speaks", "speak alike")
        == "Channels 0 and 1 of conv speak alike"
    )
    assert leaders([3.0] * 5, "unit", "fc", "speaks", "speak alike") == "5 units of fc speak alike"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.0271, "27 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (1, "1.0 s"),
        (2.14, "2.1 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (60, "1 min"),
        (200, "3 min"),
        (7169, "119 min"),
        (7171, "2.0 h"),
        (78_000, "21.7 h"),
    ],
)
def test_duration(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        ("giant panda", "a giant panda"),
        ("Egyptian cat", "an Egyptian cat"),
        ("unicycle", "a unicycle"),
        ("umbrella", "an umbrella"),
        ("upright", "an upright"),
        ("hourglass", "an hourglass"),
        ("honeycomb", "a honeycomb"),
        ("horse cart", "a horse cart"),
        ("European fire salamander", "a European fire salamander"),
        ("European gallinule", "a European gallinule"),
        ("eel", "an eel"),
        ("iPod", "an iPod"),
        ("CD player", "a CD player"),
        ("LP", "an LP"),
        ("school bus", "a school bus"),
        ("beer glass", "a beer glass"),
        ("mantis", "a mantis"),
        ("triceratops", "a triceratops"),
        ("sunglasses", "sunglasses"),
        ("mashed potato", "mashed potato"),
        ("hay", "hay"),
        ("Great Pyrenees", "a Great Pyrenees"),
        ("swimming trunks", "swimming trunks"),
        ("T-shirt/top", "a T-shirt/top"),
        ("Ankle boot", "an Ankle boot"),
        ("7", "7"),
        ("<script>", "<script>"),
        (" ", " "),
        ("", ""),
    ],
)
def test_article(name, phrase):
    assert with_article(name) == phrase


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_one_after_the_other(words, text):
    assert enumeration(words) == text


@pytest.mark.parametrize(
    ("probability", "other", "sentence"),
    [
        (1.0, 0.0, "It is 100 % sure: a moose."),
        (0.97, 0.01, "It is 97 % sure: a moose."),
        (0.51, 0.2, "It is 51 % sure: a moose."),
        (0.51, 0.49, "It cannot tell: a moose (51 %) or an ox (49 %)."),
        (0.5, 0.5, "It cannot tell: a moose (50 %) or an ox (50 %)."),
        (0.4, 0.1, "It is only 40 % sure: probably a moose; next comes an ox (10 %)."),
        (0.39, 0.36, "It cannot tell: a moose (39 %) or an ox (36 %), among others."),
        (0.13, 0.01, "It cannot tell: a moose (13 %) or an ox (1 %), among others."),
        (0.0001, 0.0001, "It cannot tell: a moose (below 0.1 %) or an ox (below 0.1 %), among others."),
    ],
)
def test_certainty(probability, other, sentence):
    assert certainty("It", probability, "moose", (other, "ox")) == sentence


@pytest.mark.parametrize(
    ("longest", "end", "text"),
    [
        (30, 8, NAME),
        (29, 8, "American Staffordshi… terrier"),
        (14, 5, "American…rrier"),
        (14, 0, "American Staf…"),
    ],
)
def test_a_long_name_keeps_both_ends(longest, end, text):
    short = shorten(NAME, longest, end=end)
    assert short == text
    assert len(short) <= longest


def test_a_colour_scale_says_whether_values_lie_beyond():
    values = np.array([-3.0, 0.5])
    assert colour_scale(values, 3.0, signed=True) == "-3 to 3"
    assert colour_scale(values, 2.0, signed=True) == "-2 to 2, and beyond in the end's colour"
    assert colour_scale(values, 0.5, signed=False, write=percent) == "0 to 50 %"
    assert colour_scale(values, 0.25, signed=False) == "0 to 0.25, and beyond in the end's colour"
