"""The feature sets and the blocks and families that each unites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table, listing


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per feature set."""
    found = (run.get("feature_sets") or {}).items()
    cases = any("n_cases" in about for _, about in found)
    rows = [
        (name, ", ".join(about.get("blocks") or ()), ", ".join(about.get("families") or ()), _made(about))
        + ((count(about["n_cases"]) if "n_cases" in about else "",) if cases else ())
        for name, about in found
    ]
    header = ("Feature set", "Blocks", "Families", "Made by") + (("Cases",) if cases else ())
    return listing("feature_sets", "Feature sets.", header, rows)


def _made(about: Mapping[str, Any]) -> str:
    """How the blocks come together."""
    if "imported" in about:
        return f"elsewhere ({about['imported']})"
    return about.get("fusion") or ("one model of all its features" if len(about.get("blocks") or ()) > 1 else "")
