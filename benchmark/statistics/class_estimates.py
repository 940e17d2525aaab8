"""What is estimated of a model of several classes: AUCs, decisions and scores over all classes, and class by class.

Scores are averaged over repeats per case, and one decision is made from them. Limits are percentiles of one patient
bootstrap of all measures (rare classes drawn within themselves: ``class_strata``); those of a mean over folds are of
its influence curve, those of single classes as for two classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from benchmark.estimates import of_class
from benchmark.statistics.aucs import Aucs, intervals
from benchmark.statistics.calibration_estimates import calibration_lines
from benchmark.statistics.class_decisions import CLASS_METRICS, NOBODY, called_classes, matrices
from benchmark.statistics.class_discrimination import (
    POOLED,
    by_folds,
    discriminate_class,
    weighted_over_folds,
    why_undefined,
)
from benchmark.statistics.class_scores import CLASS_SCORES
from benchmark.statistics.class_strata import FEW, rare_class_strata
from benchmark.statistics.class_view import absent_words, class_views, classes_by_patients
from benchmark.statistics.confusions import ARGMAX
from benchmark.statistics.decisions import decision_metrics
from benchmark.statistics.discrimination import Discrimination, auc_estimates, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.multiclass import (
    HAND_TILL,
    MACRO,
    WEIGHTED,
    hand_till_draws,
    one_vs_rest_draws,
    prevalence_draws,
)
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.resampled import Drawn, draw, drawn_rows
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.smooth_calibration import METHOD, calibration_indices
from benchmark.statistics.training import PerModel, mean_on_folds

AUCS = {"auc": MACRO, "auc_weighted": WEIGHTED, "hand_till": HAND_TILL}
ALIKE = {"auc", "hand_till", "balanced_accuracy", "f1_macro"}
"""Measures in which a class counts the same however rare it is."""

OF_ONE_CLASS = ("sensitivity", "specificity", "ppv", "npv", "f1")


def overall_estimates(held: HeldOut, found: Discrimination, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``ESTIMATES``: the AUCs over all classes, the metrics of decisions, and those of probabilities."""
    return [*_over_folds(held, found, settings), *_resampled(held, settings)]


