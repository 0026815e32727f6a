"""What spectra say, in exact words."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.records.weights import PowerLaw, Spectrum, TensorFacts
from dashboard.wording.spectrum import headline, sentences


def spectrum(name: str, values: list[float], alpha: float | None = None, distance: float = 0.05) -> Spectrum:
    facts = TensorFacts(f"{name}.weight", name, "weight", "Linear", "float32", (4, 4), (4, 4))
    law = None if alpha is None else PowerLaw(alpha, 1.0, distance, 2)
    return Spectrum(facts, np.array(values), law)


def test_the_headline_names_the_layer_that_uses_fewest_directions():
    narrow, wide = spectrum("narrow", [1.0, 0, 0, 0]), spectrum("wide", [1.0, 1, 1, 1])
    used = "narrow uses the smallest share of its directions, 1 of 4."
    assert headline("Net", []) == "Net has no matrix with a spectrum."
    unclear = f"What these spectra say of Net is not clear: no tail is a power law; {used}"
    assert headline("Net", [wide, narrow]) == unclear
    assert headline("Net", [spectrum("a", [1.0, 1], 1.5, 0.9), narrow]) == unclear
    usual, heavy, light = (
        spectrum(name, [1.0, 1], alpha) for name, alpha in (("a", 3.0), ("b", 1.5), ("c", 7.0))
    )
    assert headline("Net", [usual, narrow]) == f"Nothing in these spectra speaks against Net; {used}"
    assert headline("Net", [usual, heavy, light, narrow]) == (
        "b of Net may be overtrained, a few directions ruling all others, and c of Net may have learned little, with a "
        f"spectrum like that of chance; {used}"
    )
    assert headline("Net", [heavy] * 4 + [narrow]).startswith("4 layers of Net may be overtrained")


def test_a_spectrum_without_a_tail():
    assert sentences(spectrum("a", [2.0, 2])) == [
        "a.weight: of 2 directions, 2 carry its energy (stable rank) and 2 are in use (effective rank). Condition "
        "number 1.",
        "With fewer than 50 values that differ, its tail cannot be fitted.",
    ]


@pytest.mark.parametrize(
    ("alpha", "words"),
    [(1.5, "Below 2, a few directions"), (2.0, "That is within"), (6.0, "That is within"), (6.1, "Above 6,")],
)
def test_a_tail_says_what_its_exponent_suggests(alpha, words):
    said = sentences(spectrum("a", [2.0, 2, 1, 1], alpha))[1]
    assert said.startswith(
        f"Alpha {alpha:g}, fitted to the largest 2 (50 %); it misses them by 0.05 at most, as a power"
    )
    assert words in said
    assert "so it is no power law" in sentences(spectrum("a", [2.0, 2, 1, 1], alpha, 0.9))[1]
