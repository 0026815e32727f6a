"""A pass over labelled pictures side by side with the bare network over the same batches.

The bare loop reads the same pictures, runs the network in the layout that is fastest for it and keeps nothing. Ours
keeps logits, labels and places and tells its progress. A third loop reads nothing: its pictures are in memory already.
They take turns in one process, and each number is the median of its rounds, so that whatever else the machine does
slows all alike.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch import Tensor

from dashboard import pictures
from dashboard.inspection.engine import speed
from dashboard.inspection.engine.isolation import isolate
from dashboard.inspection.evaluation.answers import answers
from dashboard.inspection.evaluation.labelled_pictures import LabelledPictures, split_pictures
from dashboard.inspection.evaluation.measures import evaluate
from dashboard.inspection.passes.pool import WHOLE, Item, Pool, batches, first_inputs
from dashboard.jobs import Gate
from models import datasets, zoo
from models.classifier import Classifier
from models.datasets.names import PHOTOS
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.threads import use_threads
from tests.benchmarks._before import Before

SMALL = [name for name, model in zoo.MODELS.items() if model.fits != PHOTOS and model.trained]
NETWORKS = [zoo.DEFAULT, *SMALL]
# A network for photographs takes a hundred times as long.
PHOTOS_READ = 200


def options(parser: argparse.ArgumentParser) -> None:
    """What may be narrowed."""
    parser.add_argument(
        "--networks", nargs="+", choices=NETWORKS, default=[zoo.DEFAULT, "mlp", "cnn", "resnet", "vit"]
    )
    parser.add_argument("--images", type=int, default=2000, help="at most so many")
    parser.add_argument("--repeats", type=int, default=7, help="rounds of both")
    parser.add_argument(
        "--before", type=Path, help="folder of another checkout, which takes turns with this one"
    )


def run(
    networks: list[str], images: int, repeats: int, before: Path | None
) -> dict[str, float | dict[str, float]]:
    """Print the table and return its numbers by key."""
    print(f"{use_threads()} threads; pictures a second")
    other = None if before is None else Before(before.resolve())
    numbers: dict[str, float] = {}
    over_before: dict[str, float] = {}
    for name in networks:
        measured = _measured(name, images, repeats, other)
        if other is not None:
            over_before[name] = float(f"{measured.pop('over_before'):.4g}")
        numbers |= {f"{key}_{name}": value for key, value in measured.items()}
    if other is not None:
        other.close()
    share = min(numbers[f"share_of_bare_{name}"] for name in networks)
    numbers["evaluation_share_of_bare"] = share
    numbers["max_judge_seconds"] = max(numbers[f"judge_seconds_{name}"] for name in networks)
    rounded = {key: float(f"{value:.4g}") for key, value in numbers.items()}
    return {**rounded, **({"forward_only_over_before": over_before} if other is not None else {})}


def _measured(name: str, images: int, repeats: int, other: Before | None) -> dict[str, float]:
    of = find_network(name).load(silent)
    labelled = _labelled(of, images)
    count = len(labelled.pool)
    speed.acceleration(of, first_inputs(labelled.pool), use="answers")  # measured once, before the clock runs
    gate = Gate({"slow": 1}, budget=lambda: 0)
    ready = [inputs for _, inputs in batches(labelled.pool, first_inputs(labelled.pool).numel(), WHOLE)]
    if other is not None:
        other.evaluation_seconds(name, images)  # which chooses how it computes
    rounds = [
        (
            _seconds(lambda: _bare(of, labelled)),
            _seconds(lambda: _job(gate, of, labelled)),
            _seconds(lambda: _forward(of, ready)),
            # As the other is timed: without a gate.
            *(
                (_seconds(lambda: answers(of, labelled)), other.evaluation_seconds(name, images))
                if other
                else ()
            ),
        )
        for _ in range(repeats)
    ]
    bare, ours, unread, *both = (median(taken) for taken in zip(*rounds, strict=True))
    given = answers(of, labelled)
    evaluate(given)  # imports what it needs
    judging = _seconds(lambda: evaluate(given))
    print(
        f"{name:<20}{count:,} pictures: bare {count / bare:,.0f}, ours {count / ours:,.0f}: {bare / ours:.0%}, "
        f"without reading {count / unread:,.0f}: {unread / ours:.0%}; "
        f"all numbers from the answers in {judging:.3f} s"
        + (f"; {both[1] / both[0]:.2f}x before" if both else ""),
        flush=True,
    )
    return {
        "bare_images_per_second": count / bare,
        "images_per_second": count / ours,
        "share_of_bare": bare / ours,
        "share_of_bare_without_reading": unread / ours,
        "judge_seconds": judging,
        **({"over_before": both[1] / both[0]} if both else {}),
    }


def _labelled(of: Classifier, images: int) -> LabelledPictures:
    """The test pictures of the network's dataset; for one that has none, a photo over and over."""
    if of.fits == PHOTOS:
        count = min(images, PHOTOS_READ)
        transforms, photo = of.preprocessing.transforms(), pictures.find(pictures.DEFAULT_PHOTO).open()
        pool = Pool(
            title="photos",
            key="benchmark",
            items=tuple(Item(str(index), str(index)) for index in range(count)),
            take=lambda indices: torch.stack([transforms(photo) for _ in indices]),
        )
        return LabelledPictures(pool, np.arange(count) % len(of.classes))
    dataset = datasets.find_dataset(of.fits)
    places = range(min(images, dataset.counts["test"]))
    return split_pictures(dataset, "test", places, of, title="test", key="test")


def _bare(of: Classifier, labelled: LabelledPictures) -> None:
    example = first_inputs(labelled.pool)
    network = speed.accelerate(isolate(of.module), of, example, use="answers")
    with torch.no_grad():
        for _, inputs in batches(labelled.pool, example.numel(), WHOLE):
            network(inputs)


def _forward(of: Classifier, ready: Sequence[Tensor]) -> None:
    network = speed.accelerate(isolate(of.module), of, ready[0][:1], use="answers")
    with torch.no_grad():
        for inputs in ready:
            network(inputs)


def _job(gate: Gate, of: Classifier, labelled: LabelledPictures) -> None:
    """As the page asks for it: through the gate, with progress."""
    job = gate.submit(object(), lambda report: answers(of, labelled, report), lane="slow")
    while not job.wait(1.0):
        continue
    job.result()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
