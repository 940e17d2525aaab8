"""How well each recipe ranks: AUC with both intervals, a part of the curve, precision against recall."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measure_table import measure_table
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("auc", "auc_logit", "auc_pooled", "partial_auc", "pr_auc")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe; no table where no interval on the logit scale was made (several classes)."""
    estimates = results["estimates"]
    if not (estimates["measure"] == "auc_logit").any():
        return None
    return measure_table(
        "discrimination",
        "Discrimination",
        estimates,
        run,
        shown=SHOWN,
        notes=["The interval on the logit scale stays within 0 and 1, and is the better one for an AUC near 1."],
    )
