"""How many features differ between batches before and after harmonization, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, interval, percent, share
from benchmark.tables.table import Table

BLOCKS = "Each value as its distance from the mean of its object, measured in every batch (randomized blocks)."


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per batch variable, stage, rows and family."""
    found = results["batches"]
    several = found["family"].nunique() > 1
    header = ["Variable", "Stage", "Values of", "Family", "Features", "Mean differs", "Ranks differ", "Spread differs",
              "Cohen's f, median (quartiles)", "f ≥ 0.25", "f ≥ 0.40"]  # fmt: skip
    rows = [_row(row, several=several) for row in found.to_dict("records")]
    level = percent(float(run["significance"]))
    return Table(
        "batch_effects",
        "Features that differ between batches, before and after harmonization.",
        tuple(name for name in header if several or name != "Family"),
        tuple(rows),
        (
            f"Mean: {_test_of(run)}; ranks: Kruskal-Wallis; spread: Brown-Forsythe; p < {level} after "
            "Benjamini-Hochberg over all features. Cohen's f: 0.10 small, 0.25 medium, 0.40 large.",
            "All cases: the harmonization was fitted on the cases that are compared here, which leaves no difference "
            "of means by construction. Held-out cases: it was fitted on the other folds, as for a new patient.",
            *([BLOCKS] if any(told["crossed"] for told in run["variables"].values()) else []),
        ),
        data=found,
    )


def _row(row: Mapping[Any, Any], *, several: bool) -> tuple[str, ...]:
    n = float(row["n_features"]) - float(row["n_undefined"])
    counted = [share(float(row[name]), n) for name in ("n_location", "n_ranks", "n_spread")]
    size = interval(float(row["f_median"]), float(row["f_q1"]), float(row["f_q3"]), digits=2)
    large = [share(float(row[name]), n) for name in ("n_medium", "n_large")]
    family = [str(row["family"])] if several else []
    return (str(row["variable"]), str(row["stage"]), str(row["rows"]), *family, count(n), *counted, size, *large)


def _test_of(run: Run) -> str:
    """The t test of two batches, else analysis of variance."""
    two = [len(told["levels"]) == 2 for told in run["variables"].values()]
    if all(two):
        return "t test"
    return "analysis of variance" + (" (two levels: t test)" if any(two) else "")
