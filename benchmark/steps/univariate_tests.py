"""Each feature alone against the outcome, all features at once.

Formula, with ``n_c`` cases, mean ``m_c`` and variance ``s_c^2`` (ddof 1) of a feature in class c of C, n cases in all:

* ``anova``: ``F = [sum n_c (m_c - m)^2 / (C - 1)] / [sum (n_c - 1) s_c^2 / (n - C)]`` on C - 1 and n - C degrees of
  freedom; ``t`` is the same for two classes, ``F = t^2``. The Fisher score ``F (C - 1) / (n - C)`` ranks alike.
* ``welch``: with ``w_c = n_c / s_c^2``, their sum ``W``, the weighted mean ``m_w`` and
  ``L = sum (1 - w_c / W)^2 / (n_c - 1)``: ``F = [sum w_c (m_c - m_w)^2 / (C - 1)] / [1 + 2 (C - 2) L / (C^2 - 1)]`` on
  C - 1 and ``(C^2 - 1) / (3 L)`` degrees of freedom; for two classes ``F = t^2`` of Welch's t test. A variance counts
  as ``LEAST`` of that of all cases at least.
* ``kruskal_wallis``: ``H = (n - 1) eta^2`` of the mid-ranks, which is the form corrected for ties; chi-square on C - 1.
* ``mann_whitney``: normal approximation of U with the variance corrected for ties and a continuity correction of 1/2,
  as ``wilcox.test(exact = FALSE)`` in R and SciPy with ``method="asymptotic"``.
* ``auc``: ``max(A, 1 - A)`` with ``A = U / (n_0 n_1)``, averaged over the pairs of classes; its p value is that of
  Mann-Whitney, or of Kruskal-Wallis with more classes.
* ``chi_square``: Pearson's ``sum (O - E)^2 / E`` of categories or intervals (see ``bins``) by classes, without
  continuity correction; (non-empty categories - 1)(C - 1) degrees of freedom.
* ``mutual_information``: I of the same table, in nats; its p value is that of the G test, ``G = 2 n I``.

Cases count as independent: where patients own several the p values are too small, and the ranking is what it is.

Source: Welch (1951), Biometrika 38:330; Kruskal and Wallis (1952), Journal of the American Statistical Association
47:583; Mann and Whitney (1947), Annals of Mathematical Statistics 18:50; Sokal and Rohlf (1995), Biometry, chapter 17
(G test); Duda, Hart and Stork (2001), Pattern classification, section 3.8.2 (Fisher score).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2, f, norm, rankdata

from benchmark.steps.bins import binned, counts_of, mutual_information
from benchmark.steps.correlation import correlation_ratio, unit_columns

LEAST = 1e-20


class Evidence(NamedTuple):
    """``strength`` (k,): what ranks features, higher is better; ``p`` (k,). Both NaN where undefined."""

    strength: np.ndarray
    p: np.ndarray


def anova(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """One-way analysis of variance; see the module, as for the others."""
    n_classes = int(codes.max()) + 1
    return _f_test(f_statistic(standard, codes), n_classes - 1, len(codes) - n_classes)


def f_statistic(standard: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(k,) F of columns of mean 0; infinite where classes differ and nothing varies within them."""
    counts, means, variances = by_class(standard, codes)
    between = (counts[:, None] * np.square(means)).sum(axis=0) / (len(counts) - 1)
    within = ((counts - 1)[:, None] * variances).sum(axis=0) / max(len(codes) - len(counts), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return between / within


def welch(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Welch's analysis of variance; NaN if a class has a single case."""
    counts, means, variances = by_class(standard, codes)
    n_classes = len(counts)
    if counts.min() < 2:
        undefined = np.full(standard.shape[1], np.nan)
        return Evidence(undefined, undefined)
    weights = counts[:, None] / np.maximum(variances, LEAST)
    total = weights.sum(axis=0)
    apart = np.square(means - (weights * means).sum(axis=0) / total)
    loss = (np.square(1 - weights / total) / (counts - 1)[:, None]).sum(axis=0)
    statistic = (weights * apart).sum(axis=0) / (n_classes - 1)
    statistic /= 1 + 2 * (n_classes - 2) * loss / (n_classes**2 - 1)
    return _f_test(statistic, n_classes - 1, (n_classes**2 - 1) / (3 * loss))


def kruskal_wallis(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Kruskal and Wallis' test, corrected for ties."""
    ratio = correlation_ratio(unit_columns(rankdata(standard, axis=0)), codes)
    return _from_log_p(chi2.logsf((len(codes) - 1) * np.square(ratio), codes.max()))


def mann_whitney(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Mann and Whitney's test of two classes."""
    ranks = rankdata(standard, axis=0)
    n, n_ones = len(codes), int(codes.sum())
    pairs = n_ones * (n - n_ones)
    apart = np.abs(u_statistic(ranks, codes) - pairs / 2)
    sd = np.sqrt(pairs / (n * (n - 1)) * np.square(ranks - (n + 1) / 2).sum(axis=0))
    return _from_log_p(np.minimum(np.log(2) + norm.logsf((apart - 0.5) / sd), 0))


def u_statistic(ranks: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(k,) pairs in which the case of class 1 is higher than that of class 0, ties one half; ``ranks`` (n_cases, k)."""
    n_ones = int(codes.sum())
    return codes @ ranks - n_ones * (n_ones + 1) / 2


def auc(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Area under the ROC curve in the direction that is above 1/2."""
    areas = []
    for one, other in combinations(range(int(codes.max()) + 1), 2):
        rows = (codes == one) | (codes == other)
        member = (codes[rows] == other).astype(int)
        areas.append(u_statistic(rankdata(standard[rows], axis=0), member) / (member.sum() * (1 - member).sum()))
    test = mann_whitney if codes.max() == 1 else kruskal_wallis
    return Evidence(np.mean(np.maximum(areas, 1 - np.array(areas)), axis=0), test(standard, codes, n_bins).p)


def chi_square(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Pearson's chi-square test of categories or intervals."""
    counts = counts_of(binned(standard, n_bins), codes)
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / len(codes)
    statistic = np.divide(np.square(counts - expected), expected, out=np.zeros_like(counts), where=expected > 0)
    return _from_log_p(chi2.logsf(statistic.sum(axis=(0, 1)), _freedom(counts)))


def information(standard: np.ndarray, codes: np.ndarray, n_bins: int) -> Evidence:
    """Mutual information of categories or intervals and classes."""
    counts = counts_of(binned(standard, n_bins), codes)
    found = mutual_information(counts)
    return Evidence(found, chi2.sf(2 * len(codes) * found, _freedom(counts)))


TESTS: dict[str, Callable[[np.ndarray, np.ndarray, int], Evidence]] = {
    "t": anova,
    "welch": welch,
    "mann_whitney": mann_whitney,
    "anova": anova,
    "kruskal_wallis": kruskal_wallis,
    "chi_square": chi_square,
    "mutual_information": information,
    "auc": auc,
}
"""Evidence of standardized features that vary (n_cases, k) for class codes 0, 1, ... (n_cases,)."""

FOR_MORE_CLASSES = {"t": "anova", "mann_whitney": "kruskal_wallis"}
"""Tests of two classes, and what they are called for more."""


def by_class(values: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cases (n_classes,), means and variances with ddof 1 (n_classes, k) of each class; 0 for that of a single case."""
    counts = np.bincount(codes)
    member = (codes == np.arange(len(counts))[:, None]).astype(float)
    means = member @ values / counts[:, None]
    variances = member @ np.square(values - means[codes]) / np.maximum(counts - 1, 1)[:, None]
    return counts, means, variances


def _freedom(counts: np.ndarray) -> np.ndarray:
    """(k,) degrees of freedom of a table (n_bins, n_classes, k)."""
    return ((counts.sum(axis=1) > 0).sum(axis=0) - 1) * (counts.shape[1] - 1)


def _f_test(statistic: np.ndarray, above: int, below: int | np.ndarray) -> Evidence:
    return _from_log_p(f.logsf(statistic, above, below))


def _from_log_p(log_p: np.ndarray) -> Evidence:
    """Ranked by p, as its logarithm, because the test's own statistic may have other degrees of freedom per feature."""
    return Evidence(-log_p, np.exp(log_p))
