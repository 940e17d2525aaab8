"""How much each feature moves the predictions of tested cases, by SHAP values."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, number, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.wide import recipe_columns, recipe_headings
from benchmark.tables.words import classifier_title, design_words

MOST = 5
"""Features shown of each model and class."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The features with the largest mean |SHAP| of each explained model and class."""
    every = results["attributed"]
    if every.empty:
        return None
    arm = ["feature_set", "preprocessing", "classifier", "class"]
    found = sort_recipes(every.groupby(arm, sort=False).head(MOST), run).reset_index(drop=True)
    columns, classes = recipe_columns(found, run), found["class"].nunique() > 1
    rows = [
        (
            *(name if column == "feature_set" else classifier_title(run, name) for column, name in names.items()),
            *((str(row["class"]),) if classes else ()),
            str(row["feature"]),
            str(row["block"]),
            number(row["mean_abs"]),
            whole_percent(row["share"]),
            count(row["n_models"]),
        )
        for row, names in zip(found.to_dict("records"), found[columns].astype(str).to_dict("records"), strict=True)
    ]
    header = (
        *recipe_headings(columns),
        *(("Class",) if classes else ()),
        "Feature",
        "Block",
        "Mean |SHAP|",
        "Share",
        "Models",
    )
    words = design_words(run, str(every["design"].iloc[0]))
    return Table(
        "attributions",
        f"What moves the predictions of tested cases: {words}.",
        header,
        tuple(rows),
        _notes(every),
        data=every,
    )


def _notes(every: pd.DataFrame) -> tuple[str, ...]:
    scales = ", ".join(sorted(map(str, every["scale"].unique())))
    return (
        f"Mean |SHAP|: over tested cases, each explained by models that did not train on it; scale: {scales}.",
        "Share: of the sum over all features of the model. Models: folds and repeats whose model has the feature.",
        f"The {MOST} largest of each model; the CSV has all.",
    )
