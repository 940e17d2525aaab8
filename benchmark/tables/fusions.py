"""Fusions and ensembles: what each part weighs, and whether the second level fits noise."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import number
from benchmark.tables.table import Table
from benchmark.tables.wide import recipe_columns, recipe_headings
from benchmark.tables.words import classifier_title, place_of

NOTES = (
    "Weight: mean over folds; a share for means and votes, the coefficient of the part's logit for stacked arms.",
    "Second level: AUC on inner predictions of the training rows, by folds that left the row out and, after the "
    "stroke, on the rows it was learned from. It overfits if the second is higher by more than 0.05.",
)


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per fused arm and part; no table without fusions."""
    found = results["fused"]
    if found.empty:
        return None
    found = sort_recipes(found, run).reset_index(drop=True)
    columns = recipe_columns(found, run)
    rows = [
        (
            *(name if column == "feature_set" else classifier_title(run, name) for column, name in names.items()),
            classifier_title(run, row["part"]),
            number(row["weight"]),
            number(row["part_auc"]),
            number(row["auc"]),
            f"{number(row['inner_auc'])} / {number(row['apparent_auc'])}",
            row["verdict"],
        )
        for row, names in zip(found.to_dict("records"), found[columns].astype(str).to_dict("records"), strict=True)
    ]
    header = (*recipe_headings(columns), "Part", "Weight", "AUC of the part", "AUC", "Second level", "")
    return Table("fusions", f"Fusions: {place_of(found, run)}.", header, tuple(rows), NOTES, data=found)
