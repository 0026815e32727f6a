"""Another checkout's side of a benchmark, in a process of its own that takes turns with this one.

This file is run by its path with the other checkout as its folder, so what it imports is that checkout's: it uses no
more than what benchmarks have always had. Lines come in, `network method`; seconds go out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

# So a line of ours begins, among those that libraries may print.
MARK = "seconds "


class Before:
    """The methods of another checkout, timed when asked.

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

    def seconds(self, network: str, method: str) -> float:
        """How long a map of that method takes there."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(network, method, file=self._process.stdin, flush=True)
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
    """Read what is to be timed until nothing comes any more."""
    sys.path[0] = os.environ["PYTHONPATH"]
    from models import threads  # type: ignore[attr-defined]  # of the other checkout
    from tests.benchmarks import attribution
    from tests.benchmarks._captum import cases

    threads.use_threads()
    subjects: dict[str, Any] = {}
    networks: dict[str, Callable[[], Any]] = dict(attribution.NETWORKS)
    for line in sys.stdin:
        network, method = line.split()
        if network not in subjects:
            like = next(iter(networks.values()))()
            load = networks.get(network, lambda like=like, network=network: random_network(like, network))
            subjects = {network: attribution._subject(load())}
        of = subjects[network]
        (case,) = (each for each in cases((of.inputs.shape[2], of.inputs.shape[3])) if each.name == method)
        print(f"{MARK}{attribution._ours(of, case)[0]}", flush=True)


if __name__ == "__main__":
    _answer()
