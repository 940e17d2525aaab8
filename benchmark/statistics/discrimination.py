"""The AUCs of all models of one design and role, with the covariance that fits the design.

held-out set          auc         DeLong
cross-validation      auc         mean of the folds' AUCs, influence curve (LeDell)
                      auc_pooled  AUC of the scores averaged over repeats per case, DeLong
bootstrap             auc         .632+, variance over draws
                      auc_pooled  AUC of the scores averaged over draws per case, DeLong
leave-one-out         auc         of the pooled scores, DeLong: no fold has an AUC
patients with several cases:      the influence curve clustered by patient instead of DeLong
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from benchmark.estimates import COMPARISONS, FOLD_SCORES
from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion
from benchmark.predictions import CHOSEN_INSIDE, OUT_OF_BAG, label_of
from benchmark.statistics.aucs import Aucs, compare, intervals
from benchmark.statistics.bootstrap_632 import bootstrap_632
from benchmark.statistics.cross_validated_auc import overlap_corrected_auc
from benchmark.statistics.delong import delong
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.obuchowski import obuchowski
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.rows import estimate_rows, recipe_columns
from benchmark.statistics.settings import Settings

ONE_CLASS = "a set of one class"
OF_DECISIONS = ("sensitivity", "specificity", "accuracy")
"""What is told of the decisions of each fold."""


@dataclass(frozen=True, eq=False)
class Discrimination:
    """``by_measure``: the AUCs by the name of their measure, ``auc`` first; ``fold_auc`` (n_repeats, n_folds, k)."""

    by_measure: dict[str, Aucs]
    fold_auc: np.ndarray


def discriminate(held: HeldOut, apparent: HeldOut | None = None) -> Discrimination:
    """The AUCs of a binary outcome. ``apparent``: the scores of the models of all cases, of a bootstrap."""
    scores = held.scores[..., 0]
    folds = overlap_corrected_auc(held.y, scores, held.fold, patient=held.patient)
    pooled = average_over_repeats(scores, held.fold)
    one_set = delong(held.y, pooled) if held.patient is None else obuchowski(held.y, pooled, held.patient)
    if held.crossed and not held.one_by_one:
        return Discrimination({"auc": folds.aucs, "auc_pooled": one_set}, folds.fold_auc)
    if apparent is not None:
        return Discrimination({"auc": _drawn(held, apparent), "auc_pooled": one_set}, folds.fold_auc)
    return Discrimination({"auc": one_set}, folds.fold_auc)


def _drawn(held: HeldOut, apparent: HeldOut) -> Aucs:
    """The .632+ AUCs of a bootstrap: ``held`` has the cases that some draw left out."""
    places = np.searchsorted(apparent.cases, held.cases)
    models = [apparent.recipes.index(recipe) for recipe in held.recipes]
    of_all = apparent.scores[places][:, 0, models, 0]
    return bootstrap_632(held.y, held.scores[..., 0], held.fold >= 0, of_all).aucs


def auc_estimates(held: HeldOut, found: Discrimination, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``ESTIMATES``."""
    tables = []
    for measure, aucs in found.by_measure.items():
        tables.append(_auc_rows(held, measure, aucs, "plain", settings))
        if measure == "auc":
            tables.append(_auc_rows(held, measure, aucs, "logit", settings))
    return tables


def _auc_rows(
    held: HeldOut, measure: str, aucs: Aucs, scale: Literal["plain", "logit"], settings: Settings
) -> pd.DataFrame:
    """The interval on the ``logit`` scale has a measure of its own, and is undefined for an AUC of 0 or 1."""
    low, high = intervals(aucs, level=settings.level, scale=scale)
    return estimate_rows(
        held,
        measure if scale == "plain" else f"{measure}_logit",
        Interval(aucs.estimate, low, high),
        level=settings.level,
        method=aucs.method + ("" if scale == "plain" else ", logit scale") + _averaged_if(held, measure),
        undefined=_why_undefined(held, measure),
    )


def _averaged_if(held: HeldOut, measure: str) -> str:
    return "" if held.role == OUT_OF_BAG and measure == "auc" else averaged(held)


def averaged(held: HeldOut) -> str:
    """What the method says about repeats."""
    return f", averaged over {len(held.repeats)} repeats per case" if len(held.repeats) > 1 else ""


