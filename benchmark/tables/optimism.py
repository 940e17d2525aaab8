"""Held-out against training AUC: how much of the fit was memory."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import MEASURES, title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_notes, recipe_table
from benchmark.tables.words import interval_heading, method_notes, place_of

SHOWN = ("auc", "auc_pooled", "train_auc", "optimism")
HELD_OUT = ("auc", "auc_pooled")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; no table where no recipe has a training AUC."""
    estimates = results["estimates"]
    measured = estimates[estimates["estimate"].notna() & estimates["measure"].isin(SHOWN)]
    if not measured["measure"].isin(["train_auc", "optimism"]).any():
        return None
    wide = by_recipe(measured, run)
    titles = {measure: title_of(measure) for measure in SHOWN if measure in wide.columns}
    level = interval_heading(measured)
    return recipe_table(
        "optimism",
        f"Held-out and training AUC: {place_of(measured, run)}.",
        wide,
        run,
        headings={m: f"{title} ({level})" if m in HELD_OUT else title for m, title in titles.items()},
        with_interval=HELD_OUT,
        notes=[
            *recipe_notes(wide, run),
            *method_notes(measured, {m: title for m, title in titles.items() if m != "optimism"}),
            f"Optimism: {MEASURES['optimism'].says}",
        ],
    )
