"""The terms of the field that the app and a report use, in plain words; and which of them some texts use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes:
        name: as the glossary lists it.
        meaning: in a sentence or two that a person outside the field can follow.
        written: how texts have it, as a pattern; the name itself where it is empty.
    """

    name: str
    meaning: str
    written: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term in a text, whatever its case, as a word of its own."""
        return re.compile(rf"(?<!\w)(?:{self.written or re.escape(self.name)})(?!\w)", re.IGNORECASE)


TERMS: tuple[Term, ...] = (
    Term("95 % interval", "The range in which the true share lies in 95 of 100 such measurements."),
    Term("Accuracy", "The share of pictures for which the network's first answer is right."),
    Term("Activation", "A number that a unit of the network puts out for a picture.", "activations?"),
    Term("Baseline", 'A picture that stands for "nothing there", which a method compares the real one with.'),
    Term(
        "Batch",
        "The pictures that a network reads at once before it changes its weights.",
        "batch|batches",
    ),
    Term(
        "Calibration error",
        "How far confidence and accuracy lie apart on average; 0 means that 80 % sure is right in 80 % of the cases.",
    ),
    Term("Channel", "One of the parallel maps that a layer makes of a picture.", "channels?"),
    Term("Confidence", "The probability that the network gives to its answer."),
    Term("Confusion matrix", "A table of how often each class is taken for each other one."),
    Term("Decision tree", "A series of yes-or-no questions that ends in an answer.", "decision trees?"),
    Term("Epoch", "One pass of training over all training pictures.", "epochs?"),
    Term("F1", "One number for recall and precision together, their harmonic mean."),
    Term("Fidelity", "The share of pictures on which an imitation answers like the network it imitates."),
    Term(
        "FLOPs",
        "Arithmetic operations that one picture costs; a multiplication and its addition are two.",
    ),
    Term("Gini impurity", "How mixed the answers of a group of pictures are; 0 where all are alike."),
    Term("Held out", "Kept from whatever learns, so that it can be measured fairly.", "held out|kept back"),
    Term(
        "Kappa",
        "Agreement beyond chance: 0 is what guessing with the same habits would reach, 1 is agreement always.",
    ),
    Term(
        "Kaiming's initialisation",
        "A usual way to draw a network's weights at random before training begins.",
    ),
    Term("Layer", "One part of a network, which turns numbers into other numbers.", "layers?"),
    Term("Leaf", "An end of a decision tree, where it answers.", "leaf|leaves"),
    Term(
        "Logit",
        "The network's raw score of a class, before the softmax makes probabilities of all scores.",
        "logits?",
    ),
    Term("Loss", "What training makes small: how far the answers are from the truth."),
    Term(
        "Memorises",
        "Knows its training pictures better than others it could have learned from them: it overfits.",
        "memoris\\w+|overfits?|overfitting",
    ),
    Term("Parameters", "The numbers in a network that training sets.", "parameters?"),
    Term("Precision", "Of the pictures that are called a class, the share that belongs to it."),
    Term("Recall", "Of the pictures of a class, the share that is found."),
    Term("Softmax", "The formula that turns scores into probabilities that add up to 1."),
    Term(
        "Step",
        "One change of all weights in training, after one batch of pictures.",
        "optimizer steps?|step|steps",
    ),
    Term(
        "Temperature",
        "One number that all scores are divided by, to make a network as sure as it may be.",
    ),
    Term(
        "Top-1 accuracy", "The share of pictures for which the first answer is right.", "top-1 accuracy|top-1"
    ),
    Term("Top-5", "The share of pictures whose class is among the five most probable answers."),
    Term("Untrained", "With random weights: it has learned nothing, and its answers are guesses."),
    Term("Validation", "Measuring a network, while it trains, on pictures that it does not learn from."),
    Term(
        "Weights",
        "The parameters by which a network multiplies its inputs: what training writes into it.",
        "weights?",
    ),
)


def find_terms(texts: Iterable[str]) -> tuple[Term, ...]:
    """The terms in some texts, and those that explain them, by name."""
    left, terms = list(TERMS), []
    waiting = ["\n".join(texts)]
    while waiting:
        text = waiting.pop()
        new = [term for term in left if term.pattern.search(text)]
        left = [term for term in left if term not in new]
        terms += new
        waiting += [term.meaning for term in new]
    return tuple(sorted(terms, key=lambda term: term.name.lower()))