def fold_scores(held: HeldOut, fold_auc: np.ndarray, decisions: np.ndarray | None = None) -> pd.DataFrame:
    """Rows of ``FOLD_SCORES``; ``fold_auc`` (n_repeats, n_folds, k), ``decisions`` (n_cases, n_repeats, k)."""
    tables = []
    for r, f in held.places:
        rows = held.fold[:, r] == f
        place = {"design": held.design, "role": held.role, **recipe_columns(held)}
        n_events = int(np.sum(held.y[rows] == 1)) if held.binary else np.nan
        counts = {"n_cases": int(rows.sum()), "n_events": n_events}
        counted = None if decisions is None else confusion(held.y[rows], decisions[rows, r])
        made = {name: np.nan if counted is None else METRICS[name].function(counted) for name in OF_DECISIONS}
        told = {"repeat": held.repeats[r], "fold": held.folds[f], "auc": fold_auc[r, f], **made, **counts}
        tables.append(pd.DataFrame({**place, **told}))
    return pd.concat(tables, ignore_index=True)[FOLD_SCORES]


def auc_comparisons(held: HeldOut, found: Discrimination, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``COMPARISONS``: against the reference, and all pairs."""
    pairs = {"reference": against_reference(held, settings.reference), "all pairs": all_pairs(held)}
    return [
        _comparison_rows(held, measure, aucs, question, pair, settings)
        for measure, aucs in found.by_measure.items()
        for question, pair in pairs.items()
        if len(pair)
    ]


def _comparison_rows(
    held: HeldOut, measure: str, aucs: Aucs, question: str, pair: np.ndarray, settings: Settings
) -> pd.DataFrame:
    tests = compare(aucs, pair[:, 0], pair[:, 1], level=settings.level)
    labels = np.array(held.labels, object)
    return pd.DataFrame(
        {
            "design": held.design,
            "role": held.role,
            "measure": measure,
            "first": labels[pair[:, 0]],
            "second": labels[pair[:, 1]],
            "difference": tests.difference,
            "low": tests.low,
            "high": tests.high,
            "level": settings.level,
            "statistic": tests.statistic,
            "df": np.nan,
            "p": tests.p,
            "p_adjusted": adjust(tests.p, settings.adjustment),
            "adjustment": settings.adjustment,
            "question": question,
            "method": f"paired {aucs.method}{averaged(held)}",
        }
    )[COMPARISONS]


def all_pairs(held: HeldOut) -> np.ndarray:
    """(n_pairs, 2) positions, each pair once in the order of the models."""
    return np.column_stack(np.triu_indices(len(held.recipes), k=1))


def against_reference(held: HeldOut, reference: str | None) -> np.ndarray:
    """(n_pairs, 2): each model against the reference recipe; or, if a feature set is the reference, against that
    feature set under the same preprocessing and classifier. A model made elsewhere has neither: it stands against the
    arm of the reference that was chosen inside, or its only recipe."""
    place = {recipe: number for number, recipe in enumerate(held.recipes)}
    by_label = {label_of(*recipe): number for recipe, number in place.items()}
    honest = _honest_arm(held, str(reference))
    pairs = []
    for (_, preprocessing, classifier), number in place.items():
        other = by_label.get(str(reference), place.get((str(reference), preprocessing, classifier)))
        if other is None and not preprocessing and not classifier:
            other = honest
        if other is not None and other != number:
            pairs.append((number, other))
    return np.array(pairs, int).reshape(-1, 2)


def _honest_arm(held: HeldOut, feature_set: str) -> int | None:
    """The position of the feature set's arm that was chosen inside most, or of its only recipe."""
    arms = [number for number, recipe in enumerate(held.recipes) if recipe[0] == feature_set]
    chosen = max(arms, key=lambda number: held.recipes[number].count(CHOSEN_INSIDE), default=None)
    if chosen is None or (len(arms) > 1 and CHOSEN_INSIDE not in held.recipes[chosen]):
        return None
    return chosen


def _why_undefined(held: HeldOut, measure: str) -> str:
    if len(np.unique(held.y)) < 2:
        return ONE_CLASS
    if measure == "auc" and held.crossed:
        one_class = [held.folds[f] for r, f in held.places if len(np.unique(held.y[held.fold[:, r] == f])) == 1]
        if one_class:
            return f"folds of one class: {len(one_class)} of {len(held.places)} (first: {one_class[0]})"
    return ""
