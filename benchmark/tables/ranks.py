"""How families rank over cohorts: mean ranks, the tests across them, and pairs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, degrees, difference, number, p_value, percent, statistic
from benchmark.tables.table import Table
from benchmark.tables.words import sentence


def ranks(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per family, best first."""
    found = results["ranks"]
    if found.empty:
        return None
    first = found.iloc[0]
    limit = f"Critical difference of mean ranks: {number(first['critical_difference'], digits=2)}"
    level = percent(1 - float(first["level"]))
    return Table(
        "ranks",
        f"Mean ranks of families: {first['ranking']}.",
        ("Family", "Mean rank", "Not told apart"),
        tuple(
            (str(row["name"]), number(row["mean_rank"], digits=2), str(row["groups"]))
            for row in found.to_dict("records")
        ),
        (
            f"{count(first['n_sets'])} cohorts. Rank 1 is the highest AUC.",
            f"{limit} (Nemenyi, {level}). Families that share a letter are not told apart.",
        ),
        data=found,
    )


def rank_tests(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test across families."""
    found = results["rank_tests"]
    if found.empty:
        return None
    rows = tuple(
        (
            str(row["test"]),
            statistic(row["statistic"]),
            ", ".join(degrees(row[part]) for part in ("df1", "df2") if pd.notna(row[part])) or degrees(None),
            p_value(row["p"]),
            f"{number(row['effect_size'], digits=2)} ({row['effect_size_name']})",
        )
        for row in found.to_dict("records")
    )
    notes = tuple(sentence(str(note)) for note in found["note"].unique())
    caption = f"Tests of the ranks across families: {found['ranking'].iloc[0]}."
    return Table("rank_tests", caption, ("Test", "Statistic", "df", "p", "Effect size"), rows, notes, data=found)


def rank_pairs(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair and test."""
    found = results["rank_pairs"]
    if found.empty:
        return None
    rows = tuple(
        (
            str(row["test"]),
            str(row["first"]),
            str(row["second"]),
            difference(row["difference"], row["low"], row["high"]),
            statistic(row["statistic"]),
            degrees(row["df"]) if np.isfinite(row["df"]) else degrees(None),
            p_value(row["p"]),
            p_value(row["p_adjusted"]),
        )
        for row in found.to_dict("records")
    )
    return Table(
        "rank_pairs",
        f"Pairs of families over cohorts, each cohort counting alike: {found['ranking'].iloc[0]}.",
        ("Test", "First", "Second", "First minus second", "Statistic", "df", "p", "Adjusted p"),
        rows,
        (
            "First minus second: of mean ranks (Nemenyi; below 0 the first is better), the median of the Walsh "
            "averages of the AUCs (Wilcoxon signed rank), or the mean difference in AUC with its interval (paired t).",
        ),
        data=found,
    )
