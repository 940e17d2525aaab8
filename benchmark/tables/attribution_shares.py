"""What share of the movement of predictions comes from each block of features."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, number, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.wide import recipe_columns, recipe_headings
from benchmark.tables.words import classifier_title, design_words


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """A row per model, class and block; models of one block have no shares to tell and are left out."""
    every = results["attribution_shares"]
    arm = ["feature_set", "preprocessing", "classifier", "class"]
    several = every[every.groupby(arm, sort=False)["block"].transform("size") > 1] if len(every) else every
    if several.empty:
        return None
    found = sort_recipes(several, run).reset_index(drop=True)
    columns, classes = recipe_columns(found, run), found["class"].nunique() > 1
    rows = tuple(
        (
            *(str(row[name]) if name == "feature_set" else classifier_title(run, str(row[name])) for name in columns),
            *((str(row["class"]),) if classes else ()),
            str(row["block"]),
            str(row["family"]),
            count(row["n_features"]),
            number(row["size"]),
            whole_percent(row["share"]),
        )
        for row in found.to_dict("records")
    )
    return Table(
        "attribution_shares",
        f"Where the predictions of tested cases come from: {design_words(run, str(every['design'].iloc[0]))}.",
        (*recipe_headings(columns), *(("Class",) if classes else ()), "Block", "Family", "Features", "Sum", "Share"),
        rows,
        (
            "Sum: of the mean |SHAP| over the features of the block that reached any model; share: of all blocks.",
            "Correlated blocks divide what either could give alone: what a block adds is told by the comparisons.",
        ),
        data=found,
    )
