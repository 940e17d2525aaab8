"""Any contrast of the AUCs of several models, by name: "HRF with DRF minus HRF, averaged over classifiers".

    single         L A -+ z sqrt(L V L'),   Z = L A / sqrt(L V L')
    simultaneous   the z of the interval and the p value from the largest |Z| of all contrasts together
    joint          chi2 = (L A)' (L V L')^+ (L A),   df = rank(L V L')

with L (m, k) of which each row sums to 0, A the k AUCs and V their covariance, whichever fits the design. The
simultaneous intervals know how the contrasts are correlated, so they are never wider than Bonferroni's.

Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837, eq. 8; largest |Z|: Hothorn, Bretz and Westfall
(2008), Biometrical Journal 50:346.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import special

from benchmark.errors import ConfigError, unknown
from benchmark.statistics.aucs import Aucs, JointTest, equality_test, normal_quantile
from benchmark.statistics.max_normal import MaxNormal, max_normal

COLUMNS = [
    "contrast", "estimate", "se", "low", "high", "statistic", "p", "low_simultaneous", "high_simultaneous",
    "p_simultaneous", "level",
]  # fmt: skip

ROUNDING = 1e-9
"""Weights like 1/3 sum to 0 up to this share of their size."""


@dataclass(frozen=True, eq=False)
class Contrasts:
    """``names`` of m contrasts and their weights ``matrix`` (m, k), each row of which sums to 0 and is not all 0, else
    ``ConfigError``."""

    names: tuple[str, ...]
    matrix: np.ndarray

    def __post_init__(self) -> None:
        if len(self.names) != len(self.matrix):
            raise ConfigError(f"contrasts: {len(self.names)} names for {len(self.matrix)} rows of weights")
        for name, weights in zip(self.names, self.matrix, strict=True):
            total, size = weights.sum(), np.abs(weights).sum()
            if not size > 0 or not abs(total) <= ROUNDING * size:
                raise ConfigError(f"contrast '{name}': its weights sum to {total:g}, expected 0, and not all of them 0")


def contrasts_of(labels: Sequence[str], weights: Mapping[str, Mapping[str, float]]) -> Contrasts:
    """Contrasts of the models ``labels`` (k,) from the weights of each by name; a label that is not named weighs 0.
    ``ConfigError`` for an unknown label, and as ``Contrasts``."""
    place = {label: position for position, label in enumerate(labels)}
    matrix = np.zeros((len(weights), len(labels)))
    for row, (name, parts) in enumerate(weights.items()):
        for label, weight in parts.items():
            if label not in place:
                raise ConfigError(f"contrast '{name}': {unknown('model', label, labels)}")
            matrix[row, place[label]] = weight
    return Contrasts(tuple(weights), matrix)


def mean_against_mean(first: Sequence[str], second: Sequence[str]) -> dict[str, float]:
    """The weights of "mean of the models ``first`` minus mean of the models ``second``"; a label in both cancels in
    part."""
    if not first or not second:
        raise ConfigError("contrast of two means: one side has no model")
    weights = dict.fromkeys([*first, *second], 0.0)
    for side, sign in ((first, 1.0), (second, -1.0)):
        for label in side:
            weights[label] += sign / len(side)
    return weights


def all_pairs(labels: Sequence[str]) -> Contrasts:
    """Each model minus each later one."""
    pairs = {f"{one} - {other}": {one: 1.0, other: -1.0} for one, other in combinations(labels, 2)}
    return contrasts_of(labels, pairs)


def against_reference(labels: Sequence[str], reference: str) -> Contrasts:
    """Each other model minus the reference."""
    pairs = {f"{one} - {reference}": {one: 1.0, reference: -1.0} for one in labels if one != reference}
    return contrasts_of(labels, pairs)


def contrast_tests(aucs: Aucs, contrasts: Contrasts, *, level: float = 0.95) -> pd.DataFrame:
    """One row per contrast, with ``COLUMNS``. A contrast that weighs an undefined model is NaN, and no part of the
    simultaneous tests; one of 0 without variance has statistic 0 and p 1; another without variance is NaN."""
    value, spread = _values(aucs, contrasts.matrix)
    se = np.sqrt(np.sum(spread**2, axis=0))
    se[se <= 1e-12 * np.abs(contrasts.matrix).sum(1)] = 0  # what is left of models that cancel
    same = (se == 0) & (np.abs(value) <= 1e-12)
    statistic = np.divide(value, se, out=np.full(len(se), np.nan), where=se > 0)
    statistic[same] = 0
    tested = se > 0
    largest = max_normal(_rotated(spread[:, tested]), two_sided=True)
    reach = np.where(tested | same, se, np.nan)
    alone, together = normal_quantile(level) * reach, np.where(same, 0.0, largest.quantile(level) * reach)
    p = 2 * special.ndtr(-np.abs(statistic))
    return pd.DataFrame(
        {
            "contrast": list(contrasts.names),
            "estimate": value,
            "se": se,
            "low": value - alone,
            "high": value + alone,
            "statistic": statistic,
            "p": p,
            "low_simultaneous": value - together,
            "high_simultaneous": value + together,
            "p_simultaneous": np.where(tested, _beyond(largest, statistic, p), p),
            "level": level,
        }
    )[COLUMNS]


def joint_test(aucs: Aucs, contrasts: Contrasts) -> JointTest:
    """Whether all contrasts are 0: models that none of them weighs do not matter, even if they are undefined. As
    ``equality_test`` otherwise."""
    used = contrasts.matrix.any(0)
    return equality_test(Aucs(aucs.estimate[used], aucs.contributions[:, used], aucs.method), contrasts.matrix[:, used])


def _values(aucs: Aucs, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """L A (m,) and the contributions of the cases to it (n_units, m); NaN for contrasts of undefined models only."""
    undefined = np.isnan(aucs.estimate) | np.isnan(aucs.contributions).any(0)
    ruined = (matrix[:, undefined] != 0).any(1)
    value = matrix @ np.where(undefined, 0, aucs.estimate)
    spread = np.where(undefined, 0, aucs.contributions) @ matrix.T
    value[ruined] = np.nan
    spread[:, ruined] = np.nan
    return value, spread


def _rotated(spread: np.ndarray) -> np.ndarray:
    """(m, r) with the covariance of ``spread`` (n_units, m)."""
    if not spread.shape[1]:
        return np.empty((0, 0))
    _, singular, axes = np.linalg.svd(spread, full_matrices=False)
    return axes.T * singular


def _beyond(largest: MaxNormal, statistic: np.ndarray, p: np.ndarray) -> np.ndarray:
    """P(largest |Z| > |statistic|), never below the p value of the contrast alone."""
    return np.maximum([1 - largest.cdf(abs(z)) for z in statistic], p)
