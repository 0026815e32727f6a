"""The way of the picture through the network, stage by stage."""

from __future__ import annotations

from dashboard.charts.activations import strip
from dashboard.records.activations import StageOutput
from dashboard.report.chapter import Ask, Chapter, ReportSubject
from dashboard.report.contents import Picture, Pictures, Section, Words
from dashboard.results import network
from dashboard.wording import activations
from dashboard.wording.contract import sealed
from models.runtime.errors import UserError

ACROSS = 4


def _build(subject: ReportSubject, ask: Ask) -> Section:
    view = subject.view
    if view.classifier.sealed:
        raise UserError(sealed(view.model.title, view.classifier.sealed))
    forward = ask(network.forward(view))
    return Section(
        name=CHAPTER.name,
        title=CHAPTER.title,
        finding=activations.headline(view.model.title, forward, view.prediction, view.seen.inputs.shape),
        blocks=(
            Words(
                "From the picture to the class, row by row. Each picture shows the channels of a stage that vary most "
                "over the picture, or all units where there are no places any more; below it stand the mean of the "
                "values and their spread."
            ),
            Pictures(tuple(_stage(number, stage) for number, stage in enumerate(forward.stages, 1)), ACROSS),
        ),
        address=subject.address(CHAPTER.path),
    )


def _stage(number: int, stage: StageOutput) -> Picture:
    size = activations.size(stage.call)
    return Picture(
        strip.picture(stage),
        f"Stage {number}: {stage.call.kind} {stage.call.name}, {size}",
        title=f"{number} {stage.call.name}",
        caption=f"{size}, {activations.spread(stage.spread)}",
        sharp=True,
    )


CHAPTER = Chapter(
    "activations",
    "What happens inside",
    "activations",
    "The forward pass as a strip of pictures, one for each stage.",
    _build,
)
