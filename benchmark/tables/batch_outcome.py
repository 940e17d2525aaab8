"""Outcome by batch: whether a harmonization would take the outcome out with the batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, degrees, number, p_value, share, statistic
from benchmark.tables.table import Table


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per level of each batch variable; None without an outcome."""
    found = results.get("outcome_by_batch", pd.DataFrame())
    if not len(found):
        return None
    classes = [column for column in found.columns if column not in ("variable", "level")]
    rows = []
    for row in found.to_dict("records"):
        n = sum(row[name] for name in classes)
        rows.append((str(row["variable"]), str(row["level"]), count(n), *(share(row[name], n) for name in classes)))
    return Table(
        "batch_outcome",
        "Outcome by batch.",
        ("Variable", "Level", "Cases", *(f"Outcome {name}" for name in classes)),
        tuple(rows),
        tuple(_note(row) for row in results["confounding"].to_dict("records")),
        data=found,
    )


def _note(row: Mapping[Any, Any]) -> str:
    told = (
        f"{row['variable']}: chi-square {statistic(row['chi2'])} on {degrees(row['df'])} degrees of freedom, p "
        f"{p_value(row['p'])}, Cramer's V {number(row['v'], digits=2)}."
    )
    warning = (
        " Warning: batch and outcome are confounded. Harmonization may remove what the outcome does to the features "
        "with the batch, and a model may tell the outcome by telling the batch."
    )
    return told + (warning if row["confounded"] else "")
