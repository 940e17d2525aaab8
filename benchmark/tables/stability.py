"""Whether the same features are selected again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run, levels, sort_recipes
from benchmark.tables.rounding import count, interval, number
from benchmark.tables.table import Table
from benchmark.tables.words import NOT_ESTIMATED, design_words, interval_heading, sentence

WORDS = ((0.4, "poor"), (0.75, "fair to good"))
"""Below so much; above all of them it is excellent."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per feature set and preprocessing, and per block where there are several."""
    every = results["stability"]
    found = every[every["stability"].notna()]
    if found.empty:
        return None
    found = sort_recipes(found, run).reset_index(drop=True)
    several = len(levels(found, "preprocessing", run)) > 1
    clustered = bool(found["cluster_stability"].notna().any())
    level, design = interval_heading(found), str(found["design"].iloc[0])
    return Table(
        "stability",
        f"Stability of the selection: {design} ({design_words(run, design)}).",
        ("Feature set", *(("Preprocessing",) if several else ()), "Block", "Models", "Candidates",
         "Selected on average", f"Stability ({level})", *((f"of clusters ({level})",) if clustered else ()),
         "in words"),
        tuple(_cells(row, several=several, clustered=clustered) for row in found.to_dict("records")),
        tuple(_notes(found, every, clustered=clustered)),
        frozenset(place for place, block in enumerate(found["block"]) if block == ""),
        every,
    )  # fmt: skip


def words_of(stability: float) -> str:
    """``fair to good``."""
    return next((word for limit, word in WORDS if stability < limit), "excellent")


def _cells(row: dict[Any, Any], *, several: bool, clustered: bool) -> tuple[str, ...]:
    of_clusters = interval(row["cluster_stability"], row["cluster_low"], row["cluster_high"], digits=2)
    return (
        str(row["feature_set"]),
        *((str(row["preprocessing"]),) if several else ()),
        str(row["block"]) or "all",
        count(row["n_models"]),
        count(row["n_candidates"]),
        number(row["mean_selected"], digits=1),
        interval(row["stability"], row["low"], row["high"], digits=2),
        *((of_clusters,) if clustered else ()),
        words_of(row["stability"]),
    )


def _notes(found: pd.DataFrame, every: pd.DataFrame, *, clustered: bool) -> list[str]:
    missing = every[every["stability"].isna()]
    reasons: dict[str, dict[str, None]] = {}
    for row in missing.to_dict("records"):
        name = str(row["feature_set"]) + (f" ({row['block']})" if row["block"] else "")
        reasons.setdefault(str(row["method"]).partition(NOT_ESTIMATED)[2], {})[name] = None
    return [
        sentence(text)
        for text in (
            *found["method"].unique(),
            "1: always the same features; 0: as if drawn by lot",
            "Training sets of folds overlap: the interval is too narrow, and another cohort would agree less",
            "of clusters: a cluster of correlated features counts as selected if any of its features is"
            if clustered
            else "Correlated features stand in for one another, which lowers the stability of names",
            *(f"Not estimated for {', '.join(names)}: {reason}" for reason, names in reasons.items() if reason),
        )
    ]
