"""What the decisions of each recipe are worth at its threshold."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measure_table import measure_table
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("threshold", "sensitivity", "specificity", "ppv", "npv", "lr_positive", "lr_negative")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe, with the threshold; the other measures of decisions are in ``decision_scores``."""
    return decision_table("decisions", "Decisions", results, run, SHOWN)


def decision_table(
    name: str, about: str, results: Mapping[str, pd.DataFrame], run: Run, shown: tuple[str, ...]
) -> Table | None:
    """A table of measures of decisions; None where no threshold was made (several classes)."""
    estimates = results["estimates"]
    thresholds = estimates.loc[estimates["measure"] == "threshold", "estimate"]
    return measure_table(name, about, estimates, run, shown=shown) if thresholds.notna().any() else None
