"""Net benefit: the true positives per patient, less the false positives at the exchange rate of the threshold.

    NB(t) = TP/n - FP/n * w,   w = t / (1 - t),    a case is treated if its risk p >= t
    treat all: every case,    treat none: 0
    with the prevalence pi given (case-control):  NB(t) = pi TPR - (1 - pi) FPR * w
    net interventions avoided per 100 patients:   100 (NB - NB_all) / w
    standardized:                                 NB / prevalence

    var NB = sum_g (sum_(i in g) c_i)^2,   c_i = g_i - mean of g_i in its stratum,   g a patient (or a case)
    g_i = 1/n for a treated case with the event, -w/n without, 0 if not treated; one stratum
          with pi given: pi/n_1, -w (1 - pi)/n_0; events and non-events are two strata of fixed size

For a difference g_i is that of the first model minus that of the second. The interval is pointwise and conditional on
the models; bootstrap bands are in ``decision_curve_bands``.

The thresholds are k/100 as a quotient of whole numbers. Those made as 0.01 + 0.01 k (R's ``seq``, numpy's ``arange``)
are other doubles, and predictions with two decimals then fall on the wrong side: of 99 net benefits of one random
forest 11 changed, by up to 0.024. dcurves has the same formulas and the same >=, so it agrees to rounding where it is
given our thresholds; it has no intervals, and counts avoided interventions per patient unless told.

Source: Vickers and Elkin (2006), Medical Decision Making 26:565; prevalence and avoided interventions: Vickers et al.
(2008), BMC Medical Informatics and Decision Making 8:53; variance: Sande et al. (2020), Statistics in Medicine 39:2980.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.errors import ConfigError
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.clusters import sum_within


@dataclass(frozen=True, eq=False)
class NetBenefit:
    """``estimate``, ``low`` and ``high``, each (n_thresholds, k): a net benefit, a difference, or what is made of
    them."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class TreatedRates:
    """Shares of all patients, each (n_thresholds, k): treated with the event, and treated without it."""

    true_positive: np.ndarray
    false_positive: np.ndarray


def percent_thresholds(lowest: float, highest: float) -> np.ndarray:
    """The thresholds k/100 from ``lowest`` to ``highest``, both within (0, 1)."""
    first, last = int(np.ceil(lowest * 100 - 1e-9)), int(np.floor(highest * 100 + 1e-9))
    if not 1 <= first <= last <= 99:
        raise ConfigError(
            f"decision curve from {lowest} to {highest}: expected a rising pair within 0.01 and 0.99",
            path=("statistics", "decision_range"),
        )
    return np.arange(first, last + 1) / 100


def check_prevalence(prevalence: float | None) -> None:
    """Raise ``ConfigError`` unless the ``prevalence`` is within (0, 1), or None: that of the cases."""
    if prevalence is not None and not 0 < prevalence < 1:
        raise ConfigError(
            f"decision curve: prevalence {prevalence}: expected a share within (0, 1)",
            path=("statistics", "prevalence"),
        )


def net_benefit(
    y: np.ndarray,
    scores: np.ndarray,
    thresholds: np.ndarray,
    *,
    patient: np.ndarray | None = None,
    prevalence: float | None = None,
    level: float = 0.95,
) -> NetBenefit:
    """Net benefit of treating by ``scores`` (n_cases, k) in [0, 1] for ``y`` (n_cases,), 1 for positive, at
    ``thresholds`` in (0, 1). NaN for a model with a missing score, and for all with one class if the ``prevalence``
    in (0, 1) is given. Treat-all is a column of ones."""
    return _gains(y, scores, None, thresholds, patient, prevalence, level)


