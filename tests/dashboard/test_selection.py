"""The address: read whole, every wrong value one sentence and the default, and written back the same."""

import dataclasses
import random

import pytest

from dashboard.selection import MOST_IMAGES, MOST_METHODS, Known, Selection, fit, parse, query, with_model
from models.runtime.errors import UserError

MODELS = {"net": "panda", "wide/net.v1_in1k": "panda", "digits": "mnist/test/0"}
IMAGES = ("panda", "moose", "mnist/test/0", "mnist/test/17", "upload:0123456789abcdef")
METHODS = tuple(f"method_{letter}" for letter in "abcdefghij")
HOSTILE = (
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "**bold** [a](http://b)",
    "$(reboot)",
    "a\0b",
    "a\nb",
    "\u202egnp.exe",
    "\ud800",
    "x" * 1_000_000,
    " ",
    "",
)


def known_model(name):
    if name not in MODELS:
        raise UserError(f"There is no network {name[:40]!r}.")
    return MODELS[name]


def known_image(address):
    if address not in IMAGES:
        raise UserError(f"There is no picture {address[:40]!r}.")


def known_method(name):
    if name not in METHODS:
        raise UserError(f"There is no method {name[:40]!r}.")


def known_run(name):
    if name not in RUNS:
        raise UserError(f"There is no run {name!r}.")


RUNS = tuple(f"run-{number}" for number in range(9))
KNOWN = Known(model=known_model, image=known_image, method=known_method, run=known_run, default_model="net")
DEFAULT = Selection("net", ("panda",))


def a_selection(seed):
    """Any selection that can be made."""
    rng = random.Random(seed)
    model, other = rng.sample(tuple(MODELS), 2)
    letters = "abcdefghijklmnopqrstuvwxyz_"
    return Selection(
        model=model,
        against=rng.choice((None, other)),
        images=tuple(rng.sample(IMAGES, rng.randint(1, MOST_IMAGES))),
        target=rng.choice((None, 0, 7, 999_999)),
        versus=rng.choice((None, 0, 388)),
        runs=tuple(rng.sample(RUNS, rng.randint(0, 6))),
        layer=rng.choice((None, "features.3", "blocks.0.conv#2", "ein Netz.größe", "a b")),
        methods=tuple(rng.sample(METHODS, rng.randint(0, MOST_METHODS))),
        parameters={
            "".join(rng.choices(letters, k=rng.randint(1, 32))): rng.choice(
                ("50", "-0.5", "1e-3", "black", "A+b")
            )
            for _ in range(rng.randint(0, 5))
        },
    )


@pytest.mark.parametrize("seed", range(300))
def test_an_address_says_the_whole_selection(seed):
    selection = a_selection(seed)
    assert parse(query(selection, KNOWN), KNOWN) == (selection, [])


def test_defaults_are_left_out_of_the_address():
    assert query(DEFAULT, KNOWN) == {}
    assert parse({}, KNOWN) == (DEFAULT, [])
    digits = Selection("digits", ("mnist/test/0",))
    assert query(digits, KNOWN) == {"model": ["digits"]}
    assert parse({"model": ["digits"]}, KNOWN) == (digits, [])


def test_the_first_picture_is_the_one_every_page_shows():
    assert Selection("net", ("moose", "panda")).image == "moose"


@pytest.mark.parametrize("name", ["model", "against", "image", "target", "versus", "method", "p.steps"])
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:12]))
def test_a_wrong_value_gives_one_short_sentence_and_the_default(name, value):
    selection, problems = parse({name: [value]}, KNOWN)
    assert selection == DEFAULT
    (sentence,) = problems
    assert sentence.endswith(".")
    assert len(sentence) < 200
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "value", ["a\0b", "a\nb", "\u202ea", "\ud800", "x" * 201, ""], ids=lambda value: repr(value[:12])
)
def test_what_cannot_be_a_layer_gives_one_sentence(value):
    selection, problems = parse({"layer": [value]}, KNOWN)
    assert selection == DEFAULT
    assert len(problems) == 1
    assert problems[0].isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "1.5",
        "1e3",
        "\N{ARABIC-INDIC DIGIT SEVEN}",
        "\N{SUPERSCRIPT TWO}",
        "1234567",
        " 7",
        "0x7",
        "nan",
        "9" * 5000,
    ],
)
@pytest.mark.parametrize("name", ["target", "versus"])
def test_a_class_is_a_short_plain_number(name, text):
    selection, problems = parse({name: [text]}, KNOWN)
    assert getattr(selection, name) is None
    assert len(problems) == 1


@pytest.mark.parametrize(("text", "index"), [("0", 0), ("388", 388), ("007", 7), ("999999", 999_999)])
def test_a_class_is_read(text, index):
    assert parse({"target": [text]}, KNOWN) == (dataclasses.replace(DEFAULT, target=index), [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p.", "1"),
        ("p.N", "1"),
        ("p.n-steps", "1"),
        ("p.a.b", "1"),
        ("p." + "n" * 33, "1"),
        ("p.\N{LATIN SMALL LETTER E WITH ACUTE}", "1"),
    ],
)
def test_a_setting_has_a_plain_name(name, value):
    selection, problems = parse({name: [value]}, KNOWN)
    assert selection == DEFAULT
    assert len(problems) == 1


