"""What the curves say about how a network learns: does it memorise, since when, by how much, and what helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.kinds import KINDS
from models.training.config import Config
from models.training.kinds import TRAINED
from models.training.remedies import Remedy, longer_training, memorising_remedies, weakness_remedies

TOO_EARLY, MEMORISES, WEAK, LEARNING, HEALTHY = "too early", "memorises", "weak", "still learning", "healthy"

FEWEST_EPOCHS = 3
# What counts: this much less accuracy on validation than on training pictures, in [0, 1], ...
GAP = 0.05
# ... or validation loss so much above its minimum, while training loss fell on.
RISE = 0.10
# A fall of validation loss over the last third of the epochs that says: go on.
FALL = 0.05


@dataclass(frozen=True, eq=False)
class Curves:
    """One finite value per epoch, from the first; all of shape (E,).

    Attributes:
        train_loss: mean over the epoch.
        train_top1: mean over the epoch, in [0, 1].
        validation_loss: at the epoch's end.
        validation_top1: at the epoch's end, in [0, 1].
    """

    train_loss: NDArray[np.float64]
    train_top1: NDArray[np.float64]
    validation_loss: NDArray[np.float64]
    validation_top1: NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """What the curves show, with its evidence.

    Attributes:
        kind: TOO_EARLY, MEMORISES, WEAK, LEARNING or HEALTHY.
        finding: what they show, without a capital and a full stop.
        reason: what shows it, likewise.
        evidence: the numbers behind it, one sentence each.
        since: epoch, counted from 1, at which memorising began, as the reason says; None where it did not.
        gap: training minus validation accuracy at the end, in [-1, 1].
        rise: validation loss at the end over its minimum, minus 1.
        remedies: what to try, the most promising first.
    """

    kind: str
    finding: str
    reason: str
    evidence: tuple[str, ...] = ()
    since: int | None = None
    gap: float = 0.0
    rise: float = 0.0
    remedies: tuple[Remedy, ...] = ()

    @property
    def sentence(self) -> str:
        """What shows it, and what they show."""
        return f"{self.reason[:1].upper()}{self.reason[1:]}: {self.finding}."


def judge(curves: Curves, config: Config, *, classes: int, validated: int) -> Verdict:
    """Say what the curves of a run show.

    Args:
        curves: of a run that may go on still.
        config: of the run; remedies change it.
        classes: how many there are, which tells what guessing reaches.
        validated: number of validation pictures, which tells how much accuracy varies by chance.

    Returns:
        TOO_EARLY, without evidence, before FEWEST_EPOCHS epochs.
    """
    epochs = len(curves.train_loss)
    if epochs < FEWEST_EPOCHS:
        return Verdict(
            TOO_EARLY, "it is too early to tell", f"{epochs} of at least {FEWEST_EPOCHS} epochs are over"
        )
    gap, turn = _gap_epoch(curves, validated), _turning_epoch(curves)
    among = TRAINED[config.reads].among
    kind, finding, reason = _kind(curves, gap, turn, among / classes, among > 1, KINDS[config.reads].many)
    return Verdict(
        kind=kind,
        finding=finding,
        reason=reason,
        evidence=_evidence(curves),
        since=turn if gap is None else gap,
        gap=float(curves.train_top1[-1] - curves.validation_top1[-1]),
        rise=_rise(curves),
        remedies=_REMEDIES[kind](config),
    )


_REMEDIES: dict[str, Callable[[Config], tuple[Remedy, ...]]] = {
    MEMORISES: memorising_remedies,
    WEAK: weakness_remedies,
    LEARNING: longer_training,
    HEALTHY: lambda config: (),
}


def _kind(
    curves: Curves, gap: int | None, turn: int | None, guessing: float, undecided: bool, many: str
) -> tuple[str, str, str]:
    """The kind, what the curves show, and what shows it.

    Args:
        curves: of the run.
        gap: epoch since which training accuracy is ahead.
        turn: epoch since which validation loss rises.
        guessing: share that guessing gets right.
        undecided: whether what is read does not tell which answer is right, so that halfway to all is no measure.
        many: what is learned from, in words.
    """
    train, validation = float(curves.train_top1[-1]), float(curves.validation_top1[-1])
    against = f"{_percent(train)} against {_percent(validation)}"
    if gap is not None:
        return (
            MEMORISES,
            "the network memorises",
            f"training accuracy left validation behind at epoch {gap} ({against} now)",
        )
    if turn is not None:
        return (
            MEMORISES,
            "the network memorises",
            f"validation loss has risen by {_percent(_rise(curves))} since epoch {turn} while training loss fell on",
        )
    if _still_falls(curves):
        return (
            LEARNING,
            f"the network has not learned all it can ({_percent(validation)} right so far)",
            "validation loss still falls",
        )
    if train < (2 * guessing if undecided else (1 + guessing) / 2):
        return (
            WEAK,
            "the network learns little",
            f"only {_percent(train)} of its own training {many} are right, guessing gets {_percent(guessing)}",
        )
    return (
        HEALTHY,
        f"what the network learned holds for {many} it has not seen",
        f"training and validation accuracy go together ({against})",
    )


def _evidence(curves: Curves) -> tuple[str, ...]:
    best = int(curves.validation_loss.argmin())
    train, validation = curves.train_top1[-1], curves.validation_top1[-1]
    return (
        f"Accuracy at epoch {len(curves.train_top1)}: training {_percent(train, digits=1)}, "
        f"validation {_percent(validation, digits=1)}, "
        f"{100 * (train - validation):+.1f} points apart.",
        f"Validation loss: lowest at epoch {best + 1} ({curves.validation_loss[best]:.3g})"
        f"{_since(curves.validation_loss, best)}.",
        f"Training loss: {curves.train_loss[best]:.3g} at that epoch{_since(curves.train_loss, best)}.",
    )


def _since(loss: NDArray[np.float64], epoch: int) -> str:
    """What a loss is now, where that reads otherwise than after an epoch, from 0."""
    then, now = (f"{loss[place]:.3g}" for place in (epoch, -1))
    return "" if now == then else f", now {now}"


def _gap_epoch(curves: Curves, validated: int) -> int | None:
    """The epoch, from 1, since which training accuracy has been ahead by more than GAP and than chance."""
    top1 = curves.validation_top1
    noise = 2 * np.sqrt(top1 * (1 - top1) / max(validated, 1))  # two standard errors
    ahead = curves.train_top1 - top1 > np.maximum(GAP, noise)
    if not ahead[-1]:
        return None
    behind = np.flatnonzero(~ahead)
    return int(behind[-1]) + 2 if len(behind) else 1


def _turning_epoch(curves: Curves) -> int | None:
    """The epoch, from 1, of the lowest validation loss, if it has risen since while training loss fell."""
    best = int(curves.validation_loss.argmin())
    after = curves.validation_loss[best + 1 :]
    if len(after) < 2 or min(after[-2:]) < (1 + RISE) * curves.validation_loss[best]:
        return None
    return best + 1 if curves.train_loss[-1] < curves.train_loss[best] else None


def _rise(curves: Curves) -> float:
    lowest = float(curves.validation_loss.min())
    return float(curves.validation_loss[-1]) / lowest - 1 if lowest > 0 else 0.0


def _still_falls(curves: Curves) -> bool:
    """Whether validation loss is lowest now, and was clearly higher a third of the epochs ago."""
    loss = curves.validation_loss
    before = loss[-1 - max(1, len(loss) // 3)]
    return bool(loss[-1] == loss.min() and loss[-1] < (1 - FALL) * before)


def _percent(share: float, digits: int = 0) -> str:
    """A share in words, as the pages write it: "97 %"."""
    return f"{100 * share:.{digits}f} %"
