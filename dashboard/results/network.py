"""What follows from a network and the picture that is looked at, or from a network alone."""

from __future__ import annotations

import torch

from dashboard.inspection.activations.forward_pass import forward_pass
from dashboard.inspection.architecture.timing import timing as measure_timing
from dashboard.records.activations import ForwardPass
from dashboard.records.architecture import Architecture, Timing
from dashboard.results.result import Result
from dashboard.view import View


def forward(view: View) -> Result[ForwardPass]:
    """The picture's way through the network."""
    return Result(
        view.classifier.key,
        "forward pass",
        (view.seen.digest,),
        lambda _: forward_pass(view.classifier, view.seen.inputs, view.survey),
        "Forward pass",
    )


def architecture(view: View) -> Result[Architecture]:
    """The network's calls, their costs and what each reads, found with the picture."""

    def work(_: object) -> Architecture:
        # Takes a third of a second, and no page waits for it.
        from dashboard.inspection.architecture import trace

        return trace.architecture(view.classifier.module, torch.tensor(view.seen.inputs)[None])

    return Result(view.classifier.key, "architecture", (view.seen.digest,), work, "Architecture")


def timing(view: View) -> Result[Timing]:
    """How long each layer takes, measured on one picture."""
    return Result(
        view.classifier.key,
        "timing",
        (),
        lambda report: measure_timing(
            view.classifier.module, torch.tensor(view.seen.inputs)[None], progress=report
        ),
        "Timing the layers",
    )
