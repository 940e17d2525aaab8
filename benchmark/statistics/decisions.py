"""Metrics of decisions: each model's own threshold applied to its own held-out rows.

Within a repeat the decisions of all folds are counted together, so a metric is one number per repeat; repeats are
averaged. The interval of a proportion is Wilson's with the number of cases, never of cases times repeats; where
patients own several cases, with that number divided by the design effect. The intervals of likelihood ratios and kappa
are in ``decision_intervals``; those of the other metrics come from the patient bootstrap of ``decision_draws``.

Source: Wilson (1927), Journal of the American Statistical Association 22:209; effective number: Korn and Graubard
(1998), Survey Methodology 24:193.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import Confusion, ratio
from benchmark.metrics.proportions import PROPORTIONS
from benchmark.statistics.clusters import design_effect
from benchmark.statistics.decision_intervals import DELTA_METHOD
from benchmark.statistics.interval import Interval
from benchmark.statistics.wilson import wilson


def decide(scores: np.ndarray, fold: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Whether each case is called positive, (n_cases, n_repeats, k): 1, 0, or NaN where the score or the threshold is
    missing or the case is not held out. ``scores`` (n_cases, n_repeats, k), ``fold`` (n_cases, n_repeats) with -1 for
    not held out, ``thresholds`` (n_repeats, n_folds, k)."""
    threshold = thresholds[np.arange(fold.shape[1]), fold]
    known = (fold >= 0)[:, :, None] & ~np.isnan(scores) & ~np.isnan(threshold)
    return np.where(known, scores >= threshold, np.nan)


def decision_metrics(
    y: np.ndarray, decisions: np.ndarray, fold: np.ndarray, *, patient: np.ndarray | None = None, level: float = 0.95
) -> dict[str, Interval]:
    """Every metric of the menu that needs decisions, for ``y`` (n_cases,), 1 for positive, and ``decisions`` as
    ``decide`` gives them. A metric that is undefined in one repeat is NaN."""
    parts = _case_by_case(y, decisions, fold)
    counts = _counted(parts)
    found = {}
    for name, metric in METRICS.items():
        if metric.needs != "decisions":
            continue
        estimate = metric.function(counts).mean(0)
        if name in PROPORTIONS:
            low, high = wilson(estimate, _size(name, parts, patient), level=level)
        elif name in DELTA_METHOD:
            low, high = DELTA_METHOD[name](parts, patient, level)
        else:
            low = high = np.full(len(estimate), np.nan)
        found[name] = Interval(estimate, low, high)
    return found


def proportion(
    name: str, y: np.ndarray, decisions: np.ndarray, fold: np.ndarray, *, patient: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """A metric that is a proportion, (k,), and of how many cases it is one, (k,), the effective number where patients
    own several; the rest as in ``decision_metrics``."""
    parts = _case_by_case(y, decisions, fold)
    return METRICS[name].function(_counted(parts)).mean(0), _size(name, parts, patient)


def decision_draws(
    y: np.ndarray, decisions: np.ndarray, fold: np.ndarray, weights: np.ndarray, *, names: Sequence[str]
) -> np.ndarray:
    """The metrics ``names``, (n_draws, n_names, k), of cases that count as each row of ``weights`` (n_draws, n_cases)
    says: what ``bootstrap`` takes. The rest as in ``decision_metrics``; thresholds are not chosen again."""
    parts = _case_by_case(y, decisions, fold)
    counts = Confusion(
        *(
            (weights @ part.reshape(len(part), -1)).reshape(len(weights), *part.shape[1:])
            for part in (parts.tp, parts.fp, parts.tn, parts.fn)
        )
    )
    return np.stack([METRICS[name].function(counts).mean(1) for name in names], axis=1)


def _case_by_case(y: np.ndarray, decisions: np.ndarray, fold: np.ndarray) -> Confusion:
    """The four counts of single cases, (n_cases, n_repeats, k): of what is not held out none, of what is missing
    NaN."""
    held = (fold >= 0)[:, :, None]
    positive = (y == 1)[:, None, None] & held
    negative = (y != 1)[:, None, None] & held
    called = np.where(held, decisions, 0)
    tp, fp = positive * called, negative * called
    return Confusion(tp=tp, fp=fp, tn=negative - fp, fn=positive - tp)


def _counted(parts: Confusion) -> Confusion:
    return Confusion(*(part.sum(0) for part in (parts.tp, parts.fp, parts.tn, parts.fn)))


def _size(name: str, parts: Confusion, patient: np.ndarray | None) -> np.ndarray:
    """The number of cases of a proportion, (k,), mean over repeats, divided by the design effect of patients."""
    counts = _counted(parts)
    whole = PROPORTIONS[name](counts)[1]
    n_cases = whole.mean(0)
    if patient is not None:
        share = ratio(*PROPORTIONS[name](counts))
        part, of = PROPORTIONS[name](parts)
        contributions = np.nan_to_num(ratio(part - share * of, np.broadcast_to(whole, of.shape))).mean(1)
        n_cases = n_cases / design_effect(contributions, patient)
    return n_cases
