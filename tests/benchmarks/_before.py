"""Another checkout's side of a benchmark, in a process of its own that takes turns with this one.

This file is run by its path with the other checkout as its folder, so what it imports is that checkout's: it uses no
more than what benchmarks have always had. Lines come in, `network method`; seconds go out.
"""

from __future__ import annotations

import functools
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

# So a line of ours begins, among those that libraries may print.
MARK = "seconds "


class Before:
    """What another checkout computes, timed when asked.

    Args:
        checkout: its folder.
    """

    def __init__(self, checkout: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(checkout)}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            cwd=checkout,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def map_seconds(self, network: str, method: str) -> float:
        """How long a map of that method takes there."""
        return self._ask("attribution", network, method)

    def evaluation_seconds(self, network: str, images: int) -> float:
        """How long the answers to so many labelled pictures take there."""
        return self._ask("evaluation", network, str(images))

    def _ask(self, *words: str) -> float:
        assert self._process.stdin is not None and self._process.stdout is not None
        print(*words, file=self._process.stdin, flush=True)
        return _read(self._process.stdout)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _read(lines: IO[str]) -> float:
    for line in lines:
        if line.startswith(MARK):
            return float(line.removeprefix(MARK))
    raise SystemExit("The other checkout's process has ended; its last lines say why.")


def random_network(like: Any, name: str) -> Any:
    """A network of torchvision with random weights, which reads its pictures as another does."""
    import dataclasses

    import torch
    from torchvision import models

    state = torch.get_rng_state()
    torch.manual_seed(0)
    module = getattr(models, name)(weights=None).eval().requires_grad_(False)
    torch.set_rng_state(state)
    weights = type(like.weights).of(module.state_dict(), source="random")
    return dataclasses.replace(like, name=name, title=name, module=module, weights=weights, trained=False)


def _answer() -> None:
    """Do and time what is asked for until nothing comes any more."""
    sys.path[0] = os.environ["PYTHONPATH"]
    from models import threads  # type: ignore[attr-defined]  # of the other checkout

    threads.use_threads()
    questions = {"attribution": _map_seconds, "evaluation": _evaluation_seconds}
    for line in sys.stdin:
        question, network, detail = line.split()
        print(f"{MARK}{questions[question](network, detail)}", flush=True)


def _map_seconds(network: str, method: str) -> float:
    from tests.benchmarks import attribution
    from tests.benchmarks._captum import cases

    of = _subject(network)
    (case,) = (each for each in cases((of.inputs.shape[2], of.inputs.shape[3])) if each.name == method)
    return attribution._ours(of, case)[0]


@functools.lru_cache(maxsize=1)
def _subject(network: str) -> Any:
    from tests.benchmarks import attribution

    networks: dict[str, Callable[[], Any]] = dict(attribution.NETWORKS)
    like = next(iter(networks.values()))()
    return attribution._subject(networks.get(network, lambda: random_network(like, network))())


def _evaluation_seconds(network: str, images: str) -> float:
    from dashboard.inspection.evaluation.answers import answers

    of, labelled = _labelled(network, int(images))
    started = time.perf_counter()
    answers(of, labelled)
    return time.perf_counter() - started


@functools.lru_cache(maxsize=1)
def _labelled(network: str, images: int) -> tuple[Any, Any]:
    evaluation: Any = importlib.import_module("tests.benchmarks.evaluation")
    of = evaluation.zoo.find(network).load(evaluation.silent)  # as the other checkout names them
    return of, evaluation._labelled(of, images)


if __name__ == "__main__":
    _answer()
