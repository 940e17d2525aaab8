"""The tested cases that are explained alone: what the model said of them, and what moved it most."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import number, signed
from benchmark.tables.table import Table
from benchmark.tables.wide import recipe_columns, recipe_headings
from benchmark.tables.words import classifier_title, design_words

MOST = 3
"""Features that are named of each case."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """A row per model, class and picked case."""
    every = results["explained_cases"]
    if every.empty:
        return None
    ranked = sort_recipes(every, run)
    arm = ["feature_set", "preprocessing", "classifier", "class", "pick", "case"]
    cases = list(ranked.groupby(arm, sort=False, observed=True))
    columns, classes = recipe_columns(ranked, run), ranked["class"].nunique() > 1
    rows = tuple(
        (
            *(str(first[name]) if name == "feature_set" else classifier_title(run, first[name]) for name in columns),
            *((str(first["class"]),) if classes else ()),
            str(first["pick"]),
            str(first["case"]),
            str(first["y_true"]),
            number(first["probability"]),
            number(first["base"], digits=2),
            number(first["output"], digits=2),
            _moved(part.head(MOST)),
        )
        for part, first in ((part, part.iloc[0]) for _, part in cases)
    )  # fmt: skip
    header = ("Pick", "Case", "Truth", "Probability", "Base", "f(x)", "Moved most by")
    return Table(
        "explained_cases",
        f"Single tested cases, explained: {design_words(run, str(every['design'].iloc[0]))}.",
        (*recipe_headings(columns), *(("Class",) if classes else ()), *header),
        rows,
        (
            "Picked by rule: highest, median and lowest predicted probability, and the largest error.",
            f"Base, f(x) and what features add between them are on the scale: {_scales(every)}.",
            f"The {MOST} largest of each case; the CSV has all features.",
        ),
        data=ranked,
    )


def _moved(rows: pd.DataFrame) -> str:
    """``age +0.72, DRF score −0.31``: what a step has made, with its block."""
    made = rows["original"].isna()
    names = rows["feature"].where(~made, rows["block"] + " " + rows["feature"])
    return ", ".join(f"{name} {signed(float(shap), digits=2)}" for name, shap in zip(names, rows["shap"], strict=True))


def _scales(every: pd.DataFrame) -> str:
    return ", ".join(sorted(map(str, every["scale"].unique())))
