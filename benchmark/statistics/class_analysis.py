"""Everything that is estimated of an outcome of several classes, of one design and role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from benchmark.errors import ConfigError
from benchmark.estimates import of_class
from benchmark.statistics.class_discrimination import discriminate_classes, main_measure
from benchmark.statistics.class_estimates import class_optimism, estimates_by_class, overall_estimates
from benchmark.statistics.class_view import class_views
from benchmark.statistics.confusions import class_confusion
from benchmark.statistics.curves import model_curves
from benchmark.statistics.discrimination import fold_scores
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.model_comparisons import Parts, compare_models
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import NOTHING_TRAINED, PerModel

OF_FOLD_AUCS = ("corrected resampled t", "correlated bayes", "5x2cv f")
"""Tests that take the folds' AUCs, of two classes or of several."""


def several_classes(
    run: Mapping[str, Any], held: HeldOut, training_aucs: PerModel, settings: Settings, parts: Parts
) -> None:
    """Adds to ``parts`` the estimates, curves and matrices, and the comparisons by the macro AUC."""
    found = discriminate_classes(held)
    parts["estimates"] += [
        *overall_estimates(held, found, settings),
        *estimates_by_class(held, settings),
        *class_optimism(held, training_aucs, found.by_measure["auc"].estimate, settings),
    ]
    parts["confusion"].append(class_confusion(held))
    parts["curves"].append(_curves_by_class(held, settings))
    parts["fold_scores"].append(fold_scores(held, found.fold_auc))
    over_folds = replace(settings, tests=tuple(test for test in settings.tests if test in OF_FOLD_AUCS))
    compare_models(run, held, found, NOTHING_TRAINED, over_folds, parts, main=main_measure(found))


def check_class_tests(settings: Settings) -> None:
    """``ConfigError`` for a test of two classes where there are several and no contrast."""
    for test in settings.tests:
        if test not in OF_FOLD_AUCS and settings.class_contrast is None:
            raise ConfigError(
                f"test '{test}' is of two classes: name a contrast, {{contrast: {{positive: [...], negative: [...]}}}}",
                path=("statistics", "tests"),
            )


def _curves_by_class(held: HeldOut, settings: Settings) -> pd.DataFrame:
    tables = []
    for label, view in class_views(held).items():
        own = model_curves(view, settings)
        tables.append(own.assign(curve=[of_class(curve, label) for curve in own["curve"]]))
    return pd.concat(tables, ignore_index=True)
