"""Which features reached the classifier, and in how many of the fitted models of a design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run, levels, sort_recipes
from benchmark.tables.rounding import count, number
from benchmark.tables.table import Table
from benchmark.tables.words import design_words

MOST_FEATURES = 20
"""As many features per feature set and preprocessing as are printed; the CSV has all."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The most often selected features of each feature set and preprocessing."""
    frequencies = results["frequencies"]
    if frequencies.empty:
        return None
    ranked = rank(frequencies, run)
    shown = ranked.groupby(["feature_set", "preprocessing"], observed=True, sort=False).head(MOST_FEATURES)
    several = len(levels(ranked, "preprocessing", run)) > 1
    design = str(frequencies["design"].iloc[0])
    left_out = f"Shown: the first {MOST_FEATURES} of each feature set; the CSV has all {count(len(ranked))} rows."
    always = "Where no step selects, every feature is in every model."
    return Table(
        "features",
        f"Features that reached the classifier: {design} ({design_words(run, design)}).",
        ("Feature set", *(("Preprocessing",) if several else ()), "Block", "Feature", "Models", "Frequency"),
        tuple(_cells(row, several=several) for row in shown.to_dict("records")),
        (*((left_out,) if len(shown) < len(ranked) else ()), *((always,) if (ranked["frequency"] == 1).any() else ())),
        data=ranked,
    )


def rank(frequencies: pd.DataFrame, run: Run) -> pd.DataFrame:
    """The rows by feature set and preprocessing in order, then the most frequent first, ties by name."""
    by_frequency = frequencies.sort_values(
        ["frequency", "block", "feature"], ascending=[False, True, True], kind="stable"
    )
    return sort_recipes(by_frequency, run).reset_index(drop=True)


def _cells(row: dict[Any, Any], *, several: bool) -> tuple[str, ...]:
    preprocessing = [str(row["preprocessing"])] if several else []
    models = f"{count(row['n_selected'])}/{count(row['n_models'])}"
    return (
        str(row["feature_set"]),
        *preprocessing,
        str(row["block"]),
        str(row["feature"]),
        models,
        number(row["frequency"]),
    )
