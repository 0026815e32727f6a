"""Shapley values of a mail, side by side with Captum's ShapleyValueSampling as it is called by default.

Both go over the same number of orders of the same words, with an unknown word in the gaps. They take turns in one
process, so that whatever else the machine does slows both alike; times are medians. Of what both find there are the
largest standard error of ours, and the largest difference between the two.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import torch
from captum.attr import ShapleyValueSampling
from torch import Tensor

from dashboard.inspection.text.run import TextRequest, attribute
from dashboard.inspection.text.shapley import METHOD
from models import kinds
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.runtime.threads import use_threads
from models.text import TEXT_SETS
from models.text.classifier import TextClassifier
from models.text.tokenizer import UNKNOWN, Tokens

SEED = 0


def options(parser: argparse.ArgumentParser) -> None:
    """What is read, and how often each side reads it."""
    parser.add_argument(
        "--network", action="append", help="one or more; all on board that read texts if none"
    )
    parser.add_argument("--words", type=int, default=200)
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)


def run(network: list[str] | None, words: int, samples: int, repeats: int) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    print(f"{use_threads()} threads; a mail of {words} words, {samples} orders; seconds")
    names = network or list(on_board(kinds.TEXT))
    if not names:
        raise SystemExit("No network on board reads texts.")
    numbers: dict[str, float] = {}
    for name in names:
        classifier = find_network(name).load(silent)
        assert isinstance(classifier, TextClassifier), f"{name} reads no texts"
        numbers |= {
            f"{name}.{key}": value for key, value in _shapley(classifier, words, samples, repeats).items()
        }
    # That of the network to begin with, as a page shows it first.
    numbers["shapley_speedup"] = numbers[f"{names[0]}.speedup"]
    numbers["shapley_speedup_least"] = min(numbers[f"{name}.speedup"] for name in names)
    for key, value in numbers.items():
        print(f"{key:40} {value:10.4f}")
    return numbers


def _shapley(classifier: TextClassifier, words: int, samples: int, repeats: int) -> dict[str, float]:
    tokens = _mail(classifier, words)
    ids = torch.from_numpy(tokens.ids)[None]
    target = int(classifier.module(ids).argmax())
    request = TextRequest(target, parameters=METHOD.settings({"n_permutations": str(samples)}))

    def theirs() -> Tensor:
        torch.manual_seed(SEED)
        found: Tensor = ShapleyValueSampling(classifier.module).attribute(
            ids, baselines=UNKNOWN, target=target, n_samples=samples
        )
        return found[0].double()

    def ours() -> tuple[Tensor, Tensor]:
        record = attribute(classifier.network, tokens, method=METHOD, request=request)
        assert record.values is not None and record.errors is not None, record.outcome.reason
        return torch.from_numpy(record.values), torch.from_numpy(record.errors)

    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        began = time.perf_counter()
        other = theirs()
        between = time.perf_counter()
        values, errors = ours()
        taken[0].append(between - began)
        taken[1].append(time.perf_counter() - between)
    captum, vitrine = map(median, taken)
    return {
        "captum": captum,
        "vitrine": vitrine,
        "speedup": captum / vitrine,
        "largest_error": float(errors.max()),
        "largest_difference": float((values - other).abs().max()),
    }


def _mail(classifier: TextClassifier, words: int) -> Tokens:
    """The first mail of the test split that has so many words, cut to them."""
    longest = classifier.tokenizer.longest
    assert words <= longest, f"it reads {longest} words at most"
    for text in TEXT_SETS[classifier.fits].load(silent).texts["test"]:
        tokens = classifier.encode(text)
        if len(tokens) >= words and not (tokens.ids == UNKNOWN).all():
            return classifier.encode(text[: tokens.spans[words - 1][1]])
    raise SystemExit(f"No mail has {words} words.")
