"""The AUC of every family in every cohort, their means, and where that of a new cohort is expected."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import MISSING, interval, number
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading, method_words

LAST = {"mean": "Mean", "prediction": "Prediction interval"}


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per cohort and one column per model, then the mean, the prediction interval and I²."""
    found = results["cohort_meta"]
    found = found[found["measure"] == "auc"]
    if found.empty:
        return None
    models = list(dict.fromkeys(found["first"]))
    texts = {
        (row["name"] if row["kind"] == "cohort" else row["kind"], row["first"]): _text(row)
        for row in found.to_dict("records")
    }
    cohorts = list(dict.fromkeys(found.loc[found["kind"] == "cohort", "name"]))
    rows = [(str(name), *(texts.get((name, model), MISSING) for model in models)) for name in cohorts]
    rows += [(title, *(texts.get((kind, model), MISSING) for model in models)) for kind, title in LAST.items()]
    i2 = found[found["kind"] == "mean"].set_index("first")["i2"].astype(float)
    rows.append(("I²", *(f"{number(100 * i2[m], digits=0)}%" if m in i2.index else MISSING for m in models)))
    return Table(
        "cohort_aucs",
        f"AUC ({interval_heading(found)}) in each cohort, and over cohorts.",
        ("Cohort", *models),
        tuple(rows),
        tuple(method_words(found[found["kind"] == "mean"])),
        frozenset({len(cohorts)}),
        found,
    )


def _text(row: Mapping[object, object]) -> str:
    ends = [float(row[name]) for name in ("estimate", "low", "high")]  # type: ignore[arg-type]
    if row["kind"] == "prediction":
        return interval(*ends).partition("(")[2].rstrip(")")
    return interval(*ends)
