"""Who the cases are: the baseline table by outcome, and training against held-out cases of a design with one split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, decimals, mean_sd, number, p_value, quartiles, share
from benchmark.tables.table import Table
from benchmark.tables.words import design_words

MOST_LEVELS = 10
"""Levels of a category that are printed; the CSV has all."""

NOTES = (
    "Values as they were read, of all cases, before any step: this table describes, no model learned from it.",
    "Numbers: mean ± SD where Shapiro-Wilk's test rejects in no column (p ≥ 0.05), else median [quartiles]. "
    "Categories, and whole numbers with five values at most: count (% of known values).",
)
OF_TWO, OF_MORE = (
    "Welch's t test or Mann-Whitney's",
    "analysis of variance (Welch's where Brown-Forsythe rejects equal variances) or Kruskal-Wallis",
)
TESTS = "chi-square, or Fisher's exact test where fewer than five cases are expected. p is not adjusted."
DIFFERENCE = "SMD: standardized mean difference (Austin 2009; of several levels Yang and Dalton 2012)"


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """All cases, and those of each class."""
    groups = [str(label) for label in run.get("classes") or ()]
    event = {str(run.get("positive")): " (the event)"}
    titles = {label: f"Class {label}{event.get(label, '')}" for label in groups}
    return _table("baseline", results["baseline"], "Baseline characteristics by outcome.", titles, run)


def balance(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """All cases, and those of each side of the split."""
    found = results["balance"]
    if found.empty:
        return None
    design = str(found["design"].iloc[0])
    titles = {str(side): str(side).capitalize() for side in pd.unique(found["group"].astype(object)) if side}
    caption = f"Balance of training and held-out cases: {design} ({design_words(run, design)})."
    return _table("balance", found, caption, titles, run)


def _table(name: str, found: pd.DataFrame, caption: str, titles: Mapping[str, str], run: Run) -> Table | None:
    if found.empty:
        return None
    sizes = found.drop_duplicates("group").set_index("group")["n_cases"]
    titles = {group: title for group, title in titles.items() if group in sizes.index}
    several = found.loc[found["block"] != "", "block"].nunique() > 1
    headings = [f"{title} (n = {count(sizes[group])})" for group, title in {"": "All", **titles}.items()]
    rows: list[tuple[str, ...]] = []
    for (block, feature), part in found.groupby(["block", "feature"], sort=False, observed=True):
        rows.extend(_feature([str(block)] if several else [], str(feature), part, list(titles), run))
    return Table(
        name,
        caption,
        (*(("Block",) if several else ()), "Feature", "Level", *headings, "Missing", "p", "Test", "SMD"),
        tuple(rows),
        (*NOTES, *_tests(len(titles)), *_cautions(run)),
        data=found.assign(group=found["group"].replace("", "all")),
    )


def _feature(block: list[str], feature: str, part: pd.DataFrame, groups: list[str], run: Run) -> list[tuple[str, ...]]:
    """One row of a number, of two levels, or one per level; what is told of the feature stands in the first."""
    first = part.iloc[0]
    n_cases, n_missing = part.loc[part["group"] == "", ["n_cases", "n_missing"]].iloc[0]
    about = (share(n_missing, n_cases) if n_missing else "0",
             p_value(first["p"]), str(first["test"] or ""), number(first["smd"], digits=2))  # fmt: skip
    levels = [str(level) for level in pd.unique(part["level"].astype(object))]
    shown = levels[-1:] if len(levels) == 2 else levels[:MOST_LEVELS]
    rows = []
    for place, level in enumerate(shown):
        cells = part[part["level"] == level].set_index("group").to_dict("index")
        every = cells[""]
        digits = decimals(every["sd"] if every["normal"] else every["q3"] - every["q1"])
        values = [_cell(cells[group], digits) for group in ["", *groups]]
        told = f"{level} (the event)" if not str(first["block"]) and level == str(run.get("positive")) else level
        rows.append((*block, feature, told, *values, *(about if place == 0 else ("",) * 4)))
    if len(shown) < len(levels) and len(levels) > 2:
        left_out = f"{count(len(levels) - len(shown))} more levels, in the CSV"
        rows.append((*block, feature, left_out, *("",) * (len(groups) + 1), *("",) * 4))
    return rows


def _cell(row: Mapping[Any, Any], digits: int) -> str:
    if row["kind"] == "category":
        return share(row["count"], row["count"] / row["share"] if row["share"] else row["n_cases"])
    if row["normal"]:
        return mean_sd(row["mean"], row["sd"], digits=digits)
    return quartiles(row["median"], row["q1"], row["q3"], digits=digits)


def _tests(n_groups: int) -> tuple[str, str]:
    largest = ", the largest of all pairs of columns" if n_groups > 2 else ""
    return (
        f"Tests: {OF_MORE if n_groups > 2 else OF_TWO}, as the numbers are shown; {TESTS}",
        f"{DIFFERENCE}{largest}; above 0.1 is often called an imbalance.",
    )


def _cautions(run: Run) -> tuple[str, ...]:
    """Where patients own several cases the tests are too sure."""
    about = run.get("cohort") or {}
    n_cases, n_patients = about.get("n_cases"), about.get("n_patients")
    if n_cases is None or n_patients is None or n_cases == n_patients:
        return ()
    told = f"{count(n_cases)} cases of {count(n_patients)} patients: the tests take cases for independent, and their p"
    return (f"{told} are too small.",)
