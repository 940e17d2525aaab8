"""The verdict under every pooling rule that was tried."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.review.pooling import OPTIONS
from benchmark.tables.rounding import count, number, p_value, part_of, share
from benchmark.tables.table import Table

HEADINGS = {"take": "Taken from", "model": "Model", "flagged": "Flagged", "ranges": "Ranges", "splits": "Splits",
            "endpoints": "Endpoints", "families": "Families"}  # fmt: skip


def verdicts(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per metric and test."""
    found = results.get("verdicts_of_rules", pd.DataFrame())
    if found.empty:
        return None
    rows = tuple(
        (
            title_of(row["metric"]), str(row["test"]), count(row["n_rules"]), share(row["n_below"], row["n_tested"]),
            f"{p_value(row['lowest_p'])} to {p_value(row['highest_p'])}", p_value(row["declared_p"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    alpha = run["statistics"]["alpha"]
    return Table(
        "verdicts_of_rules",
        "How the verdict depends on the pooling rule.",
        ("Metric", "Test", "Rules", f"With p < {alpha:g}", "p from", "p as declared"),
        rows,
        (*_highest(results["highest"]), *_untested(found)),
        data=found,
    )


def rules(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per metric and rule; choices that all rules share have no column."""
    found = results.get("rules", pd.DataFrame())
    if found.empty:
        return None
    options = [option for option in OPTIONS if found[option].nunique() > 1]
    rows = tuple(
        (
            title_of(row["metric"]), *(str(row[option]) for option in options), count(row["n_studies"]),
            count(row["n_families"]), *(p_value(row[p]) for p in ("p_anova", "p_welch", "p_kruskal")),
            str(row["highest"]), number(row["spread"]),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    return Table(
        "rules",
        "All pooling rules that were tried.",
        (
            "Metric",
            *(HEADINGS[option] for option in options),
            "Studies",
            "Families",
            "ANOVA p",
            "Welch p",
            "Kruskal-Wallis p",
            "Highest mean",
            "Distance to lowest",
        ),
        rows,
        ("Bold: the declared rule. The rules share most of their studies, so their p are not independent.",),
        frozenset(place for place, declared in enumerate(found["declared"]) if declared),
        found,
    )


def _highest(found: pd.DataFrame) -> list[str]:
    """``Highest mean AUC: fusion in 124 (64.6%) of the rules, DL in 68 (35.4%).``"""
    told = []
    for metric, part in found.groupby("metric", sort=False):
        total = part["n_rules"].sum()
        named = (f"{row['family']} in {part_of(row['n_rules'], total)}" for row in part.to_dict("records"))
        told.append(f"Highest mean {title_of(str(metric))}: {', '.join(named)} of the rules.")
    return told


def _untested(found: pd.DataFrame) -> list[str]:
    lacking = int((found["n_rules"] - found["n_tested"]).max())
    return (
        [f"{count(lacking)} rules leave fewer than two families with two studies; they are not counted."]
        if lacking
        else []
    )
