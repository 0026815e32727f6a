"""Shapley values of rows of a table, side by side with shap's KernelExplainer, and a slider's answer.

Of twelve columns all 4,096 sets can be asked for, so that errors are known: those of our values by one pair of orders
for each background row and by as many as a page asks for, and those of shap for more and more sets. shap is timed with
as many sets as make it as good as we are, and with all of them beside ours by all sets. Both go over the same rows with
the same background, in turns, in one process. `l1_reg=0` because its default keeps ten columns.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dashboard.inspection.table import shapley
from dashboard.inspection.table.method import TableTask
from dashboard.inspection.table.run import attribute, read_row
from models.kinds import TABLE
from models.networks import find_network, on_board
from models.runtime.progress import silent
from models.runtime.randomness import fork_rng
from models.runtime.threads import use_threads
from models.table import TABLE_ARCHITECTURES
from models.table.classifier import TableClassifier
from models.training.tables import table_of

COLUMNS, BACKGROUND, SEED = 12, 100, 0
ALL = 2**COLUMNS - 2
# Sets that shap is asked for until it is as good, and rows that errors are taken over.
TRIED, JUDGED = (100, 150, 200, 250, 300, 400, 600, 800, 1000, 1400, 2072), 20
Values = NDArray[np.float64]


def options(parser: argparse.ArgumentParser) -> None:
    """How many rows are explained, and how often each side takes its turn."""
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)


def run(rows: int, repeats: int) -> dict[str, float]:
    """Print the table and return its numbers by key."""
    import shap

    print(f"{use_threads()} threads; {rows} rows of {COLUMNS} columns, {BACKGROUND} background rows; seconds")
    draws = np.random.default_rng(SEED)
    with fork_rng(SEED):
        network = TABLE_ARCHITECTURES["table_mlp"].build(2, COLUMNS).eval().requires_grad_(False)
        for parameter in network.parameters():
            parameter.mul_(2)
    background, data = (
        draws.normal(size=(count, COLUMNS)).astype(np.float32) for count in (BACKGROUND, rows)
    )

    def answer(some: Values) -> Values:
        with torch.no_grad():
            return np.asarray(network(torch.from_numpy(np.asarray(some, np.float32)))[:, 0].double())

    explainer = shap.KernelExplainer(answer, background)

    def theirs(some: NDArray[np.float32], sets: int) -> Values:
        with warnings.catch_warnings():
            # Of its solver, where few sets leave columns open.
            warnings.simplefilter("ignore")
            found = explainer.shap_values(some, nsamples=sets, l1_reg=0, silent=True)
        return np.asarray(found)

    behind, column = torch.from_numpy(background), torch.arange(COLUMNS)

    def score(some: Tensor) -> Tensor:
        logits: Tensor = network(some)
        return logits[:, 0]

    def ours(some: NDArray[np.float32], pairs: int) -> Values:
        return shapley.sample(score, torch.from_numpy(some), behind, column, pairs).mean(0).numpy()

    def all_sets(some: NDArray[np.float32]) -> Values:
        tasks = [TableTask(network, torch.from_numpy(row), behind, 0, column) for row in some]
        return np.stack([shapley._exact(task).values.numpy() for task in tasks])

    judged = data[:JUDGED]
    exact = all_sets(judged)

    def error(found: Values) -> float:
        return float(np.sqrt(((found - exact) ** 2).mean()))

    errors = {sets: error(theirs(judged, sets)) for sets in TRIED}
    numbers = {
        "size": float(np.abs(exact).mean()),
        "exact.difference": float(np.abs(theirs(judged[:3], ALL) - exact[:3]).max()),
    }
    for name, pairs in (("quick", 1), ("page", shapley.PAIRS)):
        own = error(ours(judged, pairs))
        sets = next((sets for sets in TRIED if errors[sets] <= own), ALL)
        numbers |= {
            f"{name}.error": own,
            f"{name}.shap_error": errors.get(sets, 0.0),
            f"{name}.shap_sets": sets,
        }
        numbers |= _turns(name, repeats, partial(theirs, data, sets), partial(ours, data, pairs))
    few = data[: max(1, rows // 50)]
    numbers |= _turns("exact", repeats, lambda: theirs(few, ALL), lambda: all_sets(few))
    numbers |= {f"slider.{name}": _slider(name, repeats) for name in on_board(TABLE)}
    for key, value in numbers.items():
        print(f"{key:40} {value:10.4f}")
    return numbers


def _turns(
    name: str, repeats: int, theirs: Callable[[], object], ours: Callable[[], object]
) -> dict[str, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        began = time.perf_counter()
        theirs()
        between = time.perf_counter()
        ours()
        taken[0].append(between - began)
        taken[1].append(time.perf_counter() - between)
    shap, vitrine = map(median, taken)
    return {f"{name}.shap": shap, f"{name}.vitrine": vitrine, f"{name}.speedup": shap / vitrine}


def _slider(name: str, repeats: int) -> float:
    """Seconds from a moved value to the answer and what each column counts for, without the browser's part."""
    classifier = find_network(name).load(silent)
    assert isinstance(classifier, TableClassifier)
    rows, columns = table_of(classifier.fits).load(), classifier.columns
    background, row = (
        columns.encode(rows.values["train"][:BACKGROUND]),
        columns.encode(rows.values["test"][0]),
    )
    taken = []
    for _ in range(3 * repeats):
        began = time.perf_counter()
        target = read_row(classifier.module, row, classifier.classes).winner
        attribute(
            classifier.module,
            row,
            background,
            method=shapley.METHOD,
            target=target,
            column=columns.of_encoded,
        )
        taken.append(time.perf_counter() - began)
    return median(taken)
