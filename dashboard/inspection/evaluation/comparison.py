"""Two networks on the same pictures: what was fixed, what was broken, and whether that may be chance."""

from __future__ import annotations

import numpy as np

from dashboard.records.evaluation import Evaluation, Flips

# With fewer flips than this the exact test is made; with more the approximation is as good.
FEW_FLIPS = 25


def flips(before: Evaluation, after: Evaluation) -> Flips:
    """From one network's answers to another's, picture by picture.

    Args:
        before: of one network.
        after: of the other, on the same set.
    """
    _, first, second = np.intersect1d(
        before.answers.indices, after.answers.indices, assume_unique=True, return_indices=True
    )
    was, now = before.right[first], after.right[second]
    fixed, broken = np.flatnonzero(~was & now), np.flatnonzero(was & ~now)
    differs = before.predicted[first] != after.predicted[second]
    return Flips(
        pairs=np.stack((first, second), 1),
        fixed=fixed,
        broken=broken,
        changed=np.flatnonzero(~was & ~now & differs),
        both_right=int((was & now).sum()),
        both_wrong=int((~was & ~now).sum()),
        p=mcnemar(len(fixed), len(broken)),
        exact=len(fixed) + len(broken) < FEW_FLIPS,
    )


def mcnemar(fixed: int, broken: int) -> float | None:
    """Probability that two equally good networks differ so unevenly, two-sided; None where they do not differ.

    Exact, by the binomial distribution, for few; else the chi-square distribution with Edwards' correction.

    Reference: McNemar, Note on the sampling error of the difference between correlated proportions, 1947;
    Dietterich, Approximate statistical tests for comparing supervised classification algorithms, 1998.
    """
    from scipy.stats import binomtest, chi2

    count = fixed + broken
    if not count:
        return None
    if count < FEW_FLIPS:
        return float(binomtest(fixed, count, 0.5).pvalue)
    return float(chi2.sf((max(abs(fixed - broken) - 1, 0)) ** 2 / count, 1))