def test_many_wrong_settings_give_one_sentence():
    selection, problems = parse({f"p.<{number}>": ["x"] for number in range(5000)}, KNOWN)
    assert selection == DEFAULT
    assert len(problems) == 1
    assert len(problems[0]) < 200


def test_settings_are_limited_and_it_is_said():
    names = [f"p.{'ab'[first]}{'abcdefghijklmnopqrstuvwxyz'[second % 26]}{'x' * third}"
             for first in range(2) for second in range(26) for third in range(2)]  # fmt: skip
    selection, problems = parse({name: ["1"] for name in names}, KNOWN)
    assert len(selection.parameters) == 64
    assert problems == ["The address has 104 settings; the first 64 are used."]


def test_parameters_of_others_are_passed_over():
    assert parse({"utm_source": ["mail"], "MODEL": ["x"], "p": ["1"], "<b>": []}, KNOWN) == (DEFAULT, [])


@pytest.mark.parametrize(
    "name", ["model", "against", "image", "target", "versus", "layer", "method", "p.steps"]
)
def test_a_parameter_without_a_value_is_not_given(name):
    selection, problems = parse({name: []}, KNOWN)
    assert selection == DEFAULT
    assert problems == ([] if name != "p.steps" else problems)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("model", ["wide/net.v1_in1k", "digits"], "wide/net.v1_in1k"),
        ("against", ["digits", "wide/net.v1_in1k"], "digits"),
        ("target", ["3", "4"], 3),
        ("layer", ["a", "b"], "a"),
        ("image", ["moose", "panda", "mnist/test/0"], ("moose", "panda")),
        ("method", list(METHODS), METHODS[:MOST_METHODS]),
    ],
)
def test_of_too_many_values_the_first_are_used_and_it_is_said(name, values, expected):
    selection, problems = parse({name: values}, KNOWN)
    assert getattr(selection, {"image": "images", "method": "methods"}.get(name, name)) == expected
    (sentence,) = problems
    assert sentence.startswith(f"The address gives {len(values)} values for {name}; the first ")


def test_the_same_value_twice_is_one_value():
    address = {
        "model": ["digits"] * 3,
        "image": ["moose", "moose", "panda"],
        "method": [METHODS[0]] * 20,
        "p.a": ["1", "1"],
    }
    selection, problems = parse(address, KNOWN)
    assert problems == []
    assert selection == Selection("digits", ("moose", "panda"), methods=(METHODS[0],), parameters={"a": "1"})


def test_one_wrong_value_does_not_spoil_the_others():
    address = {
        "image": ["nothing", "moose"],
        "method": [METHODS[1], "nothing"],
        "target": ["x"],
        "versus": ["3"],
    }
    selection, problems = parse(address, KNOWN)
    assert selection == Selection("net", ("moose",), versus=3, methods=(METHODS[1],))
    assert len(problems) == 3


def test_a_network_is_not_compared_with_itself():
    assert parse({"model": ["digits"], "against": ["digits"]}, KNOWN)[0].against is None
    assert parse({"against": ["net"]}, KNOWN)[0].against is None


@pytest.mark.parametrize("seed", range(100))
def test_any_address_gives_a_selection_that_can_be_written(seed):
    rng = random.Random(seed)
    words = (*HOSTILE, *MODELS, *IMAGES, *METHODS, "7", "features.3")
    names = (
        "model",
        "against",
        "image",
        "target",
        "versus",
        "layer",
        "unit",
        "method",
        "p.steps",
        "p.<b>",
        "other",
    )
    address = {
        name: rng.choices(words, k=rng.randint(0, 12)) for name in rng.sample(names, rng.randint(0, 10))
    }
    selection, problems = parse(address, KNOWN)
    assert all(sentence.isprintable() and len(sentence) < 250 for sentence in problems)
    assert parse(query(selection, KNOWN), KNOWN) == (selection, [])


def test_another_network_takes_what_belongs_to_it():
    selection = Selection(
        "net",
        ("moose", "mnist/test/3"),
        against="wide/net.v1_in1k",
        target=3,
        versus=4,
        layer="features.3",
        unit=7,
        methods=METHODS[:2],
        parameters={"n_steps": "50"},
    )
    changed = with_model(
        selection, "digits", fits=lambda image: image.startswith("mnist"), start="mnist/test/0"
    )
    assert changed == Selection(
        "digits", ("mnist/test/3",), methods=METHODS[:2], parameters={"n_steps": "50"}
    )
    changed = with_model(selection, "digits", fits=lambda image: False, start="mnist/test/0")
    assert changed.images == ("mnist/test/0",)


def test_what_the_network_has_stays():
    selection = Selection("net", ("panda",), target=9, versus=0, layer="conv", unit=7)
    assert fit(selection, classes=10, layers=["stem", "conv"]) == (selection, [])
    assert fit(DEFAULT, classes=10, layers=[]) == (DEFAULT, [])


def test_what_the_network_has_not_falls_back_with_a_sentence_each():
    selection = Selection("net", ("panda",), target=10, versus=388, layer="x" * 200, unit=7)
    own, problems = fit(selection, classes=10, layers=["conv"])
    assert own == DEFAULT
    assert len(problems) == 3
    assert all(len(sentence) < 200 for sentence in problems)
