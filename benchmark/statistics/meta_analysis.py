"""Random-effects meta-analysis: one estimate and its variance per cohort, their mean, and how far cohorts differ.

    y_i ~ N(m, v_i + tau^2),  w_i = 1 / (v_i + tau^2),  m = sum w_i y_i / sum w_i
    tau^2          REML: maximum of -1/2 [sum log(v_i + tau^2) + log sum w_i + sum w_i (y_i - m)^2] over tau^2 >= 0
    Wald           se^2 = 1 / sum w_i,  normal
    Hartung-Knapp  se^2 = q / sum w_i,  q = sum w_i (y_i - m)^2 / (k - 1),  Student's t with k - 1
    prediction     m -+ t_(k-2) sqrt(tau^2 + se^2), where a new cohort is expected
    Q = sum (y_i - m_0)^2 / v_i with the m_0 of tau^2 = 0, chi-square with k - 1
    I^2 = tau^2 / (tau^2 + s^2),  s^2 = (k - 1) sum 1/v_i / [(sum 1/v_i)^2 - sum 1/v_i^2];   H^2 = tau^2/s^2 + 1

Where definitions differ: I^2 and H^2 are those of tau^2, as in R's metafor, not (Q - df)/Q. The prediction interval has
k - 2 degrees of freedom (Higgins 2009); metafor takes those of the test. The interval of Hartung and Knapp may be
narrower than Wald's where cohorts agree better than by chance; ``at_least_wald`` keeps q from falling below 1.

Source: Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30:261; Hartung and Knapp (2001),
Statistics in Medicine 20:3875; Higgins et al. (2009), JRSS A 172:137; Roever et al. (2015), BMC Medical Research
Methodology 15:99; AUCs on the logit scale: Debray et al. (2017), BMJ 356:i6460.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from benchmark.errors import DataError

Array = Sequence[float] | np.ndarray


@dataclass(frozen=True, eq=False)
class MetaAnalysis:
    """The mean with its ``se``, limits and test against 0 (``df`` infinite: normal); the prediction interval; tau^2,
    I^2 (0 to 1), H^2, Q and its p; the share ``weight`` of each cohort (k,), adding up to 1. ``scale``: ``logit`` if
    estimate and limits were turned back from it; se, tau^2 and the test (against AUC 0.5) then stay on that scale."""

    k: int
    estimate: float
    se: float
    low: float
    high: float
    level: float
    statistic: float
    df: float
    p: float
    prediction_low: float
    prediction_high: float
    tau2: float
    i2: float
    h2: float
    q: float
    q_p: float
    weight: np.ndarray
    method: str
    scale: Literal["plain", "logit"]


def random_effects(
    estimate: Array,
    variance: Array,
    *,
    level: float = 0.95,
    hartung_knapp: bool = True,
    at_least_wald: bool = False,
) -> MetaAnalysis:
    """The meta-analysis of ``estimate`` (k,), such as differences in AUC, with ``variance`` (k,) > 0, k >= 2. With two
    cohorts there is no prediction interval (NaN). If all estimates are equal Hartung and Knapp's test is undefined
    (NaN). ``DataError`` for a number that is not finite, a variance of 0, or one cohort."""
    y, v = _checked(estimate, variance)
    k = len(y)
    tau2 = reml(y, v)
    w = 1 / (v + tau2)
    mean = float(np.sum(w * y) / w.sum())
    inflation, df = 1.0, np.inf
    if hartung_knapp:
        inflation, df = float(np.sum(w * (y - mean) ** 2)) / (k - 1), k - 1.0
        inflation = max(inflation, 1.0) if at_least_wald else inflation
    se = float(np.sqrt(inflation / w.sum())) if inflation > 1e-20 else np.nan
    margin = _quantile(level, df) * se
    ahead = _quantile(level, k - 2.0) * float(np.sqrt(tau2 + se**2)) if k > 2 else np.nan
    statistic = mean / se
    q = float(np.sum((y - np.sum(y / v) / np.sum(1 / v)) ** 2 / v))
    typical = (k - 1) * np.sum(1 / v) / (np.sum(1 / v) ** 2 - np.sum(1 / v**2))
    return MetaAnalysis(
        k=k,
        estimate=mean,
        se=se,
        low=mean - margin,
        high=mean + margin,
        level=level,
        statistic=statistic,
        df=df,
        p=float(2 * (special.ndtr(-abs(statistic)) if np.isinf(df) else special.stdtr(df, -abs(statistic)))),
        prediction_low=mean - ahead,
        prediction_high=mean + ahead,
        tau2=tau2,
        i2=float(tau2 / (tau2 + typical)),
        h2=float(tau2 / typical + 1),
        q=q,
        q_p=float(special.chdtrc(k - 1, q)),
        weight=w / w.sum(),
        method=_method(hartung_knapp, at_least_wald),
        scale="plain",
    )


def random_effects_of_aucs(
    auc: Array,
    variance: Array,
    *,
    scale: Literal["plain", "logit"] = "logit",
    level: float = 0.95,
    hartung_knapp: bool = True,
    at_least_wald: bool = False,
) -> MetaAnalysis:
    """The meta-analysis of ``auc`` (k,) with ``variance`` (k,) on the AUC scale. On the logit scale the variance is
    divided by (A (1 - A))^2; an AUC of 0 or 1 has no logit (``DataError``)."""
    a, v = _checked(auc, variance)
    settings = {"level": level, "hartung_knapp": hartung_knapp, "at_least_wald": at_least_wald}
    _within_unit(a, logit=scale == "logit")
    if scale == "plain":
        return random_effects(a, v, **settings)  # type: ignore[arg-type]
    found = random_effects(special.logit(a), v / (a * (1 - a)) ** 2, **settings)  # type: ignore[arg-type]
    ends = ("estimate", "low", "high", "prediction_low", "prediction_high")
    back = {name: float(special.expit(getattr(found, name))) for name in ends}
    return replace(found, scale="logit", method=f"{found.method}, logit scale", **back)  # type: ignore[arg-type]


def reml(y: np.ndarray, v: np.ndarray) -> float:
    """Tau^2 by Fisher scoring from the unweighted estimate of Hedges, each step halved until it does not lower the
    likelihood."""
    tau2 = max(float(np.var(y, ddof=1) - v.mean()), 0.0)
    height = _likelihood(tau2, y, v)
    for _ in range(200):
        step = _step(tau2, y, v)
        for _ in range(60):
            next_one = max(tau2 + step, 0.0)
            next_height = _likelihood(next_one, y, v)
            if next_height >= height:
                break
            step /= 2
        moved = abs(next_one - tau2)
        tau2, height = next_one, next_height
        if moved <= 1e-13 * (tau2 + v.min()):
            break
    return tau2


def _step(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Score over information, up to the same factor 1/2: (y'PPy - tr P) / tr PP."""
    w = 1 / (v + tau2)
    s1, s2, s3 = (float(np.sum(w**power)) for power in (1, 2, 3))
    away = y - np.sum(w * y) / s1
    return (float(np.sum(w**2 * away**2)) - (s1 - s2 / s1)) / (s2 - 2 * s3 / s1 + (s2 / s1) ** 2)


