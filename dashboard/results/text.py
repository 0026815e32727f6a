"""What is asked of a network and a text: what each word counts for, what turns the answer, what is near, and a tree."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.inspection.attribution.method import Parameters
from dashboard.inspection.surrogate import verdict
from dashboard.inspection.surrogate.reading import readings_of
from dashboard.inspection.surrogate.tree import grow
from dashboard.inspection.text.attention import attention_heads
from dashboard.inspection.text.change import change_words
from dashboard.inspection.text.embedding import nearest_texts, text_features
from dashboard.inspection.text.method import TextMethod
from dashboard.inspection.text.reading import read_text
from dashboard.inspection.text.redundancy import redundancy as measure_redundancy
from dashboard.inspection.text.run import TextRequest, attribute
from dashboard.inspection.text.surrogate import word_counts
from dashboard.inspection.text.turning import turning_words
from dashboard.records.embedding import Neighbours
from dashboard.records.pictures import Prediction
from dashboard.records.surrogate import Readings, Surrogate
from dashboard.records.text import (
    Redundancy,
    TextAttention,
    TextAttribution,
    TextChange,
    TextFeatures,
    TurningWords,
)
from dashboard.results.result import Result
from models.runtime.progress import silent
from models.text.classifier import TextClassifier
from models.text.texts import LabelledTexts
from models.text.tokenizer import Tokens

# How many texts nearest to one are named.
NEAREST = 10
# The split that a network learned from; a tree is measured with the others.
LEARNED = "train"


@dataclass(frozen=True, eq=False)
class TextSubject:
    """A network reading a text.

    Attributes:
        classifier: the network, shared.
        tokens: the text as it reads it.
        prediction: its answer.
        target: index of the class that is explained.
        versus: index of the class that it is held against, or None.
    """

    classifier: TextClassifier
    tokens: Tokens
    prediction: Prediction
    target: int
    versus: int | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal: what stands for it in keys and addresses."""
        return hashlib.sha256(self.tokens.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, eq=False)
class TextPool:
    """All texts of a labelled set, in the order of its splits.

    Attributes:
        labelled: the set.
        texts: (N) of them.
        labels: (N,) class indices.
        held_out: (N,) bool, which are not of the split that networks learn from.
    """

    labelled: LabelledTexts
    texts: tuple[str, ...]
    labels: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(cls, labelled: LabelledTexts) -> TextPool:
        """The pool of a set. Raises UserError where its texts cannot be had."""
        content = labelled.load(silent)
        return cls(
            labelled,
            tuple(text for split in labelled.counts for text in content.texts[split]),
            np.concatenate([content.targets[split] for split in labelled.counts]),
            np.concatenate([np.full(count, split != LEARNED) for split, count in labelled.counts.items()]),
        )

    def place(self, row: int) -> tuple[str, int]:
        """The split of a row, and its index there."""
        for split, count in self.labelled.counts.items():
            if row < count:
                return split, row
            row -= count
        raise IndexError(row)


def subject(
    classifier: TextClassifier, text: str, target: int | None = None, versus: int | None = None
) -> TextSubject:
    """A network reading a text; its first answer is explained unless another class is chosen."""
    tokens = classifier.encode(text)
    prediction = read_text(classifier.network, tokens.ids, classifier.classes)
    return TextSubject(
        classifier, tokens, prediction, prediction.winner if target is None else target, versus
    )


def attribution(subject: TextSubject, method: TextMethod, parameters: Parameters) -> Result[TextAttribution]:
    """What each word counts for, by one method with its settings."""
    request = TextRequest(subject.target, subject.versus, parameters)
    return Result(
        subject.classifier.key,
        "attribution of a text",
        (subject.digest, method.name, request),
        lambda report: attribute(
            subject.classifier.network, subject.tokens, method=method, request=request, progress=report
        ),
        method.title,
        "quick" if method.cost == "instant" else "slow",
    )


def attention(subject: TextSubject) -> Result[TextAttention]:
    """How much each word looks at each, in every head."""
    return Result(
        subject.classifier.key,
        "attention in a text",
        (subject.digest,),
        lambda _: attention_heads(subject.classifier.network, subject.tokens),
        "Attention",
    )


def redundancy(subject: TextSubject) -> Result[Redundancy]:
    """What words change one by one, and all together; of a text with at least one word."""
    return Result(
        subject.classifier.key,
        "redundancy of a text",
        (subject.digest, subject.target, subject.versus),
        lambda _: measure_redundancy(
            subject.classifier.network, subject.tokens, subject.target, subject.versus
        ),
        "What words change together",
    )


def change(subject: TextSubject, changes: Mapping[int, str | None]) -> TextChange:
    """The answer once words are struck out (None) or replaced, by their places: two passes, at once.

    Raises:
        UserError: where a place is none of the text.
    """
    classifier = subject.classifier
    return change_words(classifier.network, classifier.tokenizer, subject.tokens, changes, classifier.classes)


def turning(subject: TextSubject) -> Result[TurningWords]:
    """Few words without which another class wins."""
    classifier = subject.classifier
    return Result(
        classifier.key,
        "turning words",
        (subject.digest,),
        lambda report: turning_words(classifier.network, subject.tokens, classifier.classes, report),
        "The fewest words that turn the answer",
        "slow",
    )


def features(classifier: TextClassifier, labelled: LabelledTexts) -> Result[TextFeatures]:
    """What the network's last layer reads of every text of a labelled set, in the order of its pool."""

    def work(report: Callable[[float], None]) -> TextFeatures:
        pool = TextPool.of(labelled)
        return text_features(
            classifier.network, [classifier.encode(text) for text in pool.texts], pool.labels, report
        )

    return Result(
        classifier.key, "features of texts", (labelled.name,), work, f"Reading {labelled.title}", "slow"
    )


def nearest(subject: TextSubject, pool: TextPool, features: TextFeatures) -> Neighbours:
    """The texts of a pool that lie nearest to one, without the text itself.

    Args:
        subject: the network and the text.
        pool: of the features.
        features: of the same network.
    """
    own = text_features(subject.classifier.network, [subject.tokens], np.array([subject.target]))
    among = np.array([text != subject.tokens.text for text in pool.texts], dtype=bool)
    return nearest_texts(features, own.values[0], count=NEAREST, among=among)


def tree_refusal(classifier: TextClassifier, pool: TextPool, features: TextFeatures) -> str | None:
    """Why no tree on words is grown for a network; None where one is."""
    readings = _readings(features, pool.held_out)
    return verdict.nothing_to_explain(
        readings, classifier.classes, trained=classifier.trained, things="texts"
    )


def tree(classifier: TextClassifier, pool: TextPool, features: TextFeatures) -> Result[Surrogate]:
    """A tree that asks how often words stand in a text, and imitates the network; measured on texts held out."""

    def work(report: Callable[[float], None]) -> Surrogate:
        report(0.0)
        words = word_counts([classifier.encode(text) for text in pool.texts], classifier.tokenizer)
        return grow(_readings(features, pool.held_out), words, report)

    return Result(
        classifier.key, "tree on words", (pool.labelled.name,), work, "Growing the tree on words", "slow"
    )


def path(subject: TextSubject, surrogate: Surrogate) -> np.ndarray:
    """(DEEPEST + 1,) where a text is in a tree on words after each number of questions, by node."""
    words = word_counts([subject.tokens], subject.classifier.tokenizer)
    return np.asarray(surrogate.tree.walk(words.values)[0])


def _readings(features: TextFeatures, held_out: np.ndarray) -> Readings:
    return readings_of(features.answers, features.labels, held_out, features.seconds)
