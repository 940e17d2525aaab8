"""Which cohorts are compared: their size, how they were validated, which arm is taken, how many models were tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, share
from benchmark.tables.table import Table
from benchmark.tables.words import design_words, method_words, sentence

SIZES = ("Cases", "Patients", "With the event")
TRIED = {"feature_sets": "Feature sets", "recipes_tried": "Recipes tried", "models_fitted": "Models fitted"}
ADDED = ("recipes_tried", "models_fitted")
"""What is summed over cohorts, beside their sizes."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per cohort, and one of all; what is the same in several cohorts is said once, below the table."""
    found = results["cohorts"]
    if found.empty:
        return None
    rows = found.to_dict("records")
    ways = [_way(row) for row in rows]
    common = [name for name in ways[0] if len(rows) > 1 and len({way[name] for way in ways}) == 1]
    own = [name for name in ways[0] if name not in common]
    cells = [
        (str(row["cohort"]), *_sizes(row), *(way[name] for name in own), *(count(row[name]) for name in TRIED))
        for row, way in zip(rows, ways, strict=True)
    ]
    sums = found[["n_cases", "n_patients", "n_events", *ADDED]].astype(float).sum(min_count=1).to_dict()
    tried = (count(sums[name]) if name in ADDED else "" for name in TRIED)
    return Table(
        "cohorts",
        "The cohorts.",
        ("Cohort", *SIZES, *own, *TRIED.values()),
        (*cells, ("All", *_sizes(sums), *("" for _ in own), *tried)),
        (*(sentence(f"{name}, in every cohort: {ways[0][name]}") for name in common), *method_words(found)),
        frozenset({len(cells)}),
        found,
    )


def _way(row: Mapping[Any, Any]) -> dict[str, str]:
    """How a cohort was validated and what of it is compared."""
    arm = dict.fromkeys(str(row[part]) for part in ("preprocessing", "classifier") if row[part])
    return {
        "Validation": design_words({"designs": {row["design"]: row}}, row["design"]),
        "Tested": str(row["role"]),
        "Arm": ", ".join(arm),
    }


def _sizes(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    return count(row["n_cases"]), count(row["n_patients"]), share(row["n_events"], row["n_cases"])
