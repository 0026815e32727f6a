"""Reading weights side by side with what people do: TensorBoard's add_histogram and numpy, in one run.

Both sum up every parameter of an untrained ResNet-50 and take turns, so that whatever else the machine does slows
each of them alike. The peer logs a histogram of each parameter and calculates the same statistics with numpy in
double precision; ours does the same and the running statistics besides. The large file is read in a process of its
own, whose memory counts; writing the file is not timed.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Browser, Response, WebSocket, sync_playwright
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.utils.tensorboard import SummaryWriter
from torchvision.models import resnet50

from dashboard.inspection.weights.distributions import distributions
from dashboard.inspection.weights.tensors import pieces
from models.classifier import Weights, digest
from models.runtime.randomness import fork_rng
from models.runtime.threads import use_threads
from tests.browser.chromium import executable, launch
from tests.browser.screen import Screen, path_of
from tests.browser.server import Server
from tests.paths import ROOT

ROUNDS = 5
LARGE = 300_000_000
LAYERS, SIDE = 24, 3536  # 24 matrices of 3536 x 3536 are 300 M numbers
MEGABYTE = 2**20
BINS = 256
PATIENCE_MS = 300_000
PARAMETERS_OF_VIEWS = {
    "distributions": {},
    "filters": {"p.aspect": "filters", "layer": "blocks.6.0.conv_pw"},
    "health": {"p.aspect": "health"},
}


class Mapped(Mapping[str, Tensor]):
    """The tensors of a safetensors file, mapped into memory and read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._file = safe_open(path, "pt").__enter__()
        self._names = list(self._file.keys())

    def __getitem__(self, name: str) -> Tensor:
        tensor: Tensor = self._file.get_tensor(name)
        return tensor

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def run() -> dict[str, float]:
    """Print a table and return its numbers."""
    use_threads()
    found: dict[str, float] = {}
    for part in (_resnet, _large, _page):
        for name, value in part().items():
            found[name] = value
            print(f"{name:34}  {value:12.3f}", flush=True)
    return {name: round(value, 4) for name, value in found.items()}


def _resnet() -> dict[str, float]:
    with fork_rng(0):
        network = resnet50(weights=None)
    parameters = {name: one.detach() for name, one in network.named_parameters()}
    weights = Weights.of(network.state_dict(), "ResNet-50")
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        times = _best(
            {
                "ours": lambda: distributions(weights, network),
                "peer": lambda: [_peer(writer, name, one) for name, one in parameters.items()],
                "histc": lambda: [_histc(one) for one in parameters.values()],
                "numpy_histogram": lambda: [np.histogram(one.numpy(), BINS) for one in parameters.values()],
            }
        )
    _agree(weights, parameters)
    (ours, own), (peer, theirs) = times["ours"], times["peer"]
    return {
        "resnet50_ours_s": ours,
        "resnet50_tensorboard_numpy_s": peer,
        "resnet50_speedup": peer / ours,
        "resnet50_speedup_processor": theirs / own,
        "resnet50_histc_alone_s": times["histc"][0],
        "resnet50_numpy_histogram_alone_s": times["numpy_histogram"][0],
    }


def _peer(writer: SummaryWriter, name: str, parameter: Tensor) -> tuple[float, ...]:
    """What people do: a logged histogram, and numpy's statistics."""
    writer.add_histogram(name, parameter, 0)
    return _numpy(parameter)


def _numpy(parameter: Tensor) -> tuple[float, ...]:
    values = parameter.numpy().astype(np.float64).ravel()
    centred = values - values.mean()
    squares = centred * centred
    variance, largest = squares.mean(), np.abs(values).max()
    return (
        float(values.mean()),
        float(np.sqrt(variance)),
        float(values.min()),
        float(values.max()),
        float((values == 0).mean()),
        float((np.abs(values) <= largest / 254).mean()),
        float(np.linalg.norm(values)),
        float((squares * squares).mean() / variance**2 - 3) if variance else float("nan"),
    )


