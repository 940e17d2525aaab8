"""How many cases of a new centre recalibration needs, and what it gains."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.centres import telling
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import MISSING, count, number, share
from benchmark.tables.table import Table
from benchmark.tables.wide import HEADINGS
from benchmark.tables.words import classifier_title, place_of


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model, centre and way of recalibration."""
    every = results["transfer_needed"]
    if every.empty:
        return None
    found = sort_recipes(every, run).reset_index(drop=True)
    columns, arm = telling(found, run)
    rows = tuple(
        (
            *(str(row[name]) if name == "feature_set" else classifier_title(run, str(row[name])) for name in columns),
            str(row["centre"]),
            share(row["n_events"], row["n_cases"]),
            str(row["method"]),
            count(row["n_needed"]) if pd.notna(row["n_needed"]) else f"not up to {count(row['n_most'])}",
            _change(row["brier_none"], row["brier_recalibrated"]),
            _change(row["ici_none"], row["ici_recalibrated"]),
            count(row["n_most"]),
        )
        for row in found.to_dict("records")
    )
    draws = results["transfer"]["n_draws"].dropna().unique()
    return Table(
        "calibration_transfer",
        f"Recalibration in another centre, and how many of its cases it needs: {place_of(found, run)}.",
        (*(HEADINGS[name] for name in columns), "Centre", "With the event", "Recalibration", "Cases needed",
         "Brier score", "ICI", "with cases"),
        rows,
        (
            *arm,
            "Cases needed: the fewest of the grid from which on, with so many and with all larger numbers of cases, "
            "the mean Brier score is below that of the model left alone.",
            f"Means over {count(draws[0] if len(draws) else None)} random choices of the cases that recalibrate "
            "(patients kept together); judged on all other cases of the centre. Where nothing could be fitted the "
            "model was left alone.",
            "Brier score and ICI: of the model left alone, to recalibrated with the number of cases in the last "
            "column.",
            "Closed test: the simplest of none, intercept, slope and intercept that likelihood-ratio tests at 0.05 do "
            "not reject.",
        ),
        data=every,
    )  # fmt: skip


def _change(before: float, after: float) -> str:
    return MISSING if pd.isna(before) or pd.isna(after) else f"{number(before)} to {number(after)}"
