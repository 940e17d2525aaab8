"""Which feature sets (families) differ from which: the pairs after an omnibus test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.families import effect_size
from benchmark.tables.order import Run
from benchmark.tables.rounding import difference, p_value
from benchmark.tables.table import Table
from benchmark.tables.words import place_of


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test and pair of feature sets."""
    found = results["posthoc"]
    if found.empty:
        return None
    tests = list(dict.fromkeys(str(test) for test in found["test"]))
    leading = {"test": "Test", "factor": "Factor"}
    columns = [column for column in leading if found[column].nunique() > 1]
    heading = "Difference (CI)" if found["low"].notna().any() else "Difference"
    return Table(
        "families_posthoc",
        f"Pairs of feature sets after the tests across them: {place_of(found, run)}.",
        (*(leading[column] for column in columns), "First", "Second", heading, "p", "Adjusted p", "Effect size"),
        tuple(_cells(row, columns) for row in found.to_dict("records")),
        (
            f"Test: {', '.join(tests)}.",
            "Difference: first minus second. The notes of the tests across feature sets hold here too.",
        ),
        data=found,
    )


def _cells(row: dict[Any, Any], columns: list[str]) -> tuple[str, ...]:
    return (
        *(str(row[column]) for column in (*columns, "first", "second")),
        difference(row["difference"], row["low"], row["high"]),
        p_value(row["p"]),
        p_value(row["p_adjusted"]),
        effect_size(row),
    )
