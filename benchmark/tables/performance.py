"""How well each recipe predicts, on one design and role."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.multiclass import several_classes
from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, chosen_rows, recipe_notes, recipe_table
from benchmark.tables.words import cases_words, gap_notes, interval_heading, method_notes, place_of, tried_words

MEASURES = ("auc", "accuracy", "sensitivity", "specificity", "f1", "pr_auc", "mcc")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; only the AUC shows its interval, the CSV has all measures with their intervals."""
    estimates = results["estimates"]
    if estimates.empty or several_classes(estimates):
        return None
    wide = by_recipe(estimates, run)
    size = cases_words(estimates[estimates["measure"] == "auc"])
    failed = len(results["failures"])
    titles = {measure: title_of(measure) for measure in MEASURES}
    return recipe_table(
        "performance",
        f"Performance: {place_of(estimates, run)}.",
        wide,
        run,
        headings=titles | {"auc": f"AUC ({interval_heading(estimates)})"},
        with_interval=("auc",),
        notes=[
            f"{size}." if size else "",
            *recipe_notes(wide, run),
            *method_notes(estimates, titles),
            *gap_notes(estimates, titles, run),
            tried_words(run, chosen=bool(chosen_rows(wide))),
            f"{count(failed)} fits of this design failed; see the table of failures." if failed else "",
        ],
    )
