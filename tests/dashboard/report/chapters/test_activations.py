"""What happens inside: a picture for each stage."""

from __future__ import annotations

from dashboard.report.contents import Pictures
from dashboard.results import network
from dashboard.wording import activations
from tests.dashboard.components.component import made
from tests.dashboard.report.chapters.built import built, subject


def test_every_stage_has_its_picture():
    view, section = subject().view, built("activations")
    forward = made(network.forward(view))
    (pictures,) = [block for block in section.blocks if isinstance(block, Pictures)]
    assert [picture.title for picture in pictures.items] == [
        f"{number} {stage.call.name}" for number, stage in enumerate(forward.stages, 1)
    ]
    assert section.finding == activations.headline(
        view.model.title, forward, view.prediction, view.seen.inputs.shape
    )
