"""Intervals of likelihood ratios and of kappa by the delta method, with repeats averaged and patients kept together.

Each case adds an influence d_i to the estimate; var = sum_i d_i^2, of patients with several cases after those of one
patient were added up. With a_i, b_i for "is positive" and "is called positive":

    log LR+   d_i = a_i (b_i - sens) / TP - (1 - a_i)(b_i - (1 - spec)) / FP
    log LR-   d_i = a_i (1 - b_i - (1 - sens)) / FN - (1 - a_i)(1 - b_i - spec) / TN
    kappa     d_i = [(1 - p_e)([a_i = b_i] - p_o) - (1 - p_o)(p_(b = a_i) + p_(a = b_i) - 2 p_e)] / (n (1 - p_e)^2)

with p_(b = a_i) the share of cases called what case i is, p_(a = b_i) the share that are what case i is called. Without
repeats and clusters the variances are those of the sources: 1/TP - 1/(TP + FN) + 1/FP - 1/(FP + TN) for log LR+. The
interval of a likelihood ratio is made on the log scale, that of kappa is cut to [-1, 1]. With the prevalence pi given

    PPV/(1 - PPV) = LR+ pi/(1 - pi),    NPV/(1 - NPV) = (1 - pi)/(pi LR-)

and the limits follow from those of the likelihood ratios: the delta method on the logit scale.

Source: Simel, Samsa and Matchar (1991), Journal of Clinical Epidemiology 44:763; Fleiss, Cohen and Everitt (1969),
Psychological Bulletin 72:323; predictive values: Mercaldo, Lau and Zhou (2007), Statistics in Medicine 26:2170;
clusters: Liang and Zeger (1986), Biometrika 73:13.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.metrics.confusion import Confusion, ratio
from benchmark.metrics.kappa import kappa
from benchmark.metrics.likelihood_ratios import lr_negative, lr_positive
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.clusters import sum_within
from benchmark.statistics.interval import Interval

Limits = tuple[np.ndarray, np.ndarray]


def lr_positive_interval(parts: Confusion, patient: np.ndarray | None, level: float) -> Limits:
    """Limits of LR+, (k,) each, from the four counts of single cases, ``parts`` (n_cases, n_repeats, k). NaN where LR+
    is 0, infinite or undefined in a repeat."""
    counts = _totals(parts)
    influence = _apart(parts.tp, parts.fn, counts.tp, counts.fn) - _apart(parts.fp, parts.tn, counts.fp, counts.tn)
    return _on_log_scale(lr_positive(counts), influence, patient, level)


def lr_negative_interval(parts: Confusion, patient: np.ndarray | None, level: float) -> Limits:
    """Limits of LR-, as for LR+."""
    counts = _totals(parts)
    influence = _apart(parts.fn, parts.tp, counts.fn, counts.tp) - _apart(parts.tn, parts.fp, counts.tn, counts.fp)
    return _on_log_scale(lr_negative(counts), influence, patient, level)


def kappa_interval(parts: Confusion, patient: np.ndarray | None, level: float) -> Limits:
    """Limits of kappa, (k,) each, from ``parts`` (n_cases, n_repeats, k). NaN where kappa is undefined in a repeat; the
    point itself where every decision is right."""
    counts = _totals(parts)
    n = counts.tp + counts.fp + counts.tn + counts.fn
    is_1, called_1 = ratio(counts.tp + counts.fn, n), ratio(counts.tp + counts.fp, n)
    agreed = ratio(counts.tp + counts.tn, n)
    chance = is_1 * called_1 + (1 - is_1) * (1 - called_1)
    held = parts.tp + parts.fp + parts.tn + parts.fn
    expected = (
        parts.tp * (called_1 + is_1)
        + parts.fp * (1 - called_1 + is_1)
        + parts.tn * (2 - called_1 - is_1)
        + parts.fn * (called_1 + 1 - is_1)
    )
    influence = (1 - chance) * (parts.tp + parts.tn - agreed * held) - (1 - agreed) * (expected - 2 * chance * held)
    influence = ratio(influence, np.broadcast_to(n * (1 - chance) ** 2, influence.shape))
    estimate, margin = kappa(counts).mean(0), normal_quantile(level) * _error(influence, patient)
    return np.clip(estimate - margin, -1, 1), np.clip(estimate + margin, -1, 1)


DELTA_METHOD: dict[str, Callable[[Confusion, np.ndarray | None, float], Limits]] = {
    "kappa": kappa_interval,
    "lr_positive": lr_positive_interval,
    "lr_negative": lr_negative_interval,
}


def predictive_values(lr_positive: Interval, lr_negative: Interval, prevalence: float) -> dict[str, Interval]:
    """``ppv`` and ``npv``, (k,) each, at a ``prevalence`` in (0, 1) that is not that of the cases: the odds are those
    of the prevalence times the likelihood ratio, and so are their limits."""
    odds = prevalence / (1 - prevalence)
    with np.errstate(divide="ignore"):
        positive = [odds * part for part in (lr_positive.estimate, lr_positive.low, lr_positive.high)]
        negative = [1 / (odds * part) for part in (lr_negative.estimate, lr_negative.high, lr_negative.low)]
        ppv, npv = (Interval(*(1 / (1 + 1 / each) for each in parts)) for parts in (positive, negative))
    return {"ppv": ppv, "npv": npv}


def _totals(parts: Confusion) -> Confusion:
    return Confusion(*(part.sum(0) for part in (parts.tp, parts.fp, parts.tn, parts.fn)))


def _apart(part: np.ndarray, rest: np.ndarray, n_part: np.ndarray, n_rest: np.ndarray) -> np.ndarray:
    """The influence of each case on the log of the share n_part / (n_part + n_rest), in the shape of ``part``."""
    share = ratio(n_part, n_part + n_rest)
    return ratio(part - share * (part + rest), np.broadcast_to(n_part, part.shape))


def _on_log_scale(ratios: np.ndarray, influence: np.ndarray, patient: np.ndarray | None, level: float) -> Limits:
    """Limits of the mean over repeats of ``ratios`` (n_repeats, k) from the ``influence`` (n_cases, n_repeats, k) on
    their logs."""
    known = np.where(np.isfinite(ratios) & (ratios > 0), ratios, np.nan)
    estimate = known.mean(0)
    margin = normal_quantile(level) * _error(influence * (known / estimate), patient)
    return estimate * np.exp(-margin), estimate * np.exp(margin)


def _error(influence: np.ndarray, patient: np.ndarray | None) -> np.ndarray:
    """Standard error, (k,), from the ``influence`` (n_cases, n_repeats, k) averaged over repeats."""
    return np.sqrt((sum_within(influence.mean(1), patient) ** 2).sum(0))
