"""All statistics of a run: the tables at the waist in, the tidy tables of results out. Nothing is fitted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, DataError, unknown
from benchmark.estimates import ADDED_VALUE_OF_RUN, BEST_SET, COMPARISONS, CURVES, ESTIMATES, FOLD_SCORES, FURTHER_TESTS
from benchmark.statistics.calibration_estimates import calibration_estimates
from benchmark.statistics.curves import curves
from benchmark.statistics.discrimination import (
    OUT_OF_FOLD,
    Discrimination,
    auc_comparisons,
    auc_estimates,
    averaged,
    discriminate,
    fold_scores,
    macro_aucs,
    macro_fold_aucs,
)
from benchmark.statistics.feature_sets import anova_table, compare_feature_sets, posthoc_table
from benchmark.statistics.further_tests import check_tests, further_tests
from benchmark.statistics.held_out import HeldOut, arrange
from benchmark.statistics.model_choice import added_value_rows, best_set_rows
from benchmark.statistics.performance import decision_estimates, optimism_estimates, score_estimates
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.rows import estimate_rows, no_interval
from benchmark.statistics.selection_frequency import selection_frequency
from benchmark.statistics.settings import Settings, settings_of
from benchmark.statistics.training import Trained, trained_of

TABLES = {
    "estimates": ESTIMATES,
    "comparisons": COMPARISONS,
    "added_value": ADDED_VALUE_OF_RUN,
    "best_set": BEST_SET,
    "further_tests": FURTHER_TESTS,
    "curves": CURVES,
    "fold_scores": FOLD_SCORES,
}
"""The tables that are put together from parts, one or several per design and role."""

Parts = dict[str, list[pd.DataFrame]]


def analyse(
    run: Mapping[str, Any],
    predictions: pd.DataFrame,
    training_predictions: pd.DataFrame,
    selections: pd.DataFrame,
    failures: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables ``estimates``, ``comparisons``, ``added_value``, ``best_set``, ``further_tests``, ``anova``,
    ``posthoc``, ``curves``, ``frequencies`` and ``fold_scores``, with the columns of ``benchmark.estimates``.

    ``run`` is what ``run.json`` says: ``classes`` (the positive one of two last), ``statistics`` and the families of
    ``feature_sets`` are read here; the
    other tables are those of ``benchmark.predictions``. With more than two classes only AUCs are estimated, macro
    one-vs-rest and without an interval. ``DataError`` if a table breaks its promises, ``ConfigError`` for a reference
    that does not exist.
    """
    classes = _classes(run)
    settings = settings_of(run.get("statistics") or {})
    every = arrange(predictions, classes, failures)
    _check_reference(settings.reference, every)
    check_tests(settings.tests, run.get("designs") or {})
    parts: Parts = {name: [] for name in TABLES}
    tests: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    trained = trained_of(training_predictions, classes[-1], settings.rule) if len(classes) == 2 else None
    for held in every:
        if trained is None:
            _multiclass(held, settings, parts)
            continue
        found = discriminate(held)
        _binary(held, found, trained, settings, parts)
        parts["added_value"].append(added_value_rows(held, found, _parts_of_sets(run), settings))
        parts["best_set"].append(best_set_rows(held, found, settings))
        about = (run.get("designs") or {}).get(held.design) or {}
        parts["further_tests"].append(further_tests(held, found, trained, about, settings))
        over, after = compare_feature_sets(held, found, settings)
        tests += over
        pairs += after
    return {
        **{name: _together(tables, TABLES[name]) for name, tables in parts.items()},
        "anova": anova_table(tests),
        "posthoc": posthoc_table(pairs),
        "frequencies": selection_frequency(selections),
    }


def _binary(held: HeldOut, found: Discrimination, trained: Trained, settings: Settings, parts: Parts) -> None:
    auc = found.by_measure["auc"].estimate
    parts["estimates"] += [
        *auc_estimates(held, found, settings),
        *score_estimates(held, settings),
        *decision_estimates(held, trained, settings),
        *calibration_estimates(held, settings),
        *optimism_estimates(held, trained, auc, settings),
    ]
    parts["comparisons"] += auc_comparisons(held, found, settings)
    parts["curves"].append(curves(held, settings))
    parts["fold_scores"].append(fold_scores(held, found.fold_auc))


def _multiclass(held: HeldOut, settings: Settings, parts: Parts) -> None:
    folds = macro_fold_aucs(held)
    pooled = macro_aucs(held.y, average_over_repeats(held.scores, held.fold))
    by_measure = {"auc": pooled}
    if held.role == OUT_OF_FOLD:
        by_measure = {"auc": np.mean([folds[place] for place in held.places], axis=0), "auc_pooled": pooled}
    for measure, values in by_measure.items():
        parts["estimates"].append(
            estimate_rows(
                held,
                measure,
                no_interval(values),
                level=settings.level,
                method=f"macro one-vs-rest{averaged(held)}",
                undefined="a set without one of the classes",
            )
        )
    parts["fold_scores"].append(fold_scores(held, folds))


def _parts_of_sets(run: Mapping[str, Any]) -> dict[str, list[str]]:
    """The blocks of each feature set."""
    return {name: list(about.get("blocks") or ()) for name, about in (run.get("feature_sets") or {}).items()}


def _classes(run: Mapping[str, Any]) -> list[str]:
    classes = [str(label) for label in run["classes"]]
    positive = run.get("positive")
    if len(classes) == 2 and positive is not None and str(positive) != classes[-1]:
        raise DataError(f"run: the positive class '{positive}' is not the last of the classes {', '.join(classes)}")
    return classes


def _check_reference(reference: str | None, every: list[HeldOut]) -> None:
    known = dict.fromkeys(recipe[0] for held in every for recipe in held.recipes)
    labels = {label for held in every for label in held.labels}
    if reference is not None and every and reference not in known and reference not in labels:
        raise ConfigError(unknown("reference", reference, [*known, *sorted(labels)]), path=("statistics", "reference"))


def _together(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
