"""Which models are shown to be equally good, or not worse by what matters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.comparison import recipes_of, title
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, difference, number, p_value, percent, signed
from benchmark.tables.table import Table
from benchmark.tables.words import ADJUSTMENTS, interval_heading, place_of, sentence

MOST = 45
"""As many pairs as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair of models, the smallest p of equivalence first where they are too many to print."""
    every = results["equivalence"]
    if every.empty:
        return None
    recipes = recipes_of(results, run)
    shown = every if len(every) <= MOST else every.sort_values("p_equivalence", kind="stable").head(MOST)
    rows = [
        (
            title(recipes, str(row["first"]), run),
            title(recipes, str(row["second"]), run),
            difference(row["difference"], row["low"], row["high"]),
            p_value(row["p_equivalence"]),
            p_value(row["p_equivalence_adjusted"]),
            signed(row["low_non_inferiority"]),
            p_value(row["p_non_inferiority"]),
            str(row["verdict"]),
        )
        for row in shown.to_dict("records")
    ]
    return Table(
        "equivalence",
        f"Equivalence and non-inferiority: {place_of(every, run)}.",
        ("Model", "Against", f"Difference in AUC ({interval_heading(every)})", "p of equivalence", "Adjusted p",
         "Lower limit", "p of non-inferiority", "Verdict"),
        tuple(rows),
        tuple(sentence(note) for note in _notes(every, len(shown))),
        data=every,
    )  # fmt: skip


def _notes(every: pd.DataFrame, n_shown: int) -> list[str]:
    first: dict[Any, Any] = every.iloc[0].to_dict()
    alpha, margin = (1 - first["level"]) / 2, number(first["margin"], digits=2)
    way = ADJUSTMENTS.get(str(first["adjustment"]), str(first["adjustment"]))
    notes = [
        f"Equivalent: the adjusted p of two one-sided tests is below {percent(alpha)}, so the difference is shown to "
        f"be smaller than {margin}, and its interval lies within ±{margin}",
        f"Not inferior: the model is shown not to be worse by {margin}, at a one-sided {percent(alpha / 2)}; the lower "
        "limit is of that level",
        "Open: the cohort is too small to say. That a difference is not significant shows neither",
        f"p of equivalence adjusted over {count(every['p_equivalence'].notna().sum())} pairs: {way}",
        *map(str, every["method"].dropna().unique()),
    ]
    if n_shown < len(every):
        notes.append(f"Shown: the {n_shown} pairs with the smallest p of {count(len(every))}; the CSV has all of them")
    return notes