def _likelihood(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    w = 1 / (v + tau2)
    away = y - np.sum(w * y) / w.sum()
    return -0.5 * float(np.log(w.sum()) - np.sum(np.log(w)) + np.sum(w * away**2))


def _quantile(level: float, df: float) -> float:
    return float(special.ndtri((1 + level) / 2) if np.isinf(df) else special.stdtrit(df, (1 + level) / 2))


def _method(hartung_knapp: bool, at_least_wald: bool) -> str:
    if not hartung_knapp:
        return "random effects, REML, Wald"
    return "random effects, REML, Hartung-Knapp" + (" not narrower than Wald" if at_least_wald else "")


def _checked(estimate: Array, variance: Array) -> tuple[np.ndarray, np.ndarray]:
    y, v = np.asarray(estimate, float), np.asarray(variance, float)
    if y.ndim != 1 or y.shape != v.shape or len(y) < 2:
        raise DataError(f"meta-analysis: found {y.size} estimates and {v.size} variances, expected at least 2 of each")
    wrong = np.flatnonzero(~(np.isfinite(y) & np.isfinite(v) & (v > 0)))
    if len(wrong):
        found = f"the estimate {y[wrong[0]]} with variance {v[wrong[0]]}"
        raise DataError(f"meta-analysis: cohort {wrong[0] + 1} has {found}; expected numbers and a variance above 0")
    return y, v


def _within_unit(a: np.ndarray, *, logit: bool) -> None:
    wrong = np.flatnonzero((a < 0) | (a > 1) | (logit & ((a == 0) | (a == 1))))
    if len(wrong):
        expected = "between 0 and 1, ends excluded (they have no logit)" if logit else "between 0 and 1"
        raise DataError(f"meta-analysis: cohort {wrong[0] + 1} has the AUC {a[wrong[0]]}, expected {expected}")
