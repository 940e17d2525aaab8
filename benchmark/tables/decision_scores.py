"""The decisions of each recipe in one number: several of them, because each hides something else."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.decisions import decision_table
from benchmark.tables.order import Run
from benchmark.tables.table import Table

SHOWN = ("accuracy", "balanced_accuracy", "f1", "mcc", "kappa")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe."""
    return decision_table("decision_scores", "Decisions in one number", results, run, SHOWN)
