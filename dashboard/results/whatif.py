"""What the answer would be if the picture were another: each change, and the work that finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard import pictures
from dashboard.inspection.prediction import see
from dashboard.inspection.whatif import brush, margin, regions
from dashboard.parameters import FILL, MASK, ONLY, REGION, SUPERPIXELS
from dashboard.records.mask import cell_shape, read_cells, write_cells
from dashboard.records.whatif import Aim, Region, Repainted
from dashboard.results.result import Result
from dashboard.view import View

# The fill that is another photo, the second of the address.
PHOTO = "photo"
AIMS: dict[str, Aim | None] = {"none": None, "keeps": "keeps", "changes": "changes"}


@dataclass(frozen=True, eq=False)
class Painting:
    """What is painted over which picture, and what stands there instead.

    Attributes:
        view: network and picture.
        cells: (rows, columns) bool, what is painted.
        fill: one of `fills`.
        other: address of the photo that stands there; empty unless it is the fill.
        only: whether what is painted is all that is kept.
        superpixels: how many the picture is cut into.
    """

    view: View
    cells: np.ndarray
    fill: str
    other: str
    only: bool
    superpixels: int

    @property
    def hidden(self) -> np.ndarray:
        """(rows, columns) bool, what is not seen."""
        return brush.hidden_cells(self.cells, only=self.only)

    def cover(self) -> np.ndarray:
        """What is seen in its place, (C, H, W), normalised. Raises UserError for a photo that is gone."""
        classifier = self.view.classifier
        if self.other:
            return see(classifier, pictures.find(self.other).open(digit=self.view.digit)).inputs
        return brush.fill(self.fill, self.view.seen.inputs, classifier)


def fills(view: View) -> tuple[str, ...]:
    """What may stand in place of what is painted, the usual first: a digit shows through a blur."""
    first = "blur" if min(view.classifier.preprocessing.size) >= regions.PHOTO_SIDE else "black"
    return (first, *(name for name in brush.FILLS if name != first), PHOTO)


def painting(view: View, settings: Mapping[str, str]) -> tuple[Painting, str]:
    """The painting that settings of the address say, and a sentence on what was wrong there, or none.

    Args:
        view: network and picture; a second picture of its selection is the photo that may stand in.
        settings: of the address.
    """
    shape = cell_shape(view.classifier.preprocessing.size)
    text = MASK.text(settings)
    cells = np.zeros(shape, bool) if text is None else read_cells(text, shape)
    problem = ""
    if cells is None:
        cells = np.zeros(shape, bool)
        problem = (
            "What the address says was painted does not fit this network's picture, so nothing is painted."
        )
    name = FILL.read(settings, fills(view))
    return Painting(
        view=view,
        cells=cells,
        fill=name,
        other=other_photo(view) if name == PHOTO else "",
        only=ONLY.read(settings),
        superpixels=SUPERPIXELS.read(settings),
    ), problem


def other_photo(view: View) -> str:
    """Address of the photo that stands in: the second of the address, or the first sample that is another."""
    second = view.selection.images[1:]
    return (
        second[0]
        if second
        else next(address for address in pictures.samples(view.model.fits) if address != view.selection.image)
    )


def repainted(painting: Painting) -> Result[Repainted]:
    """The answer to a painted picture."""
    view = painting.view
    return Result(
        view.classifier.key,
        "painted picture",
        (view.seen.digest, painting.fill, painting.other, view.digit, write_cells(painting.hidden)),
        lambda _: brush.repaint(view.classifier, view.seen.inputs, painting.cover(), painting.hidden),
        "The answer",
    )


def region(painting: Painting, aim: Aim) -> Result[Region]:
    """The smallest region that keeps the answer, or changes it."""
    view = painting.view
    decision = margin.decide(view.prediction, view.target)
    return Result(
        view.classifier.key,
        "region",
        (view.seen.digest, painting.fill, painting.other, view.digit, painting.superpixels, aim, decision),
        lambda report: regions.search_region(
            view.classifier,
            view.seen.inputs,
            painting.cover(),
            regions.cut(view.seen.crop, painting.superpixels),
            aim=aim,
            decision=decision,
            progress=report,
        ),
        "Searching for the region",
        "slow",
    )


def aim(settings: Mapping[str, str]) -> Aim | None:
    """Which region the address asks for; None for neither."""
    return AIMS[REGION.read(settings, AIMS)]
