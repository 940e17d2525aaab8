"""The points of a nomogram: of each value of each feature, and the probability at each total."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.predictions import ALL_CASES, RECIPE
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, number, tick
from benchmark.tables.table import Table
from benchmark.tables.words import design_words, level_words, model_title, words_of_features

SHOWN = ("feature", "total")
WEIGHTED = "Classes weighed alike in training: the probabilities are those of as many cases with the event as without."


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The ticks of the axes of features, and of the axis of totals."""
    every = results["nomogram"]
    rows = every[every["axis"].isin(SHOWN) & every["points"].notna()].to_dict("records")
    if not rows:
        return None
    first = every.iloc[0]
    names = words_of_features((row["block"], row["feature"], row["unit"]) for row in rows if row["axis"] == "feature")
    return Table(
        "nomogram",
        f"Nomogram for {first['class']}: {model_title(run, *(str(first[column]) for column in RECIPE))}.",
        ("Feature", "Value", "Points", "Probability"),
        tuple(_cells(row, names, run) for row in rows),
        (
            fitted_words(every, run),
            "Add the points of all features; a value between two lines lies between their points. The CSV has them in "
            "full.",
            *((WEIGHTED,) if run.get("class_weight") == "balanced" else ()),
        ),
        data=every,
    )


def fitted_words(every: pd.DataFrame, run: Run) -> str:
    """On which cases the model was fitted, and what that means for its performance."""
    design, n = str(every["design"].iloc[0]), count(every["n_cases"].iloc[0])
    if design == ALL_CASES:
        return f"Fitted on all {n} cases, to be shown, and tested on none: what to expect of it is told by the designs."
    return f"Fitted on the {n} training cases of {design} ({design_words(run, design)})."


def value_words(row: Mapping[Any, Any], run: Run) -> str:
    """The level, or the value, of a tick."""
    level = str(row["level"])
    return level_words(run, str(row["block"]), str(row["feature"]), level) if level else tick(row["value"])


def _cells(row: Mapping[Any, Any], names: Mapping[tuple[str, str, str], str], run: Run) -> tuple[str, ...]:
    if row["axis"] == "total":
        return "Total", "", number(row["points"], digits=0), number(row["probability"])
    name = names[row["block"], row["feature"], row["unit"]]
    return name, value_words(row, run), number(row["points"], digits=0), ""
