"""The effect of the batch on each feature before and after harmonization: those with the most left first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import number, percent
from benchmark.tables.table import Table

SHOWN = 20


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """Cohen's f of the first batch variable: before, and of held-out cases after each method; the CSV has all features
    and variables."""
    effects = results["effects"]
    stages = [str(stage) for stage in run["stages"]]
    judged = effects[(effects["rows"] == "held-out cases") | (effects["stage"] == stages[0])]
    place = ["variable", "block", "family", "feature"]
    wide = judged.pivot(index=place, columns="stage", values="cohens_f").reindex(columns=stages).reset_index()
    first = wide[wide["variable"] == next(iter(run["variables"]))]
    worst = first.sort_values(stages[1], ascending=False, kind="stable").head(SHOWN)
    rows = [
        (row["feature"], number(row[stages[0]], digits=2), *(_after(row, stages[0], stage) for stage in stages[1:]))
        for row in worst.to_dict("records")
    ]
    return Table(
        "batch_features",
        f"Cohen's f of '{first['variable'].iloc[0]}' by feature: the {len(rows)} with the most left by {stages[1]}.",
        ("Feature", *stages),
        tuple(rows),
        ("After: held-out cases, with the change from before. All features and variables are in the CSV.",),
        data=wide,
    )


def _after(row: Mapping[Any, Any], before: str, stage: str) -> str:
    """``0.12 (−80%)``: what is left, and by how much it is less."""
    change = row[stage] / row[before] - 1 if row[before] > 0 else float("nan")
    if pd.isna(change):
        return number(row[stage], digits=2)
    sign = "+" if change > 0 else "−"
    return f"{number(row[stage], digits=2)} ({sign}{percent(round(abs(change), 2))})"
