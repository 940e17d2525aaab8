"""How cases were held out, by design."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing
from benchmark.tables.words import design_words


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per design."""
    rows = [(name, design_words(run, name)) for name in run.get("designs") or {}]
    return listing("designs", "Designs.", ("Design", "How cases were held out"), rows)
