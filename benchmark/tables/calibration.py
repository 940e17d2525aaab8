"""Whether the probabilities are right: calibration intercept, slope and Brier score of each recipe."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_notes, recipe_table
from benchmark.tables.words import gap_notes, interval_heading, method_notes, place_of

SHOWN = ("calibration_intercept", "calibration_slope", "brier")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; no table where nothing of it was estimated (several classes)."""
    estimates = results["estimates"]
    measured = estimates[estimates["measure"].isin(SHOWN)]
    if not measured["estimate"].notna().any():
        return None
    wide = by_recipe(measured, run)
    titles = {measure: title_of(measure).removeprefix("Calibration ").capitalize() for measure in SHOWN}
    return recipe_table(
        "calibration",
        f"Calibration: {place_of(measured, run)}.",
        wide,
        run,
        headings={measure: f"{title} ({interval_heading(measured)})" for measure, title in titles.items()},
        with_interval=SHOWN,
        notes=[
            "Perfect calibration: intercept 0, slope 1.",
            *recipe_notes(wide, run),
            *method_notes(measured, titles),
            *gap_notes(measured, titles, run),
        ],
    )
