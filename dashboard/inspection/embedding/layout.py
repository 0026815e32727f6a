"""Features in two axes that keep neighbours together: t-SNE, and UMAP where it is installed."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from dashboard.inspection.embedding.layout_process import ITERATIONS
from dashboard.inspection.engine.progress import Progress, ignore
from models.runtime import settings
from models.runtime.errors import UserError

HOME = Path(__file__).resolve().parents[3]
# Features are first turned to so many principal axes, as van der Maaten and Hinton do: the rest is mostly noise.
AXES = 50
# How often the process is asked whether it is done, in seconds.
POLL = 0.1
# Of what it prints, which is a few lines.
MOST_SAID = 64 * 1024


@dataclass(frozen=True)
class Layout:
    """A way to lay features out in two axes.

    Attributes:
        title: on the control.
        package: what must be importable.
        absent: a sentence for where it is not.
        fewest: pictures that it needs.
        reading: how to read it, in a sentence or two.
        paper: where it is from.
    """

    title: str
    package: str
    absent: str
    fewest: int
    reading: str
    paper: str

    @property
    def installed(self) -> bool:
        """Whether its library is here."""
        return importlib.util.find_spec(self.package) is not None


LAYOUTS: dict[str, Layout] = {
    "tsne": Layout(
        "t-SNE",
        "sklearn",
        "t-SNE needs scikit-learn, which is not installed on this server.",
        5,
        "Who lies beside whom means something; distances between clusters, and their sizes, mean little.",
        "van der Maaten and Hinton, Visualizing data using t-SNE, 2008",
    ),
    "umap": Layout(
        "UMAP",
        "umap",
        "UMAP is not installed on this server; it comes with the extra umap.",
        5,
        "Who lies beside whom means something; distances between clusters mean little.",
        "McInnes, Healy and Melville, UMAP: uniform manifold approximation and projection, 2018",
    ),
}


def most_perplexity(pictures: int) -> int:
    """The largest perplexity for so many pictures: each has three times as many neighbours, and not itself."""
    return max((pictures - 1) // 3, 1)


def lay_out(way: str, values: np.ndarray, number: int, progress: Progress = ignore) -> np.ndarray:
    """The place of each row in two axes, (N, 2) float32; the same for the same rows.

    Args:
        way: of LAYOUTS.
        values: (N, D), finite, not all rows the same.
        number: t-SNE's perplexity, or UMAP's number of neighbours.
        progress: told the share done, often; what it raises ends the process.

    Raises:
        UserError: if the process cannot be started or fails.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
        source, target = Path(folder) / "features.npy", Path(folder) / "places.npy"
        np.save(source, values.astype(np.float32))
        try:
            process = _start(way, number, source, target, output)
        except OSError as error:
            raise UserError(f"{LAYOUTS[way].title} cannot be started ({error.strerror}).") from error
        if _wait(process, output, progress):
            raise UserError(f"{LAYOUTS[way].title} failed on these features; choose another layer or layout.")
        places: np.ndarray = np.load(target)
        return places


def _start(way: str, number: int, source: Path, target: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
    arguments = [way, str(number), str(source), str(target)]
    return subprocess.Popen(  # noqa: S603 - our own module, and paths of our own making
        [sys.executable, "-u", "-m", "dashboard.inspection.embedding.layout_process", *arguments],
        cwd=HOME,
        # One thread: sums in another order would give another picture.
        env=settings.child_environment(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], output: IO[bytes], progress: Progress) -> int:
    """How the process ended; it is killed where nobody waits any more."""
    try:
        while True:
            progress(_share(output))
            with suppress(subprocess.TimeoutExpired):
                return process.wait(POLL)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _share(output: IO[bytes]) -> float:
    """How far it is, by the last iteration that it printed."""
    # pread, because the process writes at the file's one position.
    said = os.pread(output.fileno(), MOST_SAID, 0).decode(errors="replace")
    done = max((int(number) for number in re.findall(r"Iteration (\d+)", said)), default=0)
    return min(done / ITERATIONS, 0.99)
