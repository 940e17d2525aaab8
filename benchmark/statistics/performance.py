"""What is estimated of a model besides the AUC and the calibration: scores, decisions, optimism."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.metrics import METRICS
from benchmark.metrics.proportions import PROPORTIONS
from benchmark.statistics.decision_intervals import DELTA_METHOD
from benchmark.statistics.decisions import decide, decision_metrics
from benchmark.statistics.discrimination import averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained, on_folds

NO_THRESHOLD = "no threshold, because a model has no inner predictions of both classes"


def score_estimates(held: HeldOut, settings: Settings) -> list[pd.DataFrame]:
    """The metrics of the menu that need scores, besides the AUC, on scores averaged over repeats."""
    pooled = average_over_repeats(held.scores[..., 0], held.fold)
    tables = []
    for name, metric in METRICS.items():
        if metric.needs == "scores" and name != "roc_auc":
            values = np.array([metric.function(held.y, pooled[:, k]) for k in range(pooled.shape[1])], float)
            method = f"{metric.title}{averaged(held)}"
            tables.append(
                estimate_rows(
                    held,
                    name,
                    no_interval(values),
                    level=settings.level,
                    method=method,
                    undefined=metric.undefined_when,
                )
            )
    return tables


def decision_estimates(held: HeldOut, trained: Trained, settings: Settings) -> list[pd.DataFrame]:
    """The metrics of the menu that need decisions, each model at its own threshold."""
    by_fold = on_folds(held, trained.thresholds)
    if settings.rule.kind == "value":
        by_fold = np.full_like(by_fold, settings.rule.wanted)
    decisions = decide(held.scores[..., 0], held.fold, by_fold)
    found = decision_metrics(held.y, decisions, held.fold, patient=held.patient, level=settings.level)
    gone = np.any([np.isnan(by_fold[place]) for place in held.places], axis=0).tolist()
    n_repeats = len(held.repeats)
    tables = []
    for name, interval in found.items():
        method = settings.rule.title + (f", mean of {n_repeats} repeats" if n_repeats > 1 else "")
        if name in PROPORTIONS:
            method += ", Wilson" + ("" if held.patient is None else " with the effective number of cases by patient")
        elif name in DELTA_METHOD:
            method += ", delta method" + ("" if held.patient is None else " clustered by patient")
        undefined = [NO_THRESHOLD if missing else METRICS[name].undefined_when for missing in gone]
        tables.append(estimate_rows(held, name, interval, level=settings.level, method=method, undefined=undefined))
    return tables


def optimism_estimates(held: HeldOut, trained: Trained, auc: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    """The mean AUC of the models on their own training rows, and by how much it is above ``auc`` (k,) on held-out
    rows."""
    by_fold = on_folds(held, trained.aucs)
    mean = np.mean([by_fold[place] for place in held.places], axis=0)
    n_cases, n_events = trained.sizes.get(held.design, (0, 0))
    method = f"mean of {len(held.places)} models on their own training rows"
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
