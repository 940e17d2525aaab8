"""Whether the probabilities are right: intercept, slope, Brier score, O/E and distances of each recipe."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.wide import by_recipe, recipe_notes, recipe_table
from benchmark.tables.words import gap_notes, interval_heading, method_notes, place_of

SHOWN = ("calibration_intercept", "calibration_slope", "brier", "observed_expected", "ici", "e90", "hosmer_lemeshow_p")
WITH_INTERVAL = ("calibration_intercept", "calibration_slope", "observed_expected")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; no table where nothing of it was estimated (several classes)."""
    estimates = results["estimates"]
    measured = estimates[estimates["measure"].isin(SHOWN)]
    if not measured["estimate"].notna().any():
        return None
    wide = by_recipe(measured, run)
    shown = [measure for measure in SHOWN if measure in set(measured["measure"])]
    titles = {measure: _title(measure) for measure in shown}
    within = f" ({interval_heading(measured)})"
    return recipe_table(
        "calibration",
        f"Calibration: {place_of(measured, run)}.",
        wide,
        run,
        headings={name: title + (within if name in WITH_INTERVAL else "") for name, title in titles.items()},
        with_interval=WITH_INTERVAL,
        notes=[
            "Perfect calibration: intercept 0, slope 1.",
            *recipe_notes(wide, run),
            *method_notes(measured, titles),
            *gap_notes(measured, titles, run),
        ],
    )


def _title(measure: str) -> str:
    title = title_of(measure).removeprefix("Calibration ")
    return title[0].upper() + title[1:]