def net_benefit_difference(
    y: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    thresholds: np.ndarray,
    *,
    patient: np.ndarray | None = None,
    prevalence: float | None = None,
    level: float = 0.95,
) -> NetBenefit:
    """Net benefit of treating by ``first`` minus that by ``second``, (n_cases, k) both, on the same cases; else as
    ``net_benefit``. Where both treat the same cases the difference is 0 and so is its interval; NaN with a NaN score
    of either."""
    return _gains(y, first, second, thresholds, patient, prevalence, level)


def interventions_avoided(
    y: np.ndarray,
    scores: np.ndarray,
    thresholds: np.ndarray,
    *,
    patient: np.ndarray | None = None,
    prevalence: float | None = None,
    level: float = 0.95,
    per: float = 100,
) -> NetBenefit:
    """Interventions that ``per`` patients are spared by treating by ``scores`` (n_cases, k) instead of treating all,
    without missing an event more (net); negative where treating all is better. Else as ``net_benefit``."""
    found = net_benefit_difference(
        y, scores, np.ones_like(scores), thresholds, patient=patient, prevalence=prevalence, level=level
    )
    rate = (per * (1 - thresholds) / thresholds)[:, None]
    return NetBenefit(found.estimate * rate, found.low * rate, found.high * rate)


def standardized(found: NetBenefit, prevalence: float) -> NetBenefit:
    """As a share of the net benefit of perfect predictions, which is the prevalence in (0, 1]: at most 1."""
    return NetBenefit(found.estimate / prevalence, found.low / prevalence, found.high / prevalence)


def treated_rates(
    y: np.ndarray, scores: np.ndarray, thresholds: np.ndarray, *, prevalence: float | None = None
) -> TreatedRates:
    """The shares whose weighted difference is the net benefit of ``scores`` (n_cases, k); else as ``net_benefit``.
    NaN with a NaN score, and with one class if a prevalence is given."""
    positive, known = y == 1, ~np.isnan(scores).any(0)
    of_event, of_other = _weights(positive, prevalence)
    counts = [
        np.array([(scores[part] >= threshold).sum(0) for threshold in thresholds], float).reshape(-1, scores.shape[1])
        for part in (positive, ~positive)
    ]
    counts = [np.where(known, count, np.nan) for count in counts]
    return TreatedRates(of_event * counts[0], of_other * counts[1])


def _gains(
    y: np.ndarray,
    first: np.ndarray,
    second: np.ndarray | None,
    thresholds: np.ndarray,
    patient: np.ndarray | None,
    prevalence: float | None,
    level: float,
) -> NetBenefit:
    """What treating by ``first`` gains, above what ``second`` gains if it is there."""
    positive = y == 1
    of_event, of_other = _weights(positive, prevalence)
    strata = [np.s_[:]] if prevalence is None else [positive, ~positive]
    estimate = np.empty((len(thresholds), first.shape[1]))
    error = np.empty_like(estimate)
    for row, threshold in enumerate(thresholds):
        weight = threshold / (1 - threshold)
        treated = (first >= threshold).astype(float)
        if second is not None:
            treated -= second >= threshold
        gain = treated * np.where(positive, of_event, -weight * of_other)[:, None]
        estimate[row] = gain.sum(0)
        for stratum in strata:
            gain[stratum] -= gain[stratum].mean(0) if len(gain[stratum]) else np.nan
        error[row] = np.sqrt((sum_within(gain, patient) ** 2).sum(0))
    known = ~np.isnan(first).any(0) & (second is None or ~np.isnan(second).any(0))
    estimate[:, ~known] = np.nan
    margin = normal_quantile(level) * error
    return NetBenefit(estimate, estimate - margin, estimate + margin)


def _weights(positive: np.ndarray, prevalence: float | None) -> tuple[float, float]:
    """What a case with the event, and one without it, count as a share of all patients."""
    check_prevalence(prevalence)
    n, events = len(positive), int(positive.sum())
    if prevalence is None:
        return 1 / n, 1 / n
    return (prevalence / events, (1 - prevalence) / (n - events)) if 0 < events < n else (np.nan, np.nan)
