"""Do the feature sets (families) differ at all: omnibus tests and their effect sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import degrees, difference, interval, p_value, statistic
from benchmark.tables.table import Table
from benchmark.tables.words import place_of, sentence

DIFFERENCE = "difference in AUC"
"""The effect size of a contrast."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test across feature sets."""
    found = results["anova"]
    if found.empty:
        return None
    columns = [column for column in ("test", "factor", "effect") if column == "test" or found[column].nunique() > 1]
    return Table(
        "families",
        f"Tests across feature sets: {place_of(found, run)}.",
        (*(column.capitalize() for column in columns), "Statistic", "df", "p", "Corrected p", "Effect size"),
        tuple(_cells(row, columns) for row in found.to_dict("records")),
        tuple(_notes(found)),
        data=found,
    )


def _notes(found: pd.DataFrame) -> list[str]:
    """``Friedman, Welch: 25 folds.``: each note once, with the tests that it is of."""
    of: dict[str, list[str]] = {}
    for test, note in found[["test", "note"]].dropna().astype(str).itertuples(index=False):
        of.setdefault(note, []).append(test)
    return [sentence(f"{', '.join(dict.fromkeys(tests))}: {note}") for note, tests in of.items() if note]


def effect_size(row: Mapping[Any, Any]) -> str:
    """``0.12 (0.01–0.25) (partial eta squared)``."""
    low, high = row.get("effect_low"), row.get("effect_high")
    digits = 3 if row["effect_size_name"] == DIFFERENCE else 2
    size = (difference if digits == 3 else interval)(row["effect_size"], low, high, digits=digits)
    name = row["effect_size_name"]
    return f"{size} ({name})" if pd.notna(row["effect_size"]) and pd.notna(name) and str(name) else size


def _cells(row: dict[Any, Any], columns: list[str]) -> tuple[str, ...]:
    df = [degrees(row[part]) for part in ("df1", "df2") if pd.notna(row[part])]
    return (
        *(str(row[column]) for column in columns),
        statistic(row["statistic"]),
        ", ".join(df) or degrees(None),
        p_value(row["p"]),
        p_value(row["p_corrected"]),
        effect_size(row),
    )
