"""What follows from a network and one picture, or from a network alone."""

from __future__ import annotations

import torch

from dashboard.inspection.activations.forward_pass import forward_pass
from dashboard.inspection.weights.distributions import distributions as summed_up
from dashboard.records.activations import ForwardPass
from dashboard.records.architecture import Architecture
from dashboard.records.weights import Distributions
from dashboard.results.result import Order
from dashboard.view import View
from models.classifier import Classifier, Weights


def forward(view: View) -> Order[ForwardPass]:
    """The picture's way through the network."""
    return Order(
        ("forward", view.classifier.key, view.seen.digest),
        lambda _: forward_pass(view.classifier, view.seen.inputs, view.survey),
        "Forward pass",
    )


def distributions(of: Classifier | Weights) -> Order[Distributions]:
    """How the numbers of all tensors are spread.

    Args:
        of: a network, or the weights of a file that is none.
    """
    weights, module = (of.weights, of.module) if isinstance(of, Classifier) else (of, None)
    return Order(
        ("distributions", of.key),
        lambda report: summed_up(weights, module, report),
        "Reading all weights",
    )


def architecture(view: View) -> Order[Architecture]:
    """The network's calls, their costs and what each reads, found with the picture."""

    def followed(_: object) -> Architecture:
        # Takes a third of a second, and no page waits for it.
        from dashboard.inspection.architecture import trace

        return trace.architecture(view.classifier.module, torch.tensor(view.seen.inputs)[None])

    return Order(("architecture", view.classifier.key, view.seen.digest), followed, "Architecture")
