"""The steps of each preprocessing, in their order."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per preprocessing."""
    found = (run.get("preprocessings") or {}).items()
    return listing(
        "preprocessings",
        "Preprocessings: steps in order, each fitted on the training rows of its fold only.",
        ("Preprocessing", "Steps"),
        [(name, " → ".join(map(str, steps or ())) or "none") for name, steps in found],
    )
