"""What is estimated of a model besides the AUC and the calibration: scores, decisions, optimism."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from benchmark.metrics import METRICS
from benchmark.metrics.proportions import PROPORTIONS
from benchmark.statistics.bootstrap import Statistic
from benchmark.statistics.decision_intervals import DELTA_METHOD, predictive_values
from benchmark.statistics.decisions import decision_draws, decision_metrics
from benchmark.statistics.discrimination import averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.partial_auc import partial_auc, partial_aucs
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.precision_recall import average_precisions
from benchmark.statistics.resampled import Drawn, Parts, drawn_rows
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained, mean_on_folds, on_folds
from benchmark.statistics.weighted_scores import weighted_scores

DRAWN = tuple(
    name
    for name, metric in METRICS.items()
    if metric.needs == "decisions" and name not in PROPORTIONS and name not in DELTA_METHOD
)
"""The metrics of decisions whose intervals are drawn: F1, MCC, balanced accuracy."""

NO_THRESHOLD = "no threshold, because a model has no inner predictions of both classes"


def score_parts(held: HeldOut, settings: Settings) -> Parts:
    """The draws of the measures that need scores, besides the AUC."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    parts: dict[tuple[str, ...], Statistic] = {
        ("pr_auc",): lambda weights: average_precisions(held.y, pooled, weights)[:, None],
        ("brier", "rmse", "scaled_brier", "log_loss"): partial(weighted_scores, held.y, pooled),
    }
    if settings.partial is not None:
        part = settings.partial.named
        parts[("partial_auc",)] = lambda weights: partial_aucs(held.y, pooled, weights, **part)[:, None]
    return parts


def score_estimates(held: HeldOut, drawn: Mapping[str, Drawn], settings: Settings) -> list[pd.DataFrame]:
    """The metrics of the menu that need scores, besides the AUC, on scores averaged over repeats; the partial AUC if it
    is asked for."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    tables = []
    for name, metric in METRICS.items():
        if metric.needs == "scores" and name != "roc_auc":
            values = np.array([metric.function(held.y, pooled[:, k]) for k in range(pooled.shape[1])], float)
            method, undefined = averaged(held).removeprefix(", "), metric.undefined_when
            tables.append(drawn_rows(held, name, values, drawn[name], settings, method=method, undefined=undefined))
    if settings.partial is not None:
        part = settings.partial
        values = np.array([partial_auc(held.y, column, **part.named) for column in pooled.T])
        method, undefined = f"{part.title}{averaged(held)}", "one class, or below chance"
        tables.append(
            drawn_rows(held, "partial_auc", values, drawn["partial_auc"], settings, method=method, undefined=undefined)
        )
    return tables


def decision_parts(held: HeldOut, decisions: np.ndarray) -> Parts:
    """The draws of the metrics of decisions that are no proportion and have no delta method."""
    return {DRAWN: partial(decision_draws, held.y, decisions, held.fold, names=DRAWN)}


def thresholds_of(held: HeldOut, trained: Trained, settings: Settings) -> np.ndarray:
    """The threshold of each model, (n_repeats, n_folds, k)."""
    thresholds = on_folds(held, trained.thresholds)
    return np.full_like(thresholds, settings.rule.wanted) if settings.rule.kind == "value" else thresholds


def decision_estimates(
    held: HeldOut, decisions: np.ndarray, thresholds: np.ndarray, drawn: Mapping[str, Drawn], settings: Settings
) -> list[pd.DataFrame]:
    """The metrics of the menu that need decisions, and the mean ``threshold``."""
    found = decision_metrics(held.y, decisions, held.fold, patient=held.patient, level=settings.level)
    if settings.prevalence is not None:
        found |= predictive_values(found["lr_positive"], found["lr_negative"], settings.prevalence)
    by_fold = np.array([thresholds[place] for place in held.places])
    gone = np.isnan(by_fold).any(0).tolist()
    n_repeats = len(held.repeats)
    repeated = f", mean of {n_repeats} repeats" if n_repeats > 1 else ""
    of_models = f", mean of {len(by_fold)} models" if len(by_fold) > 1 else ""
    tables = [
        estimate_rows(held, "threshold", no_interval(_mean_threshold(by_fold)), level=settings.level,
                      method=settings.rule.title + ("" if settings.rule.kind == "value" else of_models),
                      undefined=NO_THRESHOLD)
    ]  # fmt: skip
    for name, interval in found.items():
        undefined = [NO_THRESHOLD if missing else METRICS[name].undefined_when for missing in gone]
        method = settings.rule.title + repeated
        if name in DRAWN:
            tables.append(drawn_rows(held, name, interval.estimate, drawn[name], settings, method=method,
                                     undefined=undefined))  # fmt: skip
            continue
        method += _interval_words(name, held, settings)
        tables.append(estimate_rows(held, name, interval, level=settings.level, method=method, undefined=undefined))
    return tables


def _mean_threshold(by_fold: np.ndarray) -> np.ndarray:
    """Thresholds (n_models, k) of which one is infinite call everybody positive, or nobody: their mean is infinite."""
    with np.errstate(invalid="ignore"):
        return np.asarray(by_fold.mean(0))


def _interval_words(name: str, held: HeldOut, settings: Settings) -> str:
    if name in ("ppv", "npv") and settings.prevalence is not None:
        return f", prevalence {settings.prevalence:g}, from the likelihood ratio by the delta method"
    if name in PROPORTIONS:
        return ", Wilson" + ("" if held.patient is None else " with the effective number of cases by patient")
    return ", delta method" + ("" if held.patient is None else " clustered by patient")


def optimism_estimates(held: HeldOut, trained: Trained, auc: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    """The mean AUC of the models on their own training rows, and by how much it is above ``auc`` (k,) on held-out
    rows."""
    mean = mean_on_folds(held, trained.aucs)
    n_cases, n_events = trained.sizes.get(held.design, (0, 0))
    n_models = len(held.places)
    method = f"mean of {n_models} models on their own training rows" if n_models > 1 else "on its own training rows"
    why = "no predictions of training rows"
    return [
        estimate_rows(
            held,
            "train_auc",
            no_interval(mean),
            level=settings.level,
            method=method,
            undefined=why,
            n_cases=n_cases,
            n_events=n_events,
        ),
        estimate_rows(
            held,
            "optimism",
            no_interval(mean - auc),
            level=settings.level,
            method="train_auc minus auc",
            undefined=why,
        ),
    ]
