"""Differences between pairs of models."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE
from benchmark.tables.comparison import (
    difference_cells,
    headings,
    notes,
    of_main_measure,
    of_question,
    recipes_of,
    title,
)
from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table
from benchmark.tables.wide import chosen_rows
from benchmark.tables.words import place_of

MOST = 45
"""As many pairs as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """All pairs if they are few, else the pairs of chosen-inside arms, else (no such arm) those with the smallest p."""
    every = of_question(results["comparisons"], "all pairs")
    if every.empty:
        return None
    recipes, found = recipes_of(results, run), of_main_measure(every)
    shown, which = _fit_for_print(found, recipes.index[sorted(chosen_rows(recipes))])
    sides = [[title(recipes, str(label), run) for label in shown[side]] for side in ("first", "second")]
    return Table(
        "pairs",
        f"Differences between pairs of models: {place_of(found, run)}.",
        ("First", "Second", *headings(found)),
        tuple((*models, *cells) for *models, cells in zip(*sides, difference_cells(shown), strict=True)),
        (*which, *notes(found, every, "first minus second")),
        data=every,
    )


def _fit_for_print(found: pd.DataFrame, chosen: pd.Index) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The pairs to print, and a sentence if that is not all of them. ``chosen``: labels of the chosen-inside arms."""
    if len(found) <= MOST:
        return found, ()
    both = found["first"].astype(str).isin(chosen) & found["second"].astype(str).isin(chosen)
    of_all = f"of {count(len(found))}; the CSV has all of them."
    if 0 < both.sum() <= MOST:
        return found[both], (f"Shown: the {count(both.sum())} pairs of '{CHOSEN_INSIDE}' arms {of_all}",)
    smallest = found.sort_values(["p_adjusted", "p"], kind="stable").head(MOST)
    return smallest, (f"Shown: the {MOST} pairs with the smallest p {of_all}",)
