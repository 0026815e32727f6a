"""Records of a text that a network reads: what each word counts for, and what becomes of the answer without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.attribution import Outcome
from dashboard.records.pictures import Prediction

# Where a part of a text begins and ends, as places of tokens: [start, end).
Part = tuple[int, int]
# Of what all words together change, the share below which the words one by one are said to be redundant.
REDUNDANT = 0.5


@dataclass(frozen=True, eq=False)
class TextAttribution(ArrayRecord):
    """How much each part of a text speaks for the explained quantity; equal words have a value for each place.

    Attributes:
        method: name in the table of methods for texts.
        parts: what has a value each, in order and without gaps: single tokens, or sentences.
        values: (parts,) float64; None where refused.
        signed: whether negative values mean "speaks against".
        outcome: of the checks, by the same thresholds as for pictures.
        explained: the explained quantity's value: the target's logit, or its lead over another's.
        nothing: its value where the baseline stands for every word; None where the method needs no baseline.
        baseline: what stood in place of a word, as the vocabulary has it; empty where nothing did.
        errors: (parts,) standard errors of the values, 0 where they are exact; None where nothing was sampled.
        samples: orders that were drawn; 0 where nothing was sampled.
        seconds: that all this took.
    """

    method: str
    parts: tuple[Part, ...]
    values: np.ndarray | None
    signed: bool
    outcome: Outcome
    explained: float
    nothing: float | None = None
    baseline: str = ""
    errors: np.ndarray | None = None
    samples: int = 0
    seconds: float = 0.0

    @property
    def by_token(self) -> np.ndarray:
        """(L,) the value of the part that each token belongs to; of a record that is not refused."""
        assert self.values is not None, "a refused record has no values"
        return np.repeat(self.values, [end - start for start, end in self.parts])

    @property
    def ranking(self) -> list[int]:
        """Places in `parts`, the largest value without its sign first; of a record that is not refused."""
        assert self.values is not None, "a refused record has no values"
        return [int(place) for place in np.argsort(-np.abs(self.values), kind="stable")]


@dataclass(frozen=True, eq=False)
class TextAttention(ArrayRecord):
    """How much each word looks at each, in every head.

    Attributes:
        weights: (layers, heads, L, L) float32, rows are who looks and add up to 1; None where refused.
        refusal: the reason why there are none; empty where there are.
    """

    weights: np.ndarray | None
    refusal: str = ""


@dataclass(frozen=True)
class Redundancy:
    """What words change one by one, and all together: the explained quantity with them less without them.

    Attributes:
        together: what all change at once.
        alone: the sum of what each changes alone, while all others stay.
        largest: of what one changes alone, the one farthest from 0.
        place: of that token.
        noteworthy: whether `together` is more than rounding, so that shares of it say something.
    """

    together: float
    alone: float
    largest: float
    place: int
    noteworthy: bool

    @property
    def share(self) -> float | None:
        """What they change alone for what all change together; 1 where words add up, None where all change nothing."""
        return self.alone / self.together if self.noteworthy else None

    @property
    def redundant(self) -> bool:
        """Whether words stand in for each other, so that taking out one tells too little: look at Shapley values.

        Not where they change more alone than together, because some speak for and some against.
        """
        return self.share is not None and abs(self.share) < REDUNDANT


@dataclass(frozen=True, eq=False)
class TextChange(ArrayRecord):
    """The answer to a text, and to the same one with words struck out or replaced.

    Attributes:
        struck: places of the tokens that are read as an unknown word, in order.
        replaced: place of a token -> what is read in its stead, in order.
        before: answer to the text as it was.
        after: answer to it now.
        unread: tokens that do not fit any more, because the replacements are longer; they are left out at the end.
    """

    struck: tuple[int, ...]
    replaced: tuple[tuple[int, str], ...]
    before: Prediction
    after: Prediction
    unread: int = 0

    @property
    def turned(self) -> bool:
        """Whether another class wins."""
        return self.before.winner != self.after.winner

    @property
    def lead(self) -> tuple[float, float]:
        """The score of the first answer less that of the next class, before and after."""
        winner = self.before.winner
        others = [np.delete(answer.logits, winner).max() for answer in (self.before, self.after)]
        return float(self.before.logits[winner] - others[0]), float(self.after.logits[winner] - others[1])


@dataclass(frozen=True, eq=False)
class TurningWords(ArrayRecord):
    """Few words that turn the answer when they are struck out together.

    Attributes:
        places: of these tokens, in order; empty where none were found, which is a finding.
        before: answer to the text as it was.
        after: answer without them; to the text with every word struck out where none were found.
        fewest: whether it is sure that no fewer words do, because all smaller sets were tried.
        tried: how many changed texts the network read.
        seconds: that this took.
    """

    places: tuple[int, ...]
    before: Prediction
    after: Prediction
    fewest: bool
    tried: int
    seconds: float

    @property
    def turned(self) -> bool:
        """Whether such words were found."""
        return bool(self.places)


@dataclass(frozen=True, eq=False)
class TextFeatures(ArrayRecord):
    """What many texts are to a network: the numbers that its last layer reads.

    Attributes:
        values: (N, D) float32.
        logits: (N, classes) float32, the network's scores of each.
        labels: (N,) int64, the class that each belongs to.
        seconds: that the pass took.
    """

    values: np.ndarray
    logits: np.ndarray
    labels: np.ndarray
    seconds: float

    @property
    def answers(self) -> np.ndarray:
        """(N,) int64, the network's class for each."""
        return np.asarray(self.logits.argmax(1))
