"""Features of one block against features of another: the pairs with the smallest p."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, p_value, signed
from benchmark.tables.table import Table
from benchmark.tables.words import ADJUSTMENTS

SHOWN = 20
SIGNIFICANCE = 0.05


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """Of one question; the CSV has all pairs."""
    found = results["associations"]
    if found.empty:
        return None
    ranked = found.sort_values("p", kind="stable").reset_index(drop=True)
    shown = ranked.head(SHOWN)
    below = int((found["p_adjusted"] < SIGNIFICANCE).sum())
    grouped = bool((shown["test"] != "").any())
    adjustment = ADJUSTMENTS.get(str(found["adjustment"].iloc[0]), "")
    by = f"adjusted over all pairs by {adjustment}" if adjustment else "not adjusted"
    tested = ("Test", "Groups") if grouped else ()
    return Table(
        "associations",
        f"{found['question'].iloc[0]}: the {count(len(shown))} pairs with the smallest p of {count(len(found))}.",
        ("Feature", "With", "Measure", "Estimate", *tested, "Cases", "p", "Adjusted p"),
        tuple(_row(row, grouped=grouped) for row in shown.to_dict("records")),
        (
            f"{count(below)} of {count(found['p'].notna().sum())} pairs have p < {SIGNIFICANCE}, {by}.",
            "All cases, values as they were read, each pair over the cases that have both. This describes: no model "
            "learned from it.",
            *_cautions(run),
        ),
        data=ranked,
    )


def _row(row: Mapping[Any, Any], *, grouped: bool) -> tuple[str, ...]:
    return (
        str(row["feature"]),
        str(row["other_feature"]),
        str(row["measure"]),
        signed(row["estimate"]),
        *((str(row["test"]), str(row["contrast"])) if grouped else ()),
        count(row["n_cases"]),
        p_value(row["p"]),
        p_value(row["p_adjusted"]),
    )


def _cautions(run: Run) -> tuple[str, ...]:
    about = run.get("cohort") or {}
    if about.get("n_cases") == about.get("n_patients"):
        return ()
    return ("p takes cases for independent, and is too small: patients own several.",)
