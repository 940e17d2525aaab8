"""What the families of a run add to one another, and which of its models may be the best, by the joint covariance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from benchmark.estimates import ADDED_VALUE_OF_RUN, BEST_SET
from benchmark.predictions import RECIPE
from benchmark.statistics.added_value import added_value
from benchmark.statistics.best_set import best_set
from benchmark.statistics.discrimination import Discrimination, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.settings import Settings

MAX_MODELS = 100
"""More models than these are not compared with the best: the integral has as many dimensions."""


def added_value_rows(
    held: HeldOut, found: Discrimination, parts: Mapping[str, Collection[str]], settings: Settings
) -> pd.DataFrame:
    """Rows of ``ADDED_VALUE_OF_RUN`` on the AUC; none where no feature set contains another, or where ``parts``, the
    families or blocks of each feature set, are not known. p is adjusted over the questions to the models of one
    preprocessing and classifier: each such arm answers them all."""
    if not set(parts) >= {recipe[0] for recipe in held.recipes}:
        return pd.DataFrame(columns=ADDED_VALUE_OF_RUN)
    aucs, tables = found.by_measure["auc"], []
    for arm in dict.fromkeys(recipe[1:] for recipe in held.recipes):
        of_arm = [place for place, recipe in enumerate(held.recipes) if recipe[1:] == arm]
        models = replace(aucs, estimate=aucs.estimate[of_arm], contributions=aucs.contributions[:, of_arm])
        recipes = [held.recipes[place] for place in of_arm]
        tables.append(
            added_value(
                models, recipes, parts, margin=settings.margin, level=settings.level, adjustment=settings.adjustment
            )
        )
    rows = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    return rows.assign(design=held.design, role=held.role, method=aucs.method + averaged(held))[ADDED_VALUE_OF_RUN]


def best_set_rows(held: HeldOut, found: Discrimination, settings: Settings) -> pd.DataFrame:
    """Rows of ``BEST_SET`` on the AUC; none with one model, or too many."""
    aucs = found.by_measure["auc"]
    if not 1 < len(held.recipes) <= MAX_MODELS:
        return pd.DataFrame(columns=BEST_SET)
    best = best_set(aucs, level=settings.level)
    rows = pd.DataFrame(held.recipes, columns=RECIPE).assign(
        design=held.design,
        role=held.role,
        estimate=aucs.estimate,
        difference=best.difference,
        low=best.low,
        high=best.high,
        level=settings.level,
        p=best.p,
        may_be_best=best.may_be_best,
        method=f"multiple comparisons with the best, {aucs.method}{averaged(held)}",
    )
    return rows[BEST_SET]
