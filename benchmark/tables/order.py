"""The order of everything in tables and figures: as the experiment names it, the chosen-inside arm first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from benchmark.predictions import CHOSEN_INSIDE, RECIPE

ROLES = ("out-of-fold", "test", "internal", "external")

SETS = 6
"""Feature sets of which single models are drawn."""

Run = Mapping[str, Any]
"""``run.json``: what was asked, on which cohort, how, and what was tried."""


def in_order(names: Iterable[str], declared: Iterable[str]) -> list[str]:
    """The distinct names: the chosen-inside arm, then as declared, then the others as they come."""
    found = list(dict.fromkeys(str(name) for name in names))
    wanted = [CHOSEN_INSIDE, *(str(name) for name in declared)]
    return [name for name in dict.fromkeys(wanted) if name in set(found)] + [n for n in found if n not in set(wanted)]


def declared(run: Run, part: str) -> list[str]:
    """The names that the experiment gives under ``feature_sets``, ``preprocessings``, ``classifiers``, ``designs``."""
    return [str(name) for name in run.get(part) or ()]


def declared_blocks(run: Run) -> list[str]:
    """The blocks of the cohort."""
    return [str(block["name"]) for block in (run.get("cohort") or {}).get("blocks") or ()]


def levels(frame: pd.DataFrame, column: str, run: Run) -> list[str]:
    """The values of a recipe's column in order."""
    return in_order(frame[column], declared(run, f"{column}s"))


def sort_recipes(frame: pd.DataFrame, run: Run) -> pd.DataFrame:
    """The rows by feature set, preprocessing and classifier in order; rows of one recipe keep theirs."""
    ranks = pd.DataFrame(
        {
            column: frame[column].astype(str).map({name: i for i, name in enumerate(levels(frame, column, run))})
            for column in RECIPE
            if column in frame.columns
        },
        index=frame.index,
    )
    return frame.iloc[ranks.reset_index(drop=True).sort_values(list(ranks.columns), kind="stable").index]


def shown_models(explained: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Of the rows that explain models, those that a page has room for: of each design the first classifier and
    preprocessing of the experiment, the last class (the positive one of two) and the first ``SETS`` feature sets."""
    parts = []
    for _, rows in explained.groupby("design", sort=False):
        first = {column: levels(rows, column, run)[0] for column in ("preprocessing", "classifier")}
        sets = in_order(rows["feature_set"], declared(run, "feature_sets"))[:SETS]
        kept = rows["feature_set"].isin(sets) & (rows["class"].astype(str) == str(rows["class"].iloc[-1]))
        for column, name in first.items():
            kept &= rows[column].astype(str) == name
        parts.append(rows[kept])
    return pd.concat(parts, ignore_index=True) if parts else explained
