"""Mean and SD over folds and repeats, for comparison with papers that print them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables import rounding
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.table import Table
from benchmark.tables.wide import chosen_rows, recipe_cells, recipe_columns, recipe_headings
from benchmark.tables.words import place_of

NUMBERS = ["mean", "sd", "lowest", "highest"]
NOTES = (
    "Mean ± SD (lowest–highest). Over folds: of the held-out rows of each fold, all repeats together. Over repeats: "
    "one value per repeat, of AUCs the mean over its folds, of decisions the share of all its cases.",
    "An SD over folds or repeats is no standard error, and no interval can be made of it: folds share training rows, "
    "and repeats share their cases. The intervals are those of the table Performance.",
)
THRESHOLD = "Sensitivity, specificity and accuracy: at the threshold that each model was given on its training rows."


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe and what it varies over; no table where there is one fold of one repeat."""
    found = results["spread"]
    if not found["mean"].notna().any():
        return None
    found = sort_recipes(found, run).reset_index(drop=True)
    titles = {measure: title_of(measure) for measure in dict.fromkeys(found["measure"])}
    texts = [rounding.spread(*numbers) for numbers in found[NUMBERS].to_numpy(float)]
    told = found[RECIPE].assign(
        over=[f"{rounding.count(n)} {over}" for n, over in zip(found["n"], found["over"], strict=True)]
    )
    by_row: dict[tuple[str, ...], dict[str, str]] = {}
    for key, measure, text in zip(told.itertuples(index=False, name=None), found["measure"], texts, strict=True):
        by_row.setdefault(key, {})[measure] = text
    wide = told.drop_duplicates().reset_index(drop=True)
    columns = recipe_columns(wide, run)
    names = [*(recipe_cells(wide, column, run) for column in columns), wide["over"]]
    cells = [[row.get(measure, rounding.MISSING) for row in by_row.values()] for measure in titles]
    return Table(
        "spread",
        f"Spread over folds and repeats: {place_of(found, run)}.",
        (*recipe_headings(columns), "Over", *titles.values()),
        tuple(zip(*names, *cells, strict=True)),
        (*NOTES, *([THRESHOLD] if len(titles) > 1 else [])),
        chosen_rows(wide),
        found,
    )
