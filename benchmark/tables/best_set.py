"""Which models cannot be told from the best one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import count, difference, number, p_value
from benchmark.tables.table import Table
from benchmark.tables.wide import recipe_columns, recipe_headings
from benchmark.tables.words import classifier_title, interval_heading, place_of, sentence


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """The models that may be the best, the largest AUC first; how many of all they are is in the notes."""
    every = results["best_set"]
    if every.empty:
        return None
    may = every["may_be_best"].fillna(False).astype(bool)
    found = sort_recipes(every[may], run).sort_values("estimate", ascending=False, kind="stable").reset_index(drop=True)
    columns = recipe_columns(every, run)
    rows = [
        (
            *(name if column == "feature_set" else classifier_title(run, name) for column, name in names.items()),
            number(row["estimate"]),
            difference(row["difference"], row["low"], row["high"]),
            p_value(row["p"]),
        )
        for row, names in zip(found.to_dict("records"), found[columns].astype(str).to_dict("records"), strict=True)
    ]
    said = [
        f"{count(int(may.sum()))} of {count(len(every))} models may be the best",
        *every["method"].dropna().unique(),
    ]
    return Table(
        "best_set",
        f"Models that cannot be told from the best: {place_of(every, run)}.",
        (
            *recipe_headings(columns),
            "AUC",
            f"Minus the best of the others (simultaneous {interval_heading(every)})",
            "p",
        ),
        tuple(rows),
        tuple(sentence(str(text)) for text in said),
        data=every.assign(may_be_best=np.where(may, "yes", "no")),
    )
