"""The corrected resampled t test: do two models differ over folds whose training sets overlap?

For the J differences d_j of two models in the same folds (of all repeats together):

    t = mean(d) / sqrt((1/J + n_test/n_train) var(d)),   df = J - 1

with var of divisor J - 1. Without the term n_test/n_train, which stands for the correlation of the folds through their
shared training rows, the test finds differences that are not there. Where folds differ in size, n_test/n_train is the
ratio of the mean sizes (as correctR has it, when it is given them).

Source: Nadeau and Bengio (2003), Machine Learning 52:239; for repeated k-fold: Bouckaert and Frank (2004),
Advances in Knowledge Discovery and Data Mining, LNCS 3056:3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import DataError

LOWEST = 2
"""Fewer folds than this have no variance."""


@dataclass(frozen=True, eq=False)
class ResampledTest:
    """For m pairs of models: the mean ``difference``, its corrected ``se``, ``low``, ``high``, ``statistic`` (t),
    two-sided ``p`` and ``p_greater`` (that the first model is better), all (m,); ``df`` J - 1."""

    difference: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    statistic: np.ndarray
    df: int
    p: np.ndarray
    p_greater: np.ndarray


def ratio_of_sizes(n_test: np.ndarray, n_train: np.ndarray) -> float:
    """Mean number of tested cases over mean number of training cases, from those of each fold (J,)."""
    n_test, n_train = np.asarray(n_test, float), np.asarray(n_train, float)
    if not len(n_test) or not (np.all(n_test > 0) and np.all(n_train > 0)):
        raise DataError("sizes of folds: every fold needs training and test cases, one has none")
    return float(n_test.mean() / n_train.mean())


def corrected_variance(differences: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean and corrected variance of the mean of ``differences`` (J, m), both (m,); NaN with a NaN in any fold, and no
    variance (NaN) with fewer than two folds. ``ratio`` is n_test/n_train, positive, else ``DataError``."""
    if not ratio > 0:
        raise DataError(f"test cases per training case: found {ratio}, expected more than 0")
    folds = len(differences)
    if folds < LOWEST:
        undefined = np.full(differences.shape[1:], np.nan)
        return (differences[0] if folds else undefined), undefined
    # equal differences have a variance of rounding errors
    constant = np.all(differences == differences[0], axis=0)
    spread = np.where(constant, 0.0, differences.var(0, ddof=1))
    mean = np.where(constant, differences[0], differences.mean(0))
    return mean, (1 / folds + ratio) * np.where(np.isnan(mean), np.nan, spread)


def corrected_resampled_test(differences: np.ndarray, *, ratio: float, level: float = 0.95) -> ResampledTest:
    """The test of ``differences`` (J,) or (J, m): first minus second model in each fold of each repeat; ``ratio`` is
    n_test/n_train. A model that has no value in a fold is NaN, never tested on the folds that are left. If all
    differences are 0, t is 0 and p 1; if they are one other number, or there is one fold, there is no test (NaN)."""
    d = np.asarray(differences, float)
    d = d[:, None] if d.ndim == 1 else d
    mean, variance = corrected_variance(d, ratio)
    se, df = np.sqrt(variance), max(len(d) - 1, 0)
    same = (variance == 0) & (mean == 0)
    statistic = np.divide(mean, se, out=np.full(len(se), np.nan), where=variance > 0)
    statistic[same] = 0
    quantile = special.stdtrit(df, (1 + level) / 2) if df else np.nan
    margin = np.where((variance > 0) | same, quantile * se, np.nan)
    return ResampledTest(
        difference=mean,
        se=se,
        low=mean - margin,
        high=mean + margin,
        statistic=statistic,
        df=df,
        p=2 * special.stdtr(df, -np.abs(statistic)),
        p_greater=special.stdtr(df, -statistic),
    )
