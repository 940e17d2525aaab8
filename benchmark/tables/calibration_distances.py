"""How far the probabilities are from what was observed, and the tests of whether it is chance."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.calibration import with_recalibrated
from benchmark.tables.measure_table import measure_table
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("ici", "e50", "e90", "emax", "ece", "hosmer_lemeshow_p", "spiegelhalter_p")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe and recalibration."""
    return measure_table(
        "calibration_distances",
        "Distance from perfect calibration",
        with_recalibrated(results),
        run,
        shown=SHOWN,
        notes=["All distances are above 0 by chance alone, the more so the smaller the cohort."],
    )
