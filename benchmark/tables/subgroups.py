"""Subgroup by subgroup: cases, discrimination, decisions, calibration in each level, and whether the levels differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.centres import model_names, telling
from benchmark.tables.measures import text_of, title_of
from benchmark.tables.order import Run, sort_recipes
from benchmark.tables.rounding import MISSING, count, degrees, difference, p_value, share, statistic
from benchmark.tables.table import Table
from benchmark.tables.wide import HEADINGS, of_chosen
from benchmark.tables.words import (
    ADJUSTMENTS,
    NOT_ESTIMATED,
    few_words,
    interval_heading,
    method_notes,
    method_words,
    place_of,
    sentence,
)

MEASURES = ("auc", "sensitivity", "specificity", "calibration_intercept")
EVERYBODY = "All cases"
POOLED = "All cases are estimated as the levels are: in cross-validation by their pooled scores."


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model and level, after one of all cases: of the arm chosen inside if there is one."""
    every = results["subgroup_estimates"]
    if every.empty:
        return None
    found = sort_recipes(of_chosen(every), run)
    columns, arm = telling(found, run)
    titles = {measure: title_of(measure) for measure in MEASURES if measure in set(found["measure"])}
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for recipe, part in found.groupby(RECIPE, sort=False, observed=True):
        names = model_names(dict(zip(RECIPE, map(str, recipe), strict=True)), columns, run)
        strong.append(len(rows))
        rows += [(*names, *line) for line in _lines(part, list(titles))]
    level = interval_heading(found)
    return Table(
        "subgroups",
        f"Results by subgroup: {place_of(found, run)}.",
        (*(HEADINGS[name] for name in columns), "Subgroup", "Level", "Cases", "With the event",
         *(f"{title} ({level})" for title in titles.values())),
        tuple(rows),
        (*arm, *_left_out(found), POOLED, *method_notes(found, titles), *filter(None, [_few(found)])),
        frozenset(strong),
        every,
    )  # fmt: skip


def tests(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per model, subgroup and measure: the highest level against the lowest, and the test of all levels."""
    every = results["subgroup_tests"]
    if every.empty:
        return None
    found = sort_recipes(of_chosen(every), run)
    columns, arm = telling(found, run)
    rows = tuple(
        (
            *model_names({name: str(row[name]) for name in RECIPE}, columns, run),
            str(row["subgroup"]),
            title_of(str(row["measure"])),
            *(MISSING if pd.isna(row[side]) else str(row[side]) for side in ("first", "second")),
            difference(row["difference"], row["low"], row["high"]),
            statistic(row["statistic"]),
            degrees(row["df"]),
            p_value(row["p"]),
            p_value(row["p_adjusted"]),
        )
        for row in found.to_dict("records")
    )
    adjusted = ADJUSTMENTS.get(str(found["adjustment"].iloc[0]), str(found["adjustment"].iloc[0]))
    return Table(
        "subgroup_tests",
        f"Do the levels of a subgroup differ? {place_of(found, run)}.",
        (*(HEADINGS[name] for name in columns), "Subgroup", "Measure", "Highest", "Lowest",
         f"Difference ({interval_heading(found)})", "Chi-square", "df", "p", "p adjusted"),
        rows,
        (
            *arm,
            "Difference: highest level minus lowest; with limits only where there are no other levels, as these two "
            "were chosen from all. The test is of all levels.",
            f"p adjusted ({adjusted}) over the subgroups and measures of a model. A large p does not show that the "
            "levels are alike: few cases hide much.",
            *method_words(found),
        ),
        data=every,
    )  # fmt: skip


def left_out(found: pd.DataFrame) -> pd.DataFrame:
    """The levels that have too few cases: ``subgroup`` and ``name``, each once."""
    levels = found[found["name"] != ""].assign(gone=found["method"].str.startswith(NOT_ESTIMATED))
    gone = levels.groupby(["subgroup", "name"], sort=False)["gone"].all().reset_index()
    return gone.loc[gone["gone"], ["subgroup", "name"]]


def _left_out(found: pd.DataFrame) -> list[str]:
    gone = left_out(found)
    if gone.empty:
        return []
    reason = str(found.loc[found["method"].str.startswith(NOT_ESTIMATED), "method"].iloc[0]).removeprefix(NOT_ESTIMATED)
    names = ", ".join(f"{row['subgroup']} {row['name']}" for row in gone.to_dict("records"))
    return [sentence(f"Left out, and no part of any test: {names} ({reason})")]


def _few(found: pd.DataFrame) -> str:
    """The warning of few cases, of the levels that have estimates."""
    return few_words(found[~found["method"].str.startswith(NOT_ESTIMATED)])


def _lines(part: pd.DataFrame, shown: list[str]) -> list[tuple[str, ...]]:
    """All cases, then the levels of each subgroup, each with a cell per measure."""
    lines = []
    for (subgroup, name), rows in part.groupby(["subgroup", "name"], sort=False):
        cells = {str(row["measure"]): row for row in rows.to_dict("records")}
        size = rows.iloc[0]
        texts = [_text(cells[measure]) if measure in cells else MISSING for measure in shown]
        told = (str(subgroup), str(name)) if name else (EVERYBODY, "")
        lines.append((*told, count(size["n_cases"]), share(size["n_events"], size["n_cases"]), *texts))
    return lines


def _text(row: Mapping[Any, Any]) -> str:
    return text_of(str(row["measure"]), row["estimate"], row["low"], row["high"])
