"""Whose tables the cohorts of a comparison are, what was asked of them, and on which terms they may be used."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing

NOTE = "Results alone are shown here: no row of a patient, no prediction, no feature of a case."


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per cohort; None if no cohort says where it comes from."""
    found = results["cohorts"]
    if not any(found["source"]):
        return None
    rows = [
        tuple(str(row[name]) for name in ("cohort", "title", "blocks", "source", "licence"))
        for row in found.to_dict("records")
    ]
    header = ("Cohort", "Question", "Features", "Source", "Licence of the tables")
    return listing("cohort_sources", "Whose tables these are.", header, rows, notes=(NOTE,))