def _histc(parameter: Tensor) -> Tensor:
    low, high = (float(end) for end in parameter.aminmax())
    counts = torch.zeros(BINS)
    for piece in pieces(parameter):
        counts += torch.histc(piece, BINS, low, high)
    return counts


def _agree(weights: Weights, parameters: Mapping[str, Tensor]) -> None:
    """Both must say the same, or the comparison is worth nothing."""
    found = distributions(weights)
    for name, parameter in parameters.items():
        one, expected = found.find(name), _numpy(parameter)
        assert one is not None
        assert one.histogram.total == parameter.numel()
        shares = (one.zeros / one.finite, one.near_zeros / one.finite)
        own = (one.mean, one.std, one.low, one.high, *shares, one.norm, one.kurtosis)
        assert np.allclose(own, expected, rtol=1e-6, atol=1e-9, equal_nan=True), name


def _large() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.safetensors"
        generator = torch.Generator().manual_seed(0)
        block = torch.randn(SIDE, SIDE, generator=generator) * 0.02
        save_file({f"layer{place}.weight": block * (1 + place / 10) for place in range(LAYERS)}, path)
        del block
        gc.collect()
        size = path.stat().st_size
        found: dict[str, float] = json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.weights", str(path)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
    return {
        **found,
        "large_file_mb": size / MEGABYTE,
        "large_memory_over_file_mb": found["large_memory_mb"] - size / MEGABYTE,
    }


def _read(path: Path) -> dict[str, float]:
    """What reading a file costs this process: it is meant to have done nothing else."""
    use_threads()
    before = _peak()
    began, spent = time.perf_counter(), time.process_time()
    tensors = Mapped(path)
    found = distributions(Weights(tensors, "", path.name))
    summed, spent = time.perf_counter() - began, time.process_time() - spent
    digest(tensors)
    counted = sum(one.finite for one in found.tensors)
    assert counted >= LARGE
    return {
        "large_numbers": counted,
        "large_s": summed,
        "large_processor_s": spent,
        "large_with_digest_s": time.perf_counter() - began,
        "large_memory_before_mb": before,
        "large_memory_mb": _peak(),
    }


def _peak() -> float:
    """The most memory that this process ever had, in MB, what is mapped from files included.

    getrusage tells a child's peak from what its parent had when it was forked.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _page() -> dict[str, float]:
    path = executable()
    if path is None:
        raise SystemExit("There is no Chromium: install one, or name it in VITRINE_CHROMIUM.")
    with Server(threads=os.cpu_count() or 1) as server, sync_playwright() as playwright:
        browser = launch(playwright, path)
        found = {
            f"page_{view}_mb": _sent(browser, server, parameters) / 1e6
            for view, parameters in PARAMETERS_OF_VIEWS.items()
        }
        browser.close()
    return found


def _sent(browser: Browser, server: Server, parameters: Mapping[str, str]) -> int:
    """Bytes that the app sends for one view of the default network: messages and pictures, without its own code."""
    screen = Screen(browser.new_page(viewport={"width": 1440, "height": 1000}), server.url)
    sent: list[int] = []

    def socket(opened: WebSocket) -> None:
        opened.on("framereceived", lambda payload: sent.append(len(payload)))

    def picture(response: Response) -> None:
        if "/media/" in response.url and response.ok:
            sent.append(len(response.body()))

    screen.page.set_default_timeout(PATIENCE_MS)
    screen.page.on("websocket", socket)
    screen.page.on("response", picture)
    screen.open(path_of("Weights"), **parameters)
    screen.page.context.close()
    return sum(sent)


def _best(functions: Mapping[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """The shortest of several rounds of each, taken in turns, in seconds: by the clock, and of the processor."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            gc.collect()
            began, spent = time.perf_counter(), time.process_time()
            function()
            times[name].append((time.perf_counter() - began, time.process_time() - spent))
    return {
        name: (min(clock for clock, _ in taken), min(spent for _, spent in taken))
        for name, taken in times.items()
    }


if __name__ == "__main__":
    print(json.dumps(_read(Path(sys.argv[1]))))
