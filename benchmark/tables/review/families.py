"""Families of features over published studies: n, mean and SD, tests across all, and their pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.measures import title_of
from benchmark.tables.order import Run
from benchmark.tables.rounding import count, degrees, difference, interval, number, p_value, percent, statistic
from benchmark.tables.table import Table
from benchmark.tables.words import ADJUSTMENTS, interval_heading

SIZES = {"eta squared": "η²", "omega squared": "ω²", "Cohen's f": "f", "rank epsilon squared": "ε² of ranks"}
"""Effect sizes that are printed, by their sign."""

TEST_NAMES = {"one-way": "ANOVA"}

FEWEST = 3
"""Studies below which an interval of their mean says nothing; it stays in the CSV."""


def summary(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per family."""
    found = results["summary"]
    rows = tuple(
        (
            str(row["group"]), count(row["n"]), _mean(row), number(row["sd"]),
            number(row["median"]), f"{number(row['lowest'])} to {number(row['highest'])}", _cases(row),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    header = ("Family", "Studies", f"Mean ({interval_heading(found)})", "SD", "Median", "Range", "Cases")
    return Table(
        "summary",
        f"Published figures by family: {run['place']}.",
        header,
        rows,
        (
            "One number per study and family, each counted once whatever its size. Student's interval of the mean: it "
            "supposes that studies are a random sample, which published studies are not.",
            "Cases: of the studies that state them (in brackets how many do).",
        ),
        data=found,
    )


def omnibus(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test across families, its effect sizes in one cell."""
    found = results["omnibus"]
    if found.empty:
        return None
    rows = []
    for test, part in found.groupby("test", sort=False):
        first = part.iloc[0]
        df = ", ".join(degrees(first[end]) for end in ("df1", "df2") if pd.notna(first[end]))
        rows.append(
            (TEST_NAMES.get(str(test), str(test)), statistic(first["statistic"]), df, p_value(first["p"]), _sizes(part))
        )
    n = results["summary"].set_index("group")["n"]
    alone = [str(name) for name in n.index if n[name] < 2]
    left = (f"Not in the tests, of one study: {', '.join(alone)}.",) if alone else ()
    return Table(
        "omnibus",
        f"Tests across families: {run['place']}.",
        ("Test", "Statistic", "df", "p", f"Effect size ({interval_heading(found)})"),
        tuple(rows),
        (
            *left,
            "These are the tests of the reviews. They take all numbers for independent, though several families come "
            "from one study; the tests inside studies do not.",
        ),
        data=found,
    )


def pairs(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per pair of families."""
    found = results.get("pairs", pd.DataFrame())
    if found.empty:
        return None
    dunn = found["p_dunn"].notna().any()
    rows = tuple(
        (
            f"{row['first']} minus {row['second']}", difference(row["difference"], row["low"], row["high"]),
            p_value(row["p_tukey"]), p_value(row["p_games_howell"]), *([p_value(row["p_dunn"])] if dunn else []),
            difference(row["hedges_g"], row["g_low"], row["g_high"], digits=2),
        )
        for row in found.to_dict("records")
    )  # fmt: skip
    ci = interval_heading(found)
    ranks = (f"Dunn's p of ranks are adjusted by {ADJUSTMENTS[run['statistics']['adjust']]}.",) if dunn else ()
    return Table(
        "pairs",
        f"Pairs of families: {run['place']}.",
        (
            "Difference",
            f"Means ({ci})",
            "Tukey p",
            "Games-Howell p",
            *(["Dunn p"] if dunn else []),
            f"Hedges' g ({ci})",
        ),
        rows,
        ("Interval of the difference: Tukey's, of all pairs together. That of Hedges' g: of the pair alone.", *ranks),
        data=found,
    )


def subgroups(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per subgroup and metric."""
    found = results.get("subgroups", pd.DataFrame())
    if found.empty:
        return None
    rows, before = [], None
    for row in found.to_dict("records"):
        here = (row["subgroup"], row["metric"])
        tests = (p_value(row["p_welch"]), p_value(row["p_kruskal"]), _trend(row)) if here != before else ("", "", "")
        rows.append(
            (
                f"{row['subgroup']}, {title_of(row['metric'])}",
                str(row["group"]),
                count(row["n"]),
                _mean(row),
                number(row["sd"]),
                *tests,
            )
        )
        before = here
    level = percent(float(found["level"].iloc[0]))
    return Table(
        "subgroups",
        "Studies by modality, year, split and size.",
        ("By", "Group", "Studies", f"Mean ({level} CI)", "SD", "Welch p", "Kruskal-Wallis p", "Spearman (p)"),
        tuple(rows),
        (
            "One number per study and group, all pooled families together, by the declared rule; by split each split "
            "counts on its own.",
            "Studies that do not say, or fit no group, are left out. Groups differ in much else, so no difference here "
            "has a cause. p are not adjusted.",
        ),
        data=found,
    )


def _trend(row: Mapping[Any, Any]) -> str:
    return f"{number(row['rho'], digits=2)} ({p_value(row['p_trend'])})" if pd.notna(row["rho"]) else ""


def _mean(row: Mapping[Any, Any]) -> str:
    return interval(row["mean"], row["low"], row["high"]) if row["n"] >= FEWEST else number(row["mean"])


def _cases(row: Mapping[Any, Any]) -> str:
    return f"{count(row['cases'])} ({count(row['n_with_cases'])})" if row["n_with_cases"] else number(None)


def _sizes(part: pd.DataFrame) -> str:
    told = part[part["effect_size_name"].isin(SIZES)]
    return ", ".join(
        f"{SIZES[row['effect_size_name']]} {interval(row['effect_size'], row['low'], row['high'], digits=2)}"
        for row in told.to_dict("records")
    )
