"""Which way the networks on board compute fastest on this kind of processor, and whether what ships still says so.

Run it alone on a quiet machine. Seconds do not ship: they are another machine's.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from dashboard import pictures
from dashboard.inspection.engine import batch_size, paces, stopwatch
from models import zoo
from models.datasets.names import PHOTOS
from models.networks import find_network
from models.runtime.progress import silent
from models.runtime.threads import use_threads

USES: tuple[stopwatch.Use, ...] = ("answers", "near answers", "gradient", "layers")


def options(parser: argparse.ArgumentParser) -> None:
    """What else may be done."""
    parser.add_argument(
        "--write", action="store_true", help="put what was measured in the place of what ships"
    )


def run(write: bool) -> dict[str, float]:
    """Print what differs and return how much does, and how long it took to choose."""
    use_threads()
    shipped, measured = paces.read(paces.SHIPPED), dict[str, dict[str, float]]()
    numbers: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        paces.remember(Path(folder) / "paces.json")
        paces._shipped.clear()
        for name in (name for name, model in zoo.MODELS.items() if model.fits == PHOTOS and model.trained):
            of = find_network(name).load(silent)
            inputs = of.preprocessing.transforms()(pictures.find(pictures.DEFAULT_PHOTO).open())[None]
            key = stopwatch.timing_key(of, tuple(inputs.shape))
            started = time.perf_counter()
            for use in USES:
                batch_size.fastest_batch(of, inputs, use=use)
            numbers[f"chosen_seconds_{name}"] = time.perf_counter() - started
            (answers,) = [paces._measured.pop(each) for each in list(paces._measured)]
            print(name, answers, flush=True)
            measured[paces.name_of(*key, paces.processor())] = {
                question: answer for question, answer in answers.items() if "seconds" not in question
            }
    differing = sum(shipped.get(name) != answers for name, answers in measured.items())
    if write:
        paces.SHIPPED.write_text(json.dumps({**shipped, **measured}, indent=1, sort_keys=True) + "\n")
    return {**numbers, "differing": differing}
