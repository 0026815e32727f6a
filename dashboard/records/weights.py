"""Records of a network's weights: what each tensor holds, how it is spread, what became of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from dashboard.records.arrays import ArrayRecord
from dashboard.records.histogram import Histogram

Role = Literal["weight", "bias", "norm", "statistic", "other"]
# The worst first.
Severity = Literal["broken", "serious", "notice"]
ChangeVerdict = Literal["frozen", "rounded", "barely trained", "trained", "rewritten"]
# From what did not move to what moved most.
CHANGE_VERDICTS: tuple[ChangeVerdict, ...] = get_args(ChangeVerdict)
ROLES: dict[Role, str] = {
    "weight": "Weights",
    "bias": "Biases",
    "norm": "Norm layers",
    "statistic": "Running statistics",
    "other": "Other tensors",
}


@dataclass(frozen=True)
class TensorFacts:
    """What a tensor is, before anybody reads its numbers.

    Attributes:
        name: qualified name.
        layer: name of the module that it belongs to; the tensor's own name where it belongs to the whole network.
        role: what it does there.
        kind: the module's class, or what the shape suggests.
        dtype: of its numbers, as torch calls it without "torch.".
        shape: of the tensor.
        fans: how many numbers go into and come out of one unit; None where it is no matrix or convolution.
    """

    name: str
    layer: str
    role: Role
    kind: str
    dtype: str
    shape: tuple[int, ...]
    fans: tuple[int, int] | None

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class TensorSummary(ArrayRecord):
    """How a tensor's numbers are spread; what is NaN or infinite is counted and left out of all else.

    Attributes:
        facts: what the tensor is.
        nan: how many are NaN.
        infinite: how many are infinite.
        zeros: how many are exactly 0.
        near_zeros: how many are smaller than half of what eight bits can tell apart: at most 1/254 of the largest.
        mean: of the numbers; NaN where there is none, as for all that follows.
        std: their spread, the root of the mean squared distance from the mean (divided by n).
        low: the least.
        high: the greatest.
        kurtosis: fourth central moment over the squared second, minus 3 (divided by n): 0 for a bell curve, -1.2 for
            equal chances, above 0 for heavy tails.
        histogram: of the numbers; empty for whole numbers and truth values.
    """

    facts: TensorFacts
    nan: int
    infinite: int
    zeros: int
    near_zeros: int
    mean: float
    std: float
    low: float
    high: float
    kurtosis: float
    histogram: Histogram

    @property
    def finite(self) -> int:
        """How many numbers are neither NaN nor infinite."""
        return self.facts.count - self.nan - self.infinite

    @property
    def norm(self) -> float:
        """Euclidean norm: the root of the sum of squares."""
        return math.sqrt(self.finite * (self.std**2 + self.mean**2)) if self.finite else math.nan

    @property
    def rms(self) -> float:
        """Root of the mean square, the size of a typical number."""
        return math.sqrt(self.std**2 + self.mean**2) if self.finite else math.nan

    @property
    def largest(self) -> float:
        """The greatest size |x|."""
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True, eq=False)
class Distributions(ArrayRecord):
    """How the numbers of all tensors are spread.

    Attributes:
        tensors: in the order of the file.
    """

    tensors: tuple[TensorSummary, ...]

    def of(self, role: Role) -> tuple[TensorSummary, ...]:
        """The tensors of a role that hold real numbers."""
        known = (summary for summary in self.tensors if len(summary.histogram.counts))
        return tuple(summary for summary in known if summary.facts.role == role)

    def find(self, name: str) -> TensorSummary | None:
        """The tensor of that name, or None."""
        return next((summary for summary in self.tensors if summary.facts.name == name), None)


@dataclass(frozen=True)
class InitialSpread:
    """What an initialisation would have given a tensor.

    Attributes:
        title: of the initialisation.
        std: its spread.
    """

    title: str
    std: float


@dataclass(frozen=True, eq=False)
class Filters(ArrayRecord):
    """Some of a tensor's kernels, to be drawn as small pictures on one scale.

    Attributes:
        tiles: n arrays of (h, w) float32, or (h, w, 3) where the three inputs of a kernel are colours; may hold NaN.
        labels: n short texts: the number of the unit or of the input.
        total: how many there are in all.
    """

    tiles: tuple[np.ndarray, ...]
    labels: tuple[str, ...]
    total: int

    @property
    def colour(self) -> bool:
        """Whether tiles are colours."""
        return self.tiles[0].ndim == 3


@dataclass(frozen=True)
class WeightFinding:
    """Something about weights that deserves a look.

    Attributes:
        severity: "broken" spoils every answer, "serious" costs some of what the network could do, "notice" is to know.
        kind: what it is, in a few words.
        tensor: where.
        measure: the number, in words.
        share: how much of the tensor is concerned, in (0, 1]; sorts what is equally severe.
        meaning: what it does, and what to do about it.
        units: those concerned, if only some are.
    """

    severity: Severity
    kind: str
    tensor: TensorFacts
    measure: str
    share: float
    meaning: str
    units: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class WeightHealth:
    """All findings.

    Attributes:
        findings: the worst first.
        uncompared: tensors whose units were too many to be compared with each other.
    """

    findings: tuple[WeightFinding, ...]
    uncompared: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """How far a tensor is from the one of that name in another set of weights.

    Attributes:
        facts: what the tensor is.
        relative: norm of the difference over the norm of the other, at least 0; infinite where that is 0 and the
            tensor is not.
        cosine: of the angle between both, in [-1, 1].
        largest: greatest size of a difference.
        verdict: the change in a word.
        broken: numbers left out, since one of both is NaN or infinite.
    """

    facts: TensorFacts
    relative: float
    cosine: float
    largest: float
    verdict: ChangeVerdict
    broken: int


@dataclass(frozen=True)
class Comparison:
    """Two sets of weights side by side.

    Attributes:
        changes: of the tensors that both have in one shape, in the order of the network.
        added: names that only the first has.
        removed: names that only the other has.
        reshaped: names that both have in different shapes, and the shapes.
    """

    changes: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reshaped: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]

    def of(self, role: Role) -> tuple[Change, ...]:
        """The changes of tensors of a role."""
        return tuple(change for change in self.changes if change.facts.role == role)


@dataclass(frozen=True, eq=False)
class Track(ArrayRecord):
    """One tensor through training.

    Attributes:
        name: of the tensor, or the tag under which it was logged.
        steps: (n,) optimizer steps, ascending.
        histograms: n, of its numbers.
        stds: (n,) their spread.
        changes: (n,) at least 0, norm of the change since the step before over the norm there; NaN for the first, and
            where only histograms are known.
    """

    name: str
    steps: np.ndarray
    histograms: tuple[Histogram, ...]
    stds: np.ndarray
    changes: np.ndarray


@dataclass(frozen=True, eq=False)
class History(ArrayRecord):
    """All tensors of a network through training.

    Attributes:
        tracks: in the order of the network.
        problems: a sentence for each checkpoint that could not be read.
    """

    tracks: tuple[Track, ...]
    problems: tuple[str, ...] = ()


# Between which exponents the tails of well-trained layers lie (Martin and Mahoney, 2021).
USUAL_ALPHA = (2.0, 6.0)


@dataclass(frozen=True)
class PowerLaw:
    """A power law p(x) ~ x^-alpha that is fitted to the largest of some numbers.

    Attributes:
        alpha: the exponent, above 1.
        xmin: where the tail begins.
        distance: Kolmogorov and Smirnov's: the greatest difference between the tail's shares and the law's, in [0, 1].
        tail: how many numbers lie in the tail.
    """

    alpha: float
    xmin: float
    distance: float
    tail: int

    @property
    def plausible(self) -> bool:
        """Whether a true power law would often fit no better: Lilliefors' test of the logarithms, at 5 %."""
        root = math.sqrt(self.tail)
        return (self.distance - 0.2 / self.tail) * (root + 0.26 + 0.5 / root) <= LILLIEFORS


