"""Repeated-measures analysis of variance: the same subjects (folds, data sets) under k conditions.

Y = values (n, k) times an orthonormal basis C (k, k-1) of the contrasts, S = covariance of Y, p = k - 1:

    SS_effect = n |mean Y|^2,  SS_error = sum |Y - mean Y|^2,  F = (SS_effect / p) / (SS_error / (p (n - 1)))
    Greenhouse-Geisser  e = tr(S)^2 / (p tr(S^2)),  both degrees of freedom times e
    Huynh-Feldt         (n p e - 2) / (p (n - 1 - p e)), used up to 1
    Mauchly             W = det S / (tr S / p)^p, p value by Box's expansion to the second order
    partial eta^2       SS_effect / (SS_effect + SS_error)
    generalized eta^2   SS_effect / (SS_effect + SS_subjects + SS_error)
    partial omega^2     p (MS_effect - MS_error) / (SS_effect + SS_error + SS_subjects + MS_subjects)
    pairs               t = difference / sqrt(2 MS_error / n), p from the studentized range (k, p (n - 1))

F and the pairs are those of the mixed model with a random intercept per subject fitted by REML, if the variance of the
subjects, (MS_subjects - MS_error) / k, is not negative.

Where definitions differ: omega^2 may be negative here, R's effectsize cuts it at 0. The second-order term of Mauchly's
p has 3 k where Anderson has 3 (k - 1), because R's mauchly.test (and with it car and afex) has it so; with 21 subjects
and 5 conditions this moves p by 0.05 percent of its size.

Source: Greenhouse and Geisser (1959), Psychometrika 24:95; Huynh and Feldt (1976), Journal of Educational Statistics
1:69, eq. 5; Mauchly (1940), Annals of Mathematical Statistics 11:204; Anderson (2003), Multivariate Statistical
Analysis, 10.7.4; Olejnik and Algina (2003), Psychological Methods 8:434.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special
from scipy.linalg import helmert

from benchmark.errors import DataError, first_of
from benchmark.statistics.one_way import FTest, f_test
from benchmark.statistics.pair_rows import SMALLEST, all_pairs, pair_rows, ratio
from benchmark.statistics.studentized_range import studentized_range_cdf, studentized_range_quantile


@dataclass(frozen=True)
class WithinTest:
    """The F test of an effect within subjects, and its p corrected for the lack of sphericity. ``huynh_feldt`` is not
    cut at 1. NaN if nothing varies besides subjects and conditions."""

    plain: FTest
    greenhouse_geisser: float
    p_greenhouse_geisser: float
    huynh_feldt: float
    p_huynh_feldt: float


@dataclass(frozen=True)
class RepeatedMeasures:
    """The test with the sums of squares of the subjects, variance components (``variance_subjects`` may be negative)
    and sizes of the effect."""

    test: WithinTest
    ss_subjects: float
    variance_subjects: float
    variance_residual: float
    partial_eta_squared: float
    generalized_eta_squared: float
    partial_omega_squared: float
    cohens_f: float
    mauchly_w: float
    mauchly_p: float


def repeated_measures(table: pd.DataFrame) -> RepeatedMeasures:
    """The analysis of ``table``: a row per subject (n >= 2), a column per condition (k >= 2). ``DataError`` for a
    missing value."""
    values = check_complete(table)
    n, k = values.shape
    contrasts = values @ helmert(k).T
    test = within_test(contrasts, scale=float(np.abs(values).max()))
    subjects = k * float(np.sum((values.mean(1) - values.mean()) ** 2))
    effect, error = test.plain.ss_effect, test.plain.ss_error
    ms_error, ms_subjects = error / test.plain.df2, subjects / (n - 1)
    defined = not np.isnan(test.plain.statistic)
    eta = effect / (effect + error) if defined else np.nan
    w, p = mauchly(contrasts) if defined else (np.nan, np.nan)
    return RepeatedMeasures(
        test=test,
        ss_subjects=subjects,
        variance_subjects=(ms_subjects - ms_error) / k,
        variance_residual=ms_error,
        partial_eta_squared=eta,
        generalized_eta_squared=effect / (effect + subjects + error) if defined else np.nan,
        partial_omega_squared=(effect - (k - 1) * ms_error) / (effect + error + subjects + ms_subjects)
        if defined
        else np.nan,
        cohens_f=float(np.sqrt(eta / (1 - eta))),
        mauchly_w=w,
        mauchly_p=p,
    )


def within_test(contrasts: np.ndarray, *, scale: float = 1.0) -> WithinTest:
    """The test that the orthonormal ``contrasts`` (n_subjects, p) have mean 0. ``scale``: the size of the values they
    come from, below whose rounding there is no variance."""
    n, p = contrasts.shape
    mean = contrasts.mean(0)
    away = contrasts - mean
    effect, error = n * float(mean @ mean), float(np.sum(away**2))
    df1, df2 = float(p), float(p * (n - 1))
    if not np.abs(away).max() > SMALLEST * scale:
        nothing = f_test(np.nan, df1, df2, ss_effect=effect, ss_error=error)
        return WithinTest(nothing, np.nan, np.nan, np.nan, np.nan)
    plain = f_test(effect / df1 / (error / df2), df1, df2, ss_effect=effect, ss_error=error)
    spread = away.T @ away
    e = float(np.trace(spread) ** 2 / (p * np.sum(spread**2)))
    below = p * (n - 1 - p * e)
    huynh_feldt = (n * p * e - 2) / below if below > 0 else np.inf
    used = float(np.clip(huynh_feldt, 1 / p, 1))
    return WithinTest(plain, e, corrected_p(plain, e), huynh_feldt, corrected_p(plain, used))


def corrected_p(test: FTest, epsilon: float) -> float:
    """The p value with both degrees of freedom times ``epsilon``."""
    return float(special.fdtrc(epsilon * test.df1, epsilon * test.df2, test.statistic))


def mauchly(contrasts: np.ndarray) -> tuple[float, float]:
    """W and p of sphericity for orthonormal ``contrasts`` (n, p); 1 and NaN with one contrast, NaN if n <= p."""
    n, p = len(contrasts) - 1, contrasts.shape[1]
    if p == 1:
        return 1.0, np.nan
    if n < p:
        return np.nan, np.nan
    roots = np.linalg.eigvalsh(np.cov(contrasts.T))
    if not roots.min() > 0:
        return 0.0, 0.0
    log_w = float(np.sum(np.log(roots)) - p * np.log(roots.mean()))
    rho = 1 - (2 * p**2 + p + 2) / (6 * p * n)
    # 3 (p + 1), the number of conditions, as in R; 3 p in Anderson
    second = (p + 2) * (p - 1) * (p - 2) * (2 * p**3 + 6 * p**2 + 3 * (p + 1) + 2) / (288 * (n * p * rho) ** 2)
    df, z = p * (p + 1) / 2 - 1, -n * rho * log_w
    first = float(special.chdtrc(df, z))
    return float(np.exp(log_w)), first + second * (float(special.chdtrc(df + 4, z)) - first)


def pairs_by_common_error(table: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """The table ``PAIRS``: differences of means against MS_error, limits simultaneous. It trusts in sphericity.
    Without error variance p is 1 for equal means, else NaN."""
    values = check_complete(table)
    n, k = values.shape
    i, j = all_pairs(k)
    plain = within_test(values @ helmert(k).T, scale=float(np.abs(values).max())).plain
    error = 0.0 if np.isnan(plain.statistic) else np.sqrt(2 * plain.ss_error / plain.df2 / n)
    difference = values.mean(0)[i] - values.mean(0)[j]
    t, df = ratio(difference, np.full(len(i), error)), np.full(len(i), plain.df2)
    p = np.where(np.isnan(t), np.nan, 1 - studentized_range_cdf(np.sqrt(2) * abs(np.nan_to_num(t)), k, df))
    margin = studentized_range_quantile(level, k, df) * (error if error > 0 else np.nan) / np.sqrt(2)
    return pair_rows(
        "Tukey, common error",
        list(table.columns),
        difference=difference,
        low=difference - margin,
        high=difference + margin,
        statistic=t,
        df=df,
        p_adjusted=p.clip(0, 1),
    )


def check_complete(table: pd.DataFrame) -> np.ndarray:
    """The values (n, k). ``DataError`` unless at least 2 x 2 and without a missing value."""
    values = table.to_numpy(float)
    if values.shape[0] < 2 or values.shape[1] < 2:
        raise DataError(f"repeated measures: found {values.shape[0]} rows x {values.shape[1]} columns, expected 2 x 2")
    gaps = ~np.isfinite(values).all(1)
    if gaps.any():
        raise DataError(f"repeated measures: rows without a value in all columns: {first_of(table.index[gaps])}")
    return values
