"""Which cohorts are compared: their size, how they were validated, which arm is taken, how many models were tried."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, share
from benchmark.tables.table import Table
from benchmark.tables.words import design_words, method_words

TRIED = ("recipes_tried", "models_fitted")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per cohort, and one of all."""
    found = results["cohorts"]
    if found.empty:
        return None
    rows = found.to_dict("records")
    cells = [
        (
            str(row["cohort"]),
            count(row["n_cases"]),
            count(row["n_patients"]),
            share(row["n_events"], row["n_cases"]),
            f"{design_words({'designs': {row['design']: row}}, row['design'])}, {row['role']}",
            ", ".join(dict.fromkeys(str(row[part]) for part in ("preprocessing", "classifier") if row[part])),
            count(row["feature_sets"]),
            count(row["recipes_tried"]),
            count(row["models_fitted"]),
        )
        for row in rows
    ]
    sums = found[["n_cases", "n_patients", "n_events"]].sum()
    total = ("All", count(sums["n_cases"]), count(sums["n_patients"]), share(sums["n_events"], sums["n_cases"]))
    return Table(
        "cohorts",
        "The cohorts.",
        (
            "Cohort",
            "Cases",
            "Patients",
            "With the event",
            "Validation",
            "Arm",
            "Feature sets",
            "Recipes tried",
            "Models fitted",
        ),
        (*cells, (*total, "", "", "", *(count(found[name].astype(float).sum(min_count=1)) for name in TRIED))),
        tuple(method_words(found)),
        frozenset({len(cells)}),
        found,
    )