# Critical value of Lilliefors' test for an exponential with unknown mean, at 5 % (Stephens, 1974).
LILLIEFORS = 1.094


@dataclass(frozen=True, eq=False)
class Spectrum(ArrayRecord):
    """The singular values of a weight, read as a matrix of units and their inputs.

    Attributes:
        facts: what the tensor is.
        values: (k,) singular values, the largest first.
        law: fitted to the tail of their squares; None where they are too few.
    """

    facts: TensorFacts
    values: np.ndarray
    law: PowerLaw | None

    @property
    def stable_rank(self) -> float:
        """Sum of squares over the largest square: how many directions carry the weight's energy."""
        return float((self.values**2).sum() / self.values[0] ** 2) if self.values[0] > 0 else math.nan

    @property
    def effective_rank(self) -> float:
        """Exponential of the entropy of the singular values' shares (Roy and Vetterli, 2007)."""
        shares = self.values / self.values.sum() if self.values[0] > 0 else np.zeros(0)
        shares = shares[shares > 0]
        return float(np.exp(-(shares * np.log(shares)).sum())) if len(shares) else math.nan

    @property
    def condition(self) -> float:
        """The largest over the smallest; infinite where a direction is lost."""
        return float(self.values[0] / self.values[-1]) if self.values[-1] > 0 else math.inf


@dataclass(frozen=True, eq=False)
class Spectra(ArrayRecord):
    """The spectra of a network's matrices.

    Attributes:
        found: in the order of the network.
        skipped: names of what is too large or not finite.
    """

    found: tuple[Spectrum, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Precision:
    """What storing the weights in another format costs, measured on one picture.

    Attributes:
        title: of the format.
        bytes: that all tensors would take.
        error: relative error of the logits, at least 0: norm of the difference over the norm.
        largest: greatest difference of a logit.
        winner: the class that wins.
        probability: of that class; None where there are values and no classes.
        same: whether it wins in the original too.
    """

    title: str
    bytes: int
    error: float
    largest: float
    winner: int
    probability: float | None
    same: bool
