"""The batch variables of a harmonization audit and the cases of their levels."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import share
from benchmark.tables.table import Table


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per level; levels that are too small to be judged are named in the notes."""
    rows = [
        {"variable": name, "level": str(level), "cases": int(n)}
        for name, told in run["variables"].items()
        for level, n in told["levels"].items()
    ]
    notes = [
        f"Left out of '{name}' as too small: {', '.join(f'{level} ({n})' for level, n in told['left_out'].items())}."
        for name, told in run["variables"].items()
        if told["left_out"]
    ]
    total = {name: sum(told["levels"].values()) for name, told in run["variables"].items()}
    return Table(
        "batch_levels",
        "Batch variables and their levels.",
        ("Variable", "Level", "Cases"),
        tuple((row["variable"], row["level"], share(row["cases"], total[row["variable"]])) for row in rows),
        tuple(notes),
        data=pd.DataFrame(rows),
    )
