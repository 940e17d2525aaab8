"""Whether the probabilities are right: intercept, slope, O/E and Brier scores of each recipe."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measure_table import measure_table
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("calibration_intercept", "calibration_slope", "observed_expected", "brier", "scaled_brier")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe and recalibration; no table where nothing of it was estimated (several classes)."""
    return measure_table(
        "calibration",
        "Calibration",
        with_recalibrated(results),
        run,
        shown=SHOWN,
        title=calibration_title,
        notes=["Perfect calibration: intercept 0, slope 1, O/E 1. Brier score: smaller is better."],
    )


def with_recalibrated(results: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The estimates, and below them those of recalibrated probabilities if there are any."""
    again = results["recalibrated"]
    return results["estimates"] if again.empty else pd.concat([results["estimates"].assign(recalibration=""), again])


def calibration_title(measure: str) -> str:
    """The title of a measure below a heading that says calibration."""
    title = title_of(measure).removeprefix("Calibration ")
    return title[0].upper() + title[1:]
