"""Which models cannot be told from the best? Multiple comparisons with the best, from the joint covariance of the AUCs.

With A_i the AUCs, s_ij the standard error of A_i - A_j, and d_i the quantile of the largest of the standardized
differences of model i from all others (one-sided, of the level of the intervals):

    high_i = max(0, min_(j != i) A_i - A_j + d_i s_ij)             the set: G = {i: high_i > 0}
    low_i  = min(0, min_(j in G, j != i) A_i - A_j - d_j s_ij),    0 if G = {i}

The intervals [low_i, high_i] cover all the differences "model i minus the best of the others" at once, so G contains
the truly best model with the same level: a model outside G is worse than the best; a model inside may be. p_i is the
level at which model i would leave the set. No model has to be named best beforehand, and none is rewarded for being the
largest of many.

Source: Hsu (1984), Annals of Statistics 12:1136, and Edwards and Hsu (1983), Journal of the American Statistical
Association 78:965; each with its own critical value: Hsu (1996), Multiple Comparisons, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.statistics.aucs import Aucs
from benchmark.statistics.max_normal import MaxNormal, max_normal


@dataclass(frozen=True, eq=False)
class BestSet:
    """For k models: ``difference`` from the best of the others, its simultaneous limits ``low`` and ``high``, the
    ``p`` value of being the best, ``may_be_best``, and the critical value ``quantile``; all (k,). NaN and False where a
    model is undefined."""

    difference: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    may_be_best: np.ndarray
    quantile: np.ndarray


@dataclass(frozen=True, eq=False)
class _Against:
    """One model against the others: positions, differences, standard errors, and the distribution of the largest."""

    others: np.ndarray
    difference: np.ndarray
    se: np.ndarray
    largest: MaxNormal
    quantile: float


def best_set(aucs: Aucs, *, level: float = 0.95) -> BestSet:
    """The models of ``aucs`` that are not distinguishable from the best at ``level``.

    Models without an AUC or a variance are left out (NaN, not in the set). Models that rank all cases alike are one
    model: they are not compared with each other. If a model differs from another without any variance (AUCs of 0, 0.5
    or 1 by construction), nothing can be said of the two: NaN, not in the set. A single model is in the set.
    """
    k = len(aucs.estimate)
    empty = {name: np.full(k, np.nan) for name in ("difference", "low", "high", "p", "quantile")}
    found = BestSet(**empty, may_be_best=np.zeros(k, bool))
    defined = ~(np.isnan(aucs.estimate) | np.isnan(aucs.contributions).any(0))
    factor = _factor(aucs.contributions[:, defined])
    models = {
        int(i): one
        for place, i in enumerate(np.flatnonzero(defined))
        if (one := _against(np.flatnonzero(defined), place, aucs, factor, level)) is not None
    }
    for i, one in models.items():
        found.quantile[i] = one.quantile
        found.difference[i] = one.difference.min() if len(one.others) else np.nan
        found.high[i] = max(0.0, float(np.min(one.difference + one.quantile * one.se))) if len(one.others) else np.nan
        found.p[i] = 1 - one.largest.cdf(float(np.max(-one.difference / one.se))) if len(one.others) else 1.0
        found.may_be_best[i] = not len(one.others) or found.high[i] > 0
    for i, one in models.items():
        found.low[i] = _lower(one, found)
    return found


def _factor(contributions: np.ndarray) -> np.ndarray:
    """(k, r): its rows have the covariance of the contributions (n_units, k), of which there may be many more than
    models."""
    _, singular, axes = np.linalg.svd(contributions, full_matrices=False)
    return axes.T * singular


def _against(positions: np.ndarray, place: int, aucs: Aucs, factor: np.ndarray, level: float) -> _Against | None:
    """The model at ``place`` among the defined ones at ``positions``; None if it cannot be compared with one of
    them."""
    i = positions[place]
    apart = factor[place] - factor
    difference = aucs.estimate[i] - aucs.estimate[positions]
    se = np.sqrt(np.sum(apart**2, axis=1))
    varies = se > 1e-10 * max(float(np.abs(factor).max()), 1e-300)
    if np.any(~varies & (np.abs(difference) > 1e-12)):
        return None
    largest = max_normal(apart[varies], two_sided=False)
    return _Against(positions[varies], difference[varies], se[varies], largest, largest.quantile(level))


def _lower(one: _Against, found: BestSet) -> float:
    """The lower limit against the members of the set, each with its own critical value."""
    if not len(one.others):
        return np.nan
    members = found.may_be_best[one.others]
    if not members.any():
        return 0.0
    reach = one.difference[members] - found.quantile[one.others[members]] * one.se[members]
    return min(0.0, float(reach.min()))
