"""What does a family add to another: difference in AUC, interval, p, adjusted p, equivalence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, difference, number, p_value
from benchmark.tables.table import Table
from benchmark.tables.wide import of_chosen
from benchmark.tables.words import ADJUSTMENTS, classifier_title, interval_heading, place_of, sentence


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per question: of the arm chosen inside if there is one, else of every model."""
    every = results["added_value"]
    if every.empty:
        return None
    found = of_chosen(every)
    several = found[["preprocessing", "classifier"]].drop_duplicates().shape[0] > 1
    models = ("Preprocessing", "Classifier") if several else ()
    ways = bool(found.duplicated(["base", "added", "preprocessing", "classifier"]).any())
    joined = ("by",) if ways else ()
    return Table(
        "added_value",
        f"What a family adds to others: {place_of(found, run)}.",
        ("To", "is added", *joined, *models, f"Difference in AUC ({interval_heading(found)})", "p", "Adjusted p",
         "p of equivalence", "Verdict"),
        tuple(_cells(row, run, several, joined=ways) for row in found.to_dict("records")),
        tuple(_notes(found, every)),
        data=every,
    )  # fmt: skip


def _cells(row: dict[Any, Any], run: Run, several: bool, *, joined: bool) -> tuple[str, ...]:
    """``joined``: with the feature set that has both, as several have the same families."""
    names = (str(row["preprocessing"]), classifier_title(run, str(row["classifier"]))) if several else ()
    return (
        str(row["base"]),
        str(row["added"]),
        *((str(row["together"]),) if joined else ()),
        *names,
        difference(row["difference"], row["low"], row["high"]),
        *(p_value(row[name]) for name in ("p", "p_adjusted", "p_equivalence_adjusted")),
        str(row["verdict"]),
    )


def _notes(found: pd.DataFrame, every: pd.DataFrame) -> list[str]:
    margins = found["margin"].dropna().unique()
    within = (
        f"Equivalent: the difference is shown to be smaller than {number(margins[0], digits=2)}" if len(margins) else ""
    )
    questions = len(found[["base", "together"]].drop_duplicates())
    ways = [ADJUSTMENTS.get(str(way), str(way)) for way in every["adjustment"].dropna().unique()]
    return [
        sentence(text)
        for text in (
            within and f"{within}; open: the cohort is too small to say",
            f"p and p of equivalence adjusted over {count(questions)} questions: {', '.join(ways)}" if ways else "",
            *(str(method) for method in found["method"].dropna().unique()),
        )
        if text
    ]
