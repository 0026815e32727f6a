"""The smallest region of a picture that keeps the answer, or changes it: a greedy search over superpixels.

Which set of parts is smallest is a question of 2 to the power of their number; the search takes the part that helps
most, then the next, until it is enough, and then gives back what is not needed. What it finds does what it says, and
no part of it can be left out; whether there is a smaller one is known where it has one or two parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from dashboard.inspection.attribution.superpixels import Superpixels, slic_superpixels
from dashboard.inspection.engine import batch_size, speed
from dashboard.inspection.engine.progress import Progress, ignore, within
from dashboard.inspection.whatif.margin import Decision, Margin
from dashboard.records.mask import cell_shape, spread
from dashboard.records.whatif import Aim, Region
from models.classifier import Classifier

# Sets of parts, (N, parts) bool -> how well each does, (N,); above 0 is enough.
Worth = Callable[[np.ndarray], np.ndarray]
# A picture whose sides have at least so many pixels is a photo, through whose blur nothing shows.
PHOTO_SIDE = 64
# A region of so many parts is the smallest: all sets of one part are tried on the way.
TRIED = 2
# Share of the progress that measuring the network's pace has.
MEASURING = 0.2


@dataclass(frozen=True)
class Search:
    """What a greedy search found.

    Attributes:
        chosen: parts, in the order in which they were taken.
        worth: of all of them together.
    """

    chosen: tuple[int, ...]
    worth: float


def cut(crop: np.ndarray, count: int) -> np.ndarray:
    """Superpixels of cells, (rows, columns) int64, exactly as many as asked for, as far as there are cells.

    Args:
        crop: (H, W, 3) uint8.
        count: of superpixels.
    """
    rows, columns = cell_shape((crop.shape[0], crop.shape[1]))
    small = np.asarray(Image.fromarray(crop).resize((columns, rows), Image.Resampling.BOX))
    return slic_superpixels(small, min(count, rows * columns)).astype(np.int64)


def search_region(
    classifier: Classifier,
    inputs: np.ndarray,
    cover: np.ndarray,
    parts: np.ndarray,
    *,
    aim: Aim,
    decision: Decision,
    progress: Progress = ignore,
) -> Region:
    """The smallest region that keeps an answer by itself, or whose absence changes it.

    Args:
        classifier: shared; not changed. Its answer must hold still.
        inputs: (C, H, W), normalised.
        cover: the same, what is seen where the picture is hidden.
        parts: (rows, columns), the superpixel of each cell.
        aim: what the region is to do.
        decision: that is kept or changed.
        progress: called before each pass.
    """
    started = time.perf_counter()
    batch = torch.tensor(inputs)[None]
    margin = Margin.deciding(classifier, decision)
    many = 1
    if classifier.contract.steady:
        measured = batch_size.fastest_batch(
            classifier, batch, use="answers", progress=within(progress, 0.0, MEASURING)
        )
        many = measured.size
        margin.network = speed.accelerate(margin.network, classifier, batch, use="answers")
    shown_parts = torch.from_numpy(spread(parts, (inputs.shape[1], inputs.shape[2])))
    mosaic = Superpixels(margin, batch, torch.tensor(cover)[None], shown_parts)
    passes, most = 0, mosaic.count * (mosaic.count + 1) // 2

    def worth(sets: np.ndarray) -> np.ndarray:
        nonlocal passes
        shown = sets if aim == "keeps" else ~sets
        answers = []
        for start in range(0, len(shown), many):
            progress(MEASURING + (1 - MEASURING) * min(passes / most, 1.0))
            with torch.no_grad():
                answers.append(mosaic(torch.from_numpy(shown[start : start + many]).float()).numpy())
            passes += len(answers[-1])
        kept = np.concatenate(answers)
        return kept if aim == "keeps" else -kept

    result = search(worth, mosaic.count)
    return Region(
        aim=aim,
        parts=parts,
        chosen=np.array(result.chosen, dtype=np.int64),
        found=result.worth > 0,
        margin=result.worth,
        smallest=result.worth > 0 and len(result.chosen) <= TRIED,
        passes=passes,
        seconds=time.perf_counter() - started,
    )


def search(worth: Worth, count: int) -> Search:
    """A small set of parts that is worth more than 0, none of which can be left out; all parts where none is.

    Args:
        worth: of sets of parts.
        count: of parts.
    """
    nothing = np.zeros(count, bool)
    best = float(worth(nothing[None])[0])
    chosen: list[int] = []
    while not best > 0 and len(chosen) < count:
        candidates = [part for part in range(count) if part not in chosen]
        values = worth(np.array([_of([*chosen, part], count) for part in candidates]))
        # A value that is no number says nothing for a part.
        place = int(np.nan_to_num(values, nan=-np.inf).argmax())
        chosen.append(candidates[place])
        best = float(values[place])
    return _without_needless(worth, chosen, best, count) if best > 0 else Search(tuple(chosen), best)


def _without_needless(worth: Worth, chosen: list[int], best: float, count: int) -> Search:
    """The same set without parts that are not needed, the one first whose absence does least."""
    while len(chosen) > 1:
        values = worth(
            np.array([_of([other for other in chosen if other != part], count) for part in chosen])
        )
        place = int(np.nan_to_num(values, nan=-np.inf).argmax())
        if not values[place] > 0:
            break
        best = float(values[place])
        chosen = [*chosen[:place], *chosen[place + 1 :]]
    return Search(tuple(chosen), best)


def _of(parts: list[int], count: int) -> np.ndarray:
    members = np.zeros(count, bool)
    members[parts] = True
    return members
