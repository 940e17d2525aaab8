"""Groups compared by a mixed model in which values that come from one subject (here: a study) have something in common.

    y_sg = m + a_g + u_s + e_sg,   u_s ~ N(0, tau^2),   e_sg ~ N(0, sigma^2)

by restricted maximum likelihood. A subject with several groups says something of their difference that is free of
u_s; one with a single group says little more than an unpaired test would use.

    t = a_g / se,   F = a' V^-1 a / (k - 1),   df = n - n_subjects - (k - 1)

Where packages differ: the estimates are those of all; degrees of freedom are those within subjects, as in R's nlme.
statsmodels itself takes normal quantiles, which of few subjects are far too sure; lmerTest approximates by
Satterthwaite.

Source: Laird and Ware (1982), Biometrics 38:963; Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS, 2.4.
Computed by statsmodels, Seabold and Perktold (2010), SciPy:92.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from benchmark.errors import DataError


@dataclass(frozen=True, eq=False)
class RandomIntercept:
    """``difference`` (k - 1,): of the groups ``names`` from the ``reference``, with standard errors, limits and p; F of
    all together; ``tau2`` between subjects, ``sigma2`` within; ``shared``: how many subjects have more than one group.
    All numbers are NaN if none has, or if nothing is left to explain; limits and p if there is no degree of freedom."""

    reference: Hashable
    names: tuple[Hashable, ...]
    difference: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    statistic: float
    df1: int
    df2: int
    p_all: float
    tau2: float
    sigma2: float
    n_subjects: int
    shared: int

    @property
    def intraclass(self) -> float:
        """The share of the variance that subjects have in common."""
        return self.tau2 / (self.tau2 + self.sigma2)


def random_intercept(
    values: Sequence[float] | np.ndarray,
    group: Sequence[Hashable] | np.ndarray,
    subject: Sequence[Hashable] | np.ndarray,
    *,
    level: float = 0.95,
) -> RandomIntercept:
    """``values`` (n,) of the groups (n,), the first of which is the reference, and subjects (n,). ``DataError`` with
    fewer than two groups, fewer values than coefficients + 2, or a value that is not finite."""
    y, names = np.asarray(values, float), tuple(dict.fromkeys(group))
    if len(names) < 2 or len(y) < len(names) + 2 or not np.isfinite(y).all():
        raise DataError(f"mixed model: {len(y)} values in {len(names)} groups, expected at least 2 and numbers alone")
    who = list(subject)
    groups_of: dict[Hashable, set[Hashable]] = {}
    for one, name in zip(who, group, strict=True):
        groups_of.setdefault(one, set()).add(name)
    shared = sum(len(found) > 1 for found in groups_of.values())
    x = np.column_stack([np.ones(len(y)), *([float(one == name) for one in group] for name in names[1:])])
    k = len(names) - 1
    df = len(y) - len(groups_of) - k
    fitted = _fit(y, x, who) if shared else None
    nothing = np.full(k, np.nan)
    beta, covariance, parts = nothing, np.diag(nothing), (np.nan, np.nan)
    if fitted is not None:
        parts = (float(np.asarray(fitted.cov_re)[0, 0]), float(fitted.scale))
        beta, covariance = _generalized(y, x, who, *parts)
    se = np.sqrt(np.diag(covariance))
    margin = (float(special.stdtrit(df, (1 + level) / 2)) if df > 0 else np.nan) * se
    statistic = float(beta @ np.linalg.solve(covariance, beta)) / k if fitted is not None else np.nan
    return RandomIntercept(
        reference=names[0],
        names=names[1:],
        difference=beta,
        se=se,
        low=beta - margin,
        high=beta + margin,
        p=2 * special.stdtr(df, -abs(beta / se)) if df > 0 else nothing,
        statistic=statistic,
        df1=k,
        df2=df,
        p_all=float(special.fdtrc(k, df, statistic)) if df > 0 else np.nan,
        tau2=parts[0],
        sigma2=parts[1],
        n_subjects=len(groups_of),
        shared=shared,
    )


def _generalized(
    y: np.ndarray, x: np.ndarray, subject: list[Hashable], tau2: float, sigma2: float
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients without the intercept and their covariance by generalized least squares. (Those of statsmodels come
    from the Hessian of the whole likelihood, which is another, larger matrix.)"""
    same = np.array([[one == other for other in subject] for one in subject], float)
    weighted = np.linalg.solve(tau2 * same + sigma2 * np.eye(len(y)), x)
    covariance = np.linalg.inv(x.T @ weighted)
    return (covariance @ weighted.T @ y)[1:], covariance[1:, 1:]


def _fit(y: np.ndarray, x: np.ndarray, subject: list[Hashable]) -> Any:
    """The fitted model; None where there is nothing left to explain."""
    from statsmodels.regression.mixed_linear_model import MixedLM  # takes a second, which only this should cost

    if np.ptp(y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) <= 1e-12 * np.abs(y).max():
        return None
    numbers = {one: number for number, one in enumerate(dict.fromkeys(subject))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance of 0 is an answer here, not a failure
        return MixedLM(y, x, groups=np.array([numbers[one] for one in subject])).fit(
            reml=True, method=["lbfgs", "powell"]
        )
