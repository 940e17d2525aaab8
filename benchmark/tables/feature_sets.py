"""The feature sets and the blocks and families that each unites."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per feature set."""
    found = (run.get("feature_sets") or {}).items()
    rows = [
        (name, ", ".join(about.get("blocks") or ()), ", ".join(about.get("families") or ())) for name, about in found
    ]
    return listing("feature_sets", "Feature sets.", ("Feature set", "Blocks", "Families"), rows)
