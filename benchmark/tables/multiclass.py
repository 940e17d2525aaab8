"""How well each recipe predicts an outcome of several classes, on one design and role."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, chosen_rows, recipe_notes, recipe_table
from benchmark.tables.words import cases_words, gap_notes, interval_heading, method_notes, place_of, tried_words

SHOWN = (
    "auc", "auc_pooled", "hand_till", "accuracy", "balanced_accuracy", "f1_macro", "kappa", "kappa_quadratic", "mcc",
    "scaled_brier_multiclass",
)  # fmt: skip
WITH_INTERVAL = ("auc", "auc_pooled", "hand_till")
OF_SEVERAL = "scaled_brier_multiclass"
"""A measure that only an outcome of several classes has."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; the AUCs over all classes show their intervals, the CSV has all measures with theirs."""
    estimates = results["estimates"]
    if not several_classes(estimates):
        return None
    wide = by_recipe(estimates, run)
    shown = [measure for measure in SHOWN if measure in wide.columns]
    titles = {measure: title_of(measure) for measure in shown} | {"auc": "Macro AUC"}
    size = cases_words(estimates[estimates["measure"] == "auc"])
    within = f" ({interval_heading(estimates)})"
    return recipe_table(
        "multiclass",
        f"Performance over all classes: {place_of(estimates, run)}.",
        wide,
        run,
        headings={name: title + (within if name in WITH_INTERVAL else "") for name, title in titles.items()},
        with_interval=WITH_INTERVAL,
        notes=[
            f"{size}." if size else "",
            "Macro AUC: the mean of the AUCs of each class against the others.",
            *recipe_notes(wide, run),
            *method_notes(estimates, titles),
            *gap_notes(estimates, titles, run),
            tried_words(run, chosen=bool(chosen_rows(wide))),
        ],
    )


def several_classes(estimates: pd.DataFrame) -> bool:
    """Whether the estimates are of an outcome of several classes."""
    return bool((estimates["measure"] == OF_SEVERAL).any())
