"""The blocks of features: one per table that was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import MISSING, count
from benchmark.tables.table import Table


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per block."""
    found = (run.get("cohort") or {}).get("blocks") or []
    if not found:
        return None
    return Table(
        "blocks",
        "Blocks of features.",
        ("Block", "Family", "Features", "Repeated readings"),
        tuple((str(b["name"]), str(b.get("family", "")), count(b.get("n_features")), _readings(b)) for b in found),
        data=pd.DataFrame(found),
    )


def _readings(block: Mapping[str, Any]) -> str:
    """``2``; one reading is not a repeated one."""
    readings = block.get("readings") or 1
    return str(readings) if not isinstance(readings, int) else MISSING if readings < 2 else count(readings)
