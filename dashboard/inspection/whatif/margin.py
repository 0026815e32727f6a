"""How far an answer is from another one, as one number: what a search for a change works on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dashboard.inspection.engine.explained_score import ExplainedScore
from dashboard.inspection.engine.isolation import isolate
from dashboard.records.pictures import Prediction
from models.classifier import Classifier
from models.contract import Contract


@dataclass(frozen=True)
class Decision:
    """What a network decided, or what it is to be brought to.

    Attributes:
        index: of the class; of the attribute where each is by itself.
        holds: whether that is the answer now; else it is the one that is aimed at.
        alone: whether it is decided by the sign of its own logit, and else by the largest of all.
        yes: the attribute's answer that is meant, where it is decided alone.
    """

    index: int
    holds: bool = True
    alone: bool = False
    yes: bool = True


def refusal(contract: Contract) -> str:
    """Why an answer of this network has no change that could be searched for; empty where it has."""
    if contract.reading == "values":
        return (
            "This network gives values and decides nothing: there is no answer that could change, only a number that "
            "moves."
        )
    if contract.random:
        return "This network is random: it answers the same picture anew each time, so a changed answer is no finding."
    if contract.outputs == 1 and contract.meaning != "yes or no":
        return "This network knows one class only, so every picture gets the same answer."
    return ""


def decide(prediction: Prediction, target: int, aim: int | None = None) -> Decision:
    """What is to change.

    Args:
        prediction: the answer to the picture as it is.
        target: the attribute that is looked at, where each is by itself.
        aim: the class to reach; None for any other than the answer.
    """
    if prediction.reading == "each by itself":
        return Decision(target, alone=True, yes=bool(prediction.logits[target] > 0))
    if aim is None or aim == prediction.winner:
        return Decision(prediction.winner)
    return Decision(aim, holds=False)


class Margin(ExplainedScore):
    """By how much a picture is on this side of a change: (N, C, H, W) -> (N,), below 0 once it has come about.

    It is a difference of logits: of the class and the best of the others, or the attribute's own.
    """

    def __init__(self, network: torch.nn.Module, decision: Decision) -> None:
        super().__init__(network, decision.index)
        self.decision = decision

    @classmethod
    def deciding(cls, classifier: Classifier, decision: Decision) -> Margin:
        """The margin on a private copy of a classifier's network."""
        private = cls(isolate(classifier.module), decision)
        private.eval()
        return private

    def select(self, logits: Tensor) -> Tensor:
        """The margin of logits, (N, classes) -> (N,)."""
        own = logits[:, self.target]
        if self.decision.alone:
            return own if self.decision.yes else -own
        others = logits.clone()
        others[:, self.target] = -torch.inf
        lead = own - others.amax(1)
        return lead if self.decision.holds else -lead
