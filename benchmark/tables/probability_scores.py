"""The errors of the predicted probabilities in one number each: what papers call MSE, RMSE and log loss."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.calibration import with_recalibrated
from benchmark.tables.measure_table import measure_table
from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("brier", "rmse", "scaled_brier", "log_loss")
TITLES = {"brier": "MSE (Brier score)"}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe and recalibration; no table where no RMSE was estimated (several classes)."""
    found = with_recalibrated(results)
    if not (found["measure"] == "rmse").any():
        return None
    return measure_table(
        "probability_scores",
        "Errors of probabilities",
        found,
        run,
        shown=SHOWN,
        title=lambda measure: TITLES.get(measure) or title_of(measure),
        notes=["MSE, RMSE and log loss: smaller is better, and all depend on the share of events."],
    )
