"""The intraclass correlation in six forms, for all features at once.

With the mean squares of n subjects by k readings (MSR between subjects, MSW within subjects, MSC between readings, MSE
residual):

    ICC(1,1) = (MSR - MSW) / (MSR + (k - 1) MSW)                        ICC(1,k) = (MSR - MSW) / MSR
    ICC(2,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n)    ICC(2,k) = (MSR - MSE) / (MSR + (MSC - MSE) / n)
    ICC(3,1) = (MSR - MSE) / (MSR + (k - 1) MSE)                        ICC(3,k) = (MSR - MSE) / MSR

With unequal numbers of readings per subject only the one-way forms are defined: a two-way form needs to know which
reading a missing one is. There k0 (see ``mean_squares``) stands for k; F has its exact distribution if the true ICC is
0, the limits are approximate.

Source: Shrout and Fleiss (1979), Psychological Bulletin 86:420, equations 1 to 6; limits of ICC(2,1): McGraw and Wong
(1996), Psychological Methods 1:30, table 7; limits of ICC(2,k): those of ICC(2,1) by Spearman-Brown; unequal numbers:
Searle (1971), Linear Models, section 9.9, and Donner (1979), American Journal of Epidemiology 110:335.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import fdtrc, fdtri

from benchmark.errors import ConfigError, unknown
from benchmark.reliability.mean_squares import MeanSquares, mean_squares, one_way

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
ONE_WAY_FORMS = ("ICC(1,1)", "ICC(1,k)")
COLUMNS = ("estimate", "low", "high", "F", "df1", "df2", "p", "n_subjects")


def icc(values: np.ndarray, *, form: str = "ICC(2,1)", level: float = 0.95) -> pd.DataFrame:
    """One row of ``COLUMNS`` per feature of ``values`` (n_subjects, n_readings, n_features).

    Estimates and limits are not cut at 0. Subjects with a missing reading are left out feature by feature;
    ``n_subjects`` is what is left. An ICC that cannot be computed (fewer than 2 complete subjects, all readings equal,
    estimated total variance not positive) is NaN. The p value tests ICC = 0 by F(df1, df2).
    """
    return _icc(mean_squares(values), form, level)


def icc_all_forms(values: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """``icc`` in the six forms: indexed by ``form`` and the number of the ``feature``."""
    squares = mean_squares(values)
    return pd.concat({form: _icc(squares, form, level) for form in FORMS}, names=["form", "feature"])


def icc_unequal(values: np.ndarray, *, form: str = "ICC(1,1)", level: float = 0.95) -> pd.DataFrame:
    """One row of ``COLUMNS`` and ``k0`` per feature of ``values`` (n_subjects, most readings, n_features), where every
    subject counts with the readings that it has; equal to ``icc`` if all have all.

    ICC(1,k) is that of the mean of k0 readings. NaN with fewer than 2 subjects, or none read twice. ``ConfigError`` for
    a two-way form.
    """
    _check(form, level)
    if form not in ONE_WAY_FORMS:
        raise ConfigError(
            f"{form} is not defined for unequal numbers of readings per subject; {' and '.join(ONE_WAY_FORMS)} are"
        )
    table = one_way(values)
    between, within, k0 = table.between, table.within, table.k0
    df1, df2, average = table.n - 1, table.total - table.n, form.endswith("k)")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = between / within
        total = between + (0 if average else (k0 - 1) * within)
        estimate = np.where(total > 0, (between - within) / total, np.nan)
        low, high = _ratio_limits(between, within, df1, df2, k0, level, average=average)
        p = np.where(np.isinf(ratio), 0.0, fdtrc(df1, df2, ratio))
    return _table((estimate, low, high, ratio, df1, df2, p), table.n).assign(k0=k0)


def _icc(squares: MeanSquares, form: str, level: float) -> pd.DataFrame:
    _check(form, level)
    n, k = squares.n, squares.k
    one_way, average = form.startswith("ICC(1"), form.endswith("k)")
    noise = squares.within if one_way else squares.error
    df1 = n - 1
    df2 = n * (k - 1) if one_way else df1 * (k - 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = squares.between / noise
        estimate = _estimate(squares, noise, two_way_random=form.startswith("ICC(2"), average=average)
        if form.startswith("ICC(2"):
            low, high = _agreement_limits(squares, level)
            if average:
                low, high = _spearman_brown(low, k), _spearman_brown(high, k)
        else:
            low, high = _ratio_limits(squares.between, noise, df1, df2, k, level, average=average)
        p = np.where(np.isinf(ratio), 0.0, fdtrc(df1, df2, ratio))
    return _table((estimate, low, high, ratio, df1, df2, p), n)


def _check(form: str, level: float) -> None:
    if form not in FORMS:
        raise ConfigError(unknown("form of ICC", form, FORMS))
    if not 0 < level < 1:
        raise ConfigError(f"level of the ICC's confidence interval is {level}; expected a number between 0 and 1")


def _table(columns: tuple[np.ndarray, ...], n: np.ndarray) -> pd.DataFrame:
    undefined = np.isnan(columns[0])
    table = {name: np.where(undefined, np.nan, column) for name, column in zip(COLUMNS, columns, strict=False)}
    return pd.DataFrame({**table, "n_subjects": n.astype(np.int64)}, columns=list(COLUMNS))


def _estimate(squares: MeanSquares, noise: np.ndarray, *, two_way_random: bool, average: bool) -> np.ndarray:
    k = squares.k
    total = squares.between + (0 if average else (k - 1) * noise)
    if two_way_random:
        total = total + (1 if average else k) * (squares.readings - squares.error) / squares.n
    # A negative total would turn a hopeless feature into an ICC above 1.
    return np.where(total > 0, (squares.between - noise) / total, np.nan)


def _ratio_limits(
    between: np.ndarray,
    noise: np.ndarray,
    df1: np.ndarray,
    df2: np.ndarray,
    k: int | np.ndarray,
    level: float,
    *,
    average: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """The limits of the one-way and consistency forms, from those of the ratio F = between / noise."""
    upper = (1 + level) / 2
    low, high = noise * fdtri(df1, df2, upper), noise / fdtri(df2, df1, upper)
    if average:
        return 1 - low / between, 1 - high / between
    return (between - low) / (between + (k - 1) * low), (between - high) / (between + (k - 1) * high)


def _agreement_limits(squares: MeanSquares, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The limits of ICC(2,1), with Satterthwaite's degrees of freedom v; written without MSC / MSE, as MSE may be 0."""
    n, k, msr, msc, mse = squares.n, squares.k, squares.between, squares.readings, squares.error
    rho = _estimate(squares, mse, two_way_random=True, average=False)
    a = k * rho * msc
    b = (n * (1 + (k - 1) * rho) - k * rho) * mse
    v = (k - 1) * (n - 1) * np.square(a + b) / ((n - 1) * np.square(a) + np.square(b))
    upper = (1 + level) / 2
    rest = k * msc + (k * n - k - n) * mse
    # Without disagreement v is 0 / 0, and the limits are 1 whatever it is.
    v = np.where((rest == 0) & (msr > 0), 1.0, v)
    low, high = fdtri(n - 1, v, upper), fdtri(v, n - 1, upper)
    return n * (msr - low * mse) / (low * rest + n * msr), n * (high * msr - mse) / (rest + n * high * msr)


def _spearman_brown(single: np.ndarray, k: int) -> np.ndarray:
    """The reliability of the mean of k readings; NaN where that of one is below -1 / (k - 1)."""
    total = 1 + (k - 1) * single
    return np.where(total > 0, k * single / total, np.nan)
