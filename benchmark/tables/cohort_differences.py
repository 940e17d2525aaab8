"""The difference in AUC of each pair of families in each cohort."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import difference, number
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading

LAST = {"mean": "Mean", "prediction": "Prediction"}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair and cohort, then their mean and the prediction interval."""
    found = results["cohort_meta"]
    found = found[found["measure"] == "difference"]
    if found.empty:
        return None
    rows = tuple(
        (
            f"{row['first']} minus {row['second']}",
            LAST.get(row["kind"], str(row["name"])),
            difference(row["estimate"], row["low"], row["high"]),
            f"{number(100 * row['weight'], digits=1)}%" if pd.notna(row["weight"]) else number(None),
        )
        for row in found.to_dict("records")
    )
    return Table(
        "cohort_differences",
        "Difference in AUC in each cohort.",
        ("Difference", "Cohort", f"Difference in AUC ({interval_heading(found)})", "Weight"),
        rows,
        ("Weight: the cohort's share of the mean. The bracket behind Prediction is where a new cohort is expected.",),
        frozenset(place for place, kind in enumerate(found["kind"]) if kind == "mean"),
        found,
    )
