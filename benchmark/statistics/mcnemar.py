"""Are models right about equally many cases? McNemar's test of the decisions of two, and Cochran's Q of several.

With b cases that only the first model decides rightly, and c that only the second does:

    plain       chi2 = (b - c)^2 / (b + c)              corrected   chi2 = (|b - c| - 1)^2 / (b + c), df 1
    exact       p = min(1, 2 P(X <= min(b, c))),        X ~ Binomial(b + c, 1/2)
    mid         p = 2 P(X < min(b, c)) + P(X = min(b, c));  if b = c, p = 1 - P(X = b)/2
    difference  (b - c)/n;  with p1 = (b + 1)/(n + 2), p2 = (c + 1)/(n + 2):
                p1 - p2 -+ z sqrt((p1 + p2 - (p1 - p2)^2) / (n + 2))
    Cochran     Q = k (k - 1) sum_j (C_j - mean C)^2 / (k sum_i R_i - sum_i R_i^2),  df k - 1

with C_j the right decisions of model j and R_i those about case i. As in R, nothing is subtracted when b = c. Where R's
mcnemar.test divides 0 by 0, because no case tells the models apart, the statistic is 0 and every p is 1 here. The cases
must be independent: one decision per case and model, and one case per patient.

Source: McNemar (1947), Psychometrika 12:153; Edwards (1948), Psychometrika 13:185 (corrected); Fagerland, Lydersen and
Laake (2013), BMC Medical Research Methodology 13:91 and its supplement (mid p); Bonett and Price (2012), Journal of
Educational and Behavioral Statistics 37:479 (interval); Cochran (1950), Biometrika 37:256.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.statistics.aucs import JointTest, normal_quantile


@dataclass(frozen=True)
class PairedCounts:
    """How many cases both models, one of them, or neither decided rightly."""

    both_right: int
    only_first: int
    only_second: int
    both_wrong: int


@dataclass(frozen=True)
class McNemar:
    """``difference`` in accuracy, first minus second, with its limits; chi-square plain and with Edwards' correction,
    and the four two-sided p values. ``p_mid`` is the one to report: exact is conservative, plain too small in small
    samples."""

    difference: float
    low: float
    high: float
    chi2: float
    p: float
    chi2_corrected: float
    p_corrected: float
    p_exact: float
    p_mid: float


def count_pairs(first_right: np.ndarray, second_right: np.ndarray) -> PairedCounts | None:
    """The counts of ``first_right`` and ``second_right`` (n_cases,): 1 where the decision is right, 0 where it is
    wrong. None if there is a NaN: a case that one model did not decide is not left out in silence."""
    first, second = np.asarray(first_right, float), np.asarray(second_right, float)
    if np.isnan(first).any() or np.isnan(second).any():
        return None
    one, other = first == 1, second == 1
    return PairedCounts(
        both_right=int(np.sum(one & other)),
        only_first=int(np.sum(one & ~other)),
        only_second=int(np.sum(~one & other)),
        both_wrong=int(np.sum(~one & ~other)),
    )


def mcnemar(counts: PairedCounts | None, *, level: float = 0.95) -> McNemar:
    """The test of first against second. Without any case that tells them apart: chi-square 0 and p 1. NaN if the
    counts are None or all 0."""
    n = 0 if counts is None else sum((counts.both_right, counts.only_first, counts.only_second, counts.both_wrong))
    if counts is None or n == 0:
        return McNemar(*[float("nan")] * 9)
    b, c = counts.only_first, counts.only_second
    apart, least = b + c, min(b, c)
    chi2 = (b - c) ** 2 / apart if apart else 0.0
    corrected = (abs(b - c) - 1) ** 2 / apart if b != c else 0.0
    upto = float(special.bdtr(least, apart, 0.5))  # P(X <= min(b, c))
    low, high = _limits(b, c, n, level)
    return McNemar(
        difference=(b - c) / n,
        low=low,
        high=high,
        chi2=chi2,
        p=float(special.chdtrc(1, chi2)),
        chi2_corrected=corrected,
        p_corrected=float(special.chdtrc(1, corrected)),
        p_exact=min(1.0, 2 * upto),
        p_mid=_mid(b, c, upto),
    )


def _mid(b: int, c: int, upto: float) -> float:
    if b + c == 0:
        return 1.0
    below = float(special.bdtr(min(b, c) - 1, b + c, 0.5)) if min(b, c) else 0.0
    return upto + below if b != c else 1 - (upto - below) / 2


def cochran_q(right: np.ndarray) -> JointTest:
    """Whether k >= 2 models are equally often right, from ``right`` (n_cases, k): 1 right, 0 wrong. If every case is
    decided alike by all models, Q is 0 and p 1. NaN with a NaN, or without cases."""
    right = np.asarray(right, float)
    k = right.shape[1]
    if not len(right) or np.isnan(right).any():
        return JointTest(float("nan"), k - 1, float("nan"))
    of_models, of_cases = right.sum(0), right.sum(1)
    spread = k * (k - 1) * float(np.sum((of_models - of_models.mean()) ** 2))
    disagreement = float(k * of_cases.sum() - np.sum(of_cases**2))
    statistic = spread / disagreement if disagreement else 0.0
    return JointTest(statistic, k - 1, float(special.chdtrc(k - 1, statistic)))


def _limits(b: int, c: int, n: int, level: float) -> tuple[float, float]:
    p1, p2 = (b + 1) / (n + 2), (c + 1) / (n + 2)
    margin = normal_quantile(level) * np.sqrt((p1 + p2 - (p1 - p2) ** 2) / (n + 2))
    return max(-1.0, float(p1 - p2 - margin)), min(1.0, float(p1 - p2 + margin))
