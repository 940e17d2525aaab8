"""What the folders of a comparison hold and it does not use, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per cohort and feature set."""
    rows = [tuple(map(str, row)) for row in results["not_compared"].itertuples(index=False, name=None)]
    return listing("not_compared", "What was not compared.", ("Cohort", "What", "Reason"), rows)
