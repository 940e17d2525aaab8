"""How reliable the features of each block are over repeated readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, number, percent, share
from benchmark.tables.table import Table

BANDS = ("poor", "moderate", "good", "excellent")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per block of ``run["reliability"]``; None without repeated readings."""
    found = pd.DataFrame(run.get("reliability") or [])
    if not len(found):
        return None
    level = percent(float(found["level"].iloc[0]))
    return Table(
        "reliability",
        f"Reliability of the features over repeated readings: {found['form'].iloc[0]}.",
        (
            "Block",
            "Family",
            "Subjects",
            "Readings",
            "Features",
            "Median ICC",
            *map(str.capitalize, BANDS),
            "Not computable",
        ),
        tuple(_row(row) for row in found.to_dict("records")),
        (
            "Poor < 0.5, moderate < 0.75, good ≤ 0.9, excellent > 0.9 (Koo and Li 2016), by the estimate; in brackets "
            f"by the lower limit of its {level} interval.",
            "Of all readings that there are: this describes the extraction. A filter inside the folds sees the "
            "readings of training patients alone"
            + (", or those of a separate study." if found["external"].any() else "."),
        ),
        data=found,
    )


def _row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    bands = [f"{count(row[name])} ({count(row[f'{name} (lower limit)'])})" for name in BANDS]
    where = f"{row['block']} (separate study)" if row["external"] else str(row["block"])
    return (
        where,
        str(row.get("family", row["block"])),
        count(row["n_subjects"]),
        count(row["n_readings"]),
        count(row["n_features"]),
        number(row["median"], digits=2),
        *bands,
        share(row["not computable"], row["n_features"]) if row["not computable"] else "0",
    )
