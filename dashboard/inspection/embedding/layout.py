"""Features in two axes that keep neighbours together: t-SNE, and UMAP where it is installed."""

from __future__ import annotations

import importlib.util
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashboard.inspection.embedding.layout_process import ITERATIONS
from dashboard.inspection.engine.progress import Progress, ignore
from models.runtime import child
from models.runtime.errors import UserError

# Features are first turned to so many principal axes, as van der Maaten and Hinton do: the rest is mostly noise.
AXES = 50
# Bytes of what it prints, which is a few lines.
LONGEST_OUTPUT = 64 * 1024


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
    with tempfile.TemporaryDirectory() as folder:
        source, target, output = (Path(folder) / name for name in ("features.npy", "places.npy", "output"))
        np.save(source, values.astype(np.float32))
        with output.open("wb") as file:
            process = child.start(
                LAYOUTS[way].title,
                "dashboard.inspection.embedding.layout_process",
                *(way, str(number), str(source), str(target)),
                output=file,
                # What it prints is how far it is; and sums in another order would give another picture.
                environment={"PYTHONUNBUFFERED": "1", **child.ONE_THREAD},
            )
            if child.wait(process, lambda: progress(_share(output))):
                raise UserError(
                    f"{LAYOUTS[way].title} failed on these features; choose another layer or layout."
                )
        return np.asarray(np.load(target))


def _share(output: Path) -> float:
    """How far it is, by the last iteration that it printed."""
    with output.open("rb") as file:
        text = file.read(LONGEST_OUTPUT).decode(errors="replace")
    done = max((int(number) for number in re.findall(r"Iteration (\d+)", text)), default=0)
    return min(done / ITERATIONS, 0.99)