def estimates_by_class(held: HeldOut, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``ESTIMATES`` whose measures are named ``of_class``: AUC, decisions and calibration of each class against
    the others. NaN for a class without a case."""
    called = called_classes(average_over_repeats(held.scores, held.fold))
    tables = []
    for code, (label, view) in enumerate(class_views(held).items()):
        own = [
            *auc_estimates(view, discriminate_class(held, code, view), settings),
            *_decisions_on_class(view, np.where(called == NOBODY, np.nan, called == code), settings),
            *calibration_lines(view, settings),
            _distance(view, settings),
        ]
        tables += [table.assign(measure=[of_class(name, label) for name in table["measure"]]) for table in own]
    return tables


def class_optimism(held: HeldOut, training_aucs: PerModel, auc: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    """The mean macro AUC of the models on their own training rows, and by how much it is above ``auc`` (k,)."""
    mean = mean_on_folds(held, training_aucs)
    why = "no predictions of training rows, or without one of the classes"
    said = {
        "train_auc": (mean, f"{MACRO}, mean of {len(held.places)} models on their own training rows"),
        "optimism": (mean - auc, "train_auc minus auc"),
    }
    return [
        estimate_rows(held, measure, no_interval(value), level=settings.level, method=method, undefined=why)
        for measure, (value, method) in said.items()
    ]


def _over_folds(held: HeldOut, found: Discrimination, settings: Settings) -> list[pd.DataFrame]:
    """The means of the folds' AUCs; none where nothing was cross-validated."""
    if not by_folds(held):
        return []
    aucs: Mapping[str, Aucs] = {
        "auc": found.by_measure["auc"],
        "auc_weighted": weighted_over_folds(held),
        "hand_till": found.by_measure["hand_till"],
    }
    return [
        estimate_rows(
            held,
            measure,
            Interval(each.estimate, *intervals(each, level=settings.level)),
            level=settings.level,
            method=each.method + averaged(held),
            undefined=why_undefined(held, measure),
        )
        for measure, each in aucs.items()
    ]


def _resampled(held: HeldOut, settings: Settings) -> list[pd.DataFrame]:
    scores = average_over_repeats(held.scores, held.fold)
    called = called_classes(scores)
    metrics = tuple(name for name in CLASS_METRICS if settings.ordinal or name != "kappa_quadratic")

    def decided(weights: np.ndarray) -> np.ndarray:
        counts = matrices(held.y, called, scores.shape[2], weights)
        return np.stack([CLASS_METRICS[name](counts) for name in metrics], axis=1)

    def scored(weights: np.ndarray) -> np.ndarray:
        return np.stack([function(held.y, scores, weights) for function in CLASS_SCORES.values()], axis=1)

    drawn = draw(
        held,
        {tuple(AUCS): partial(_auc_draws, held.y, scores), metrics: decided, tuple(CLASS_SCORES): scored},
        settings,
        strata=rare_class_strata(held.y, held.patient),
    )
    return [_drawn_measure(held, name, each, settings) for name, each in drawn.items()]


def _drawn_measure(held: HeldOut, name: str, drawn: Drawn, settings: Settings) -> pd.DataFrame:
    """A class of one patient is in every draw once: it would seem certain, and what depends on it has no limits."""
    measure = name + (POOLED if name in AUCS and by_folds(held) else "")
    what = AUCS.get(name) or ("probabilities" if name in CLASS_SCORES else ARGMAX)
    method, undefined = f"{what}{averaged(held)}", absent_words(held) or "all cases called the same"
    alone = classes_by_patients(held, at_most=1)
    if alone and name in ALIKE:
        method += f", no interval: one patient of class {', '.join(alone)}"
        found = no_interval(drawn.found.estimate)
        return estimate_rows(held, measure, found, level=settings.level, method=method, undefined=undefined)
    rare = classes_by_patients(held, at_most=FEW - 1)
    method += f", class {', '.join(rare)} drawn within itself" if rare else ""
    return drawn_rows(held, measure, drawn.found.estimate, drawn, settings, method=method, undefined=undefined)


def _auc_draws(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The AUCs over all classes, (n_draws, 3, k), in the order of ``AUCS``."""
    each = one_vs_rest_draws(y, scores, weights)
    shares = prevalence_draws(y, weights, scores.shape[2])
    weighted = np.einsum("bck,bc->bk", each, shares)
    return np.stack([each.mean(1), weighted, hand_till_draws(y, scores, weights)], axis=1)


def _distance(view: HeldOut, settings: Settings) -> pd.DataFrame:
    """The ICI without limits: 2,000 draws of a loess for each class and model would take longer than all else."""
    scores = average_over_repeats(view.scores[..., 0], view.fold)
    values = np.array([calibration_indices(view.y, scores[:, k]).ici for k in range(scores.shape[1])])
    method = METHOD.removesuffix(", sandwich band") + averaged(view)
    why = "one class, fewer than four cases, or too few distinct scores for loess"
    return estimate_rows(view, "ici", no_interval(values), level=settings.level, method=method, undefined=why)


def _decisions_on_class(view: HeldOut, called: np.ndarray, settings: Settings) -> list[pd.DataFrame]:
    """``called`` (n_cases, k): whether a case is called the class of the view."""
    once = np.zeros((len(view.y), 1), int)
    found = decision_metrics(view.y, called[:, None], once, patient=view.patient, level=settings.level)
    wilson = ", Wilson" + ("" if view.patient is None else " with the effective number of cases by patient")
    return [
        estimate_rows(
            view,
            name,
            found[name],
            level=settings.level,
            method=f"{ARGMAX}{averaged(view)}" + (wilson if name != "f1" else ""),
            undefined="no case of the class" if name in ("sensitivity", "f1") else "no case is called so",
        )
        for name in OF_ONE_CLASS
    ]
