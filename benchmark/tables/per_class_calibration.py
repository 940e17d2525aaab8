"""Whether the probability of each class is right."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.calibration import calibration_title
from benchmark.tables.classes import class_table, of_classes
from benchmark.tables.order import Run
from benchmark.tables.table import Table
from benchmark.tables.words import gap_notes, interval_heading, method_notes, place_of

SHOWN = ("calibration_intercept", "calibration_slope", "observed_expected", "ici")
WITH_INTERVAL = SHOWN[:3]


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and class; no table of two classes."""
    found = of_classes(results["estimates"], SHOWN)
    if not found["estimate"].notna().any():
        return None
    titles = {measure: calibration_title(measure) for measure in SHOWN if measure in set(found["measure"])}
    within = f" ({interval_heading(found)})"
    return class_table(
        "per_class_calibration",
        f"Calibration of each class against the others: {place_of(found, run)}.",
        found,
        run,
        headings={name: title + (within if name in WITH_INTERVAL else "") for name, title in titles.items()},
        with_interval=WITH_INTERVAL,
        notes=[
            "Perfect calibration: intercept 0, slope 1.",
            *method_notes(found, titles),
            *gap_notes(found, titles, run),
        ],
    )
