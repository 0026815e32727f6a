"""What a trial found of a network that is brought: what comes out, what that means, and whether it holds still."""

from __future__ import annotations

from dataclasses import dataclass

from models.meaning import READINGS, Basis, Meaning, Reading

# Two passes over the same picture may differ by so much of the spread of its scores: rounding differs by batch.
STEADY = 1e-3
# A number of so few bits is rounded to this part of itself, and scores differ by some of them.
ROUNDING = {"bfloat16": 2**-8, "float16": 2**-11}
MOST_ROUNDED = 16
# Where no logit moves by more from picture to picture, every picture gets the same answer: it changes a probability by
# no more than a quarter of that.
SAME = 1e-3
# Where the scores of a picture spread by less, they are rounding.
FAINT = 1e-6


@dataclass(frozen=True)
class Contract:
    """What a trial found of a network.

    Attributes:
        given: channels, height and width of the pictures that went in.
        member: where the scores stand in what comes out, as Python writes it (`['logits']`, `[0]`, `.logits`); empty
            where they are all that comes out.
        rivals: other places where scores may stand as well as there; none where a name tells which they are.
        outputs: numbers that one picture gets.
        rows: whether they come as (N, outputs) by themselves, also of one picture.
        meaning: of these numbers.
        basis: of the meaning.
        final: name of the activation module that makes the output of the logits; empty where there is none, and the
            logits are then worked out from the probabilities.
        saturated: whether a probability of the trial was 0 or 1 in float32, where its logarithm says nothing.
        repeated: largest difference between two passes over one picture, as a share of the spread of its scores.
        batched: the same between a picture alone and among others.
        rewritten: names of buffers that a pass in eval mode changed.
        singly: whether it answers one picture at a time only.
        writes_input: whether it writes into what it is given.
        gradient: whether a gradient reaches the picture.
        obstacle: why none does, in the network's own words where it has some; empty where one does.
        spread: largest minus smallest score of a picture, the mean over pictures.
        moved: largest difference that another picture makes to any score, before a softmax or sigmoid.
        unfinished: share of the scores of the trial that were infinite or no numbers.
        dtype: of the scores, as torch calls it.
        takes: dtype of the pictures that it reads.
        channels_last: whether it reads (N, height, width, channels).
    """

    given: tuple[int, int, int]
    member: str = ""
    rivals: tuple[str, ...] = ()
    outputs: int = 0
    rows: bool = True
    meaning: Meaning = "logits"
    basis: Basis = "assumed"
    final: str = ""
    saturated: bool = False
    repeated: float = 0.0
    batched: float = 0.0
    rewritten: tuple[str, ...] = ()
    singly: bool = False
    writes_input: bool = False
    gradient: bool = True
    obstacle: str = ""
    spread: float = 1.0
    moved: float = 1.0
    unfinished: float = 0.0
    dtype: str = "float32"
    takes: str = "float32"
    channels_last: bool = False

    @property
    def tolerance(self) -> float:
        """The difference between two passes that is rounding, as a share of the spread of scores."""
        rounding = max(ROUNDING.get(dtype, 0) for dtype in (self.dtype, self.takes))
        return max(STEADY, MOST_ROUNDED * rounding)

    @property
    def steady(self) -> bool:
        """Whether the same picture gets the same answer, alone and among others."""
        return max(self.repeated, self.batched) <= self.tolerance

    @property
    def random(self) -> bool:
        """Whether two passes over one picture differ."""
        return self.repeated > self.tolerance

    @property
    def adapts(self) -> bool:
        """Whether pictures are turned or converted before they go in."""
        return self.channels_last or self.takes != "float32"

    @property
    def plain(self) -> bool:
        """Whether the module reads pictures and gives logits, (N, classes), by itself, and leaves its input alone."""
        touched = self.adapts or self.member or self.writes_input or self.rewritten or self.singly
        untouched = self.rows and self.dtype == "float32" and not touched
        return untouched and self.meaning in ("logits", "log-probabilities", "attributes", "values")

    @property
    def reading(self) -> Reading:
        """How an answer is read."""
        return READINGS[self.meaning]

    @property
    def collapsed(self) -> bool:
        """Whether every picture gets the same answer."""
        return self.moved <= SAME * ((self.spread or 1.0) if self.reading == "values" else 1.0)

    @property
    def faint(self) -> bool:
        """Whether scores differ by no more than rounding, so that no ratio of them says anything."""
        return self.outputs > 1 and self.spread <= FAINT

    @property
    def lossy(self) -> bool:
        """Whether probabilities were 0 or 1 in float32 and nothing before them is known: what lies behind is lost."""
        return self.saturated and not self.final


# Of a network of which it is known, because we wrote and trained it.
LOGITS = Contract((3, 0, 0), basis="measured")
