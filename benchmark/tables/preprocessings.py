"""The steps of each preprocessing, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table, listing

MOST = 20
"""As many as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per preprocessing."""
    found = (run.get("preprocessings") or {}).items()
    every = listing(
        "preprocessings",
        "Preprocessings: steps in order, each fitted on the training rows of its fold only.",
        ("Preprocessing", "Steps"),
        [(name, " → ".join(map(str, steps or ())) or "none") for name, steps in found],
    )
    if every is None or len(every.rows) <= MOST:
        return every
    return replace(
        every,
        rows=every.rows[:MOST],
        notes=(f"Shown: the first {MOST}; the CSV has all {count(len(every.rows))}.",),
    )
