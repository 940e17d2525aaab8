"""Who is called what: cases of each class by the class that they are called."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.order import Run, declared, in_order, sort_recipes
from benchmark.tables.rounding import part_of
from benchmark.tables.table import Table
from benchmark.tables.wide import of_chosen, recipe_cells, recipe_columns, recipe_headings
from benchmark.tables.words import NOT_ESTIMATED, place_of, sentence

MOST = 60
"""As many rows as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and true class, of the arm chosen inside if there is one."""
    every = results["confusion"]
    if not every["cases"].notna().any():
        return None
    labels = in_order(every["truth"], declared(run, "classes"))
    wide = _wide(every, labels, run)
    shown = of_chosen(wide[wide[labels].notna().all(axis=1)].reset_index(drop=True))
    printed = shown.head(MOST - MOST % len(labels))
    columns = recipe_columns(printed, run)
    leading = [recipe_cells(printed, column, run) for column in columns]
    cells = [
        [part_of(part, whole) for part, whole in zip(printed[label], printed[labels].sum(axis=1), strict=True)]
        for label in labels
    ]
    return Table(
        "confusion",
        f"Confusion matrix: {place_of(every, run)}.",
        (*recipe_headings(columns), "True class", *(f"Called {label}" for label in labels)),
        tuple(tuple(row) for row in zip(*leading, printed["truth"].astype(str), *cells, strict=True)),
        tuple(sentence(note) for note in _notes(every, len(printed) < len(wide))),
        data=every,
    )


def _wide(every: pd.DataFrame, labels: list[str], run: Run) -> pd.DataFrame:
    """One row per model and true class, in order, with a column per called class."""
    cells = every.set_index([*RECIPE, "truth", "called"])["cases"].astype(float).unstack("called")[labels].reset_index()
    by_truth = cells.iloc[cells["truth"].map(labels.index).argsort(kind="stable")]
    return sort_recipes(by_truth, run).reset_index(drop=True)


def _notes(every: pd.DataFrame, shortened: bool) -> list[str]:
    methods = every["method"].dropna().astype(str)
    said = [
        "Cases, and their share of the true class; each case counts once",
        *(f"Called: {one}" for one in methods[~methods.str.contains(NOT_ESTIMATED, regex=False)].unique()),
    ]
    return said + (["The CSV has all models"] if shortened else [])
