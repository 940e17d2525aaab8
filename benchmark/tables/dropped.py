"""What loading left out, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per reason and place."""
    rows = [
        (
            str(one.get("what", "")),
            str(one.get("where", "")),
            count(one.get("count")),
            str(one.get("reason", "")),
            ", ".join(map(str, one.get("examples") or ())),
        )
        for one in (run.get("cohort") or {}).get("dropped") or ()
    ]
    return listing("dropped", "Left out at loading.", ("What", "Where", "Number", "Reason", "Examples"), rows)
