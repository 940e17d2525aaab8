"""Analysis of variance from a published table of n, mean and standard deviation.

A CSV with the columns ``metric``, ``family``, ``n``, ``mean`` and ``sd``; ``review`` tells several tables apart, ``p``
holds a p that was printed with them (any row of its table). What was not published stays empty: then nothing is
computed, and what is missing is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.reviews.families import PAIRS, pairs_of
from benchmark.reviews.registry import numbers_of, read_csv
from benchmark.statistics.groups import Groups
from benchmark.statistics.one_way import one_way_table
from benchmark.verdicts import NOT_REPRODUCED, REPRODUCED, UNKNOWN

REQUIRED = ("metric", "family", "n", "mean", "sd")
NUMBERS = ("n", "mean", "sd", "p")
GIVEN = ["review", "metric", "family", "n", "mean", "sd", "p", "source"]

FROM_SUMMARY = ["review", "metric", "families", "total", "known", "needed", "test", "statistic", "df1", "df2", "p",
                "eta_squared", "low", "high", "level", "published_p", "verdict", "why"]  # fmt: skip
"""One row per review, metric and test; ``verdict`` on the published p where there is one, ``why`` there is no test."""

AGREEMENT = 0.1
"""A recomputed p within this share of the published one reproduces it: the table it comes from is rounded."""


def read_summary(path: Path) -> pd.DataFrame:
    """The table ``GIVEN``, NaN where a number was not published. ``DataError`` for the first mistake."""
    table = read_csv(path, REQUIRED, GIVEN)
    table = table.reindex(columns=GIVEN, fill_value="")
    for column in NUMBERS:
        table[column] = numbers_of(path, table, column)
    checks = {
        "the family is missing": table["family"] == "",
        "n should be a whole number of at least 2": (table["n"] < 2) | (table["n"] % 1 > 0),
        "the mean should be a fraction from 0 to 1 (a percentage is divided by 100)": (table["mean"] > 1)
        | (table["mean"] < 0),
        "the sd should be from 0 to 1": (table["sd"] > 1) | (table["sd"] < 0),
        "this family stands there twice": table.duplicated(["review", "metric", "family"]),
    }
    for problem, wrong in checks.items():
        if wrong.any():
            row = table[wrong].iloc[0]
            raise DataError(f"{path}, row {int(np.argmax(wrong)) + 2} ({row['family']}, {row['metric']}): {problem}")
    return table


def from_summary(given: pd.DataFrame, *, level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table ``FROM_SUMMARY``, and ``families.PAIRS`` with the columns ``review`` and ``metric`` of what could be
    computed."""
    tests, pairs = [], [pd.DataFrame(columns=["review", "metric", *PAIRS])]
    for (review, metric), rows in given.groupby(["review", "metric"], sort=False):
        known = int(rows[["n", "mean", "sd"]].notna().to_numpy().sum())
        told = {
            "review": review, "metric": metric, "families": len(rows), "total": rows["n"].sum(min_count=len(rows)),
            "known": known, "needed": 3 * len(rows), "published_p": rows["p"].max(), "level": level,
        }  # fmt: skip
        if known < 3 * len(rows) or len(rows) < 2:
            tests.append(pd.DataFrame([{**told, "verdict": UNKNOWN, "why": _why(rows)}]))
            continue
        groups = Groups(tuple(rows["family"]), rows["n"].to_numpy(), rows["mean"].to_numpy(), rows["sd"].to_numpy())
        found = _tests(groups, level).assign(**told, why="")
        tests.append(found.assign(verdict=[_verdict(row) for row in found.to_dict("records")]))
        pairs.append(pairs_of(groups, level=level).assign(review=str(review), metric=str(metric)))
    every = pd.concat([one.dropna(axis=1, how="all") for one in tests], ignore_index=True)
    return every.reindex(columns=FROM_SUMMARY), pd.concat(
        [one for one in pairs if len(one)] or pairs, ignore_index=True
    )


def _tests(groups: Groups, level: float) -> pd.DataFrame:
    """A row per test; eta squared is that of the classic one."""
    table = one_way_table(groups, level=level)
    table = table[table["effect_size_name"].isna() | (table["effect_size_name"] == "eta squared")]
    return table.rename(columns={"effect_size": "eta_squared"})[
        ["test", "statistic", "df1", "df2", "p", "eta_squared", "low", "high"]
    ]


def _verdict(row: dict[Any, Any]) -> str:
    """Of the classic test alone, which is what papers print."""
    if row["test"] != "one-way" or np.isnan(row["published_p"]):
        return ""
    away = abs(row["p"] - row["published_p"]) / row["published_p"]
    return REPRODUCED if away <= AGREEMENT else NOT_REPRODUCED


def _why(rows: pd.DataFrame) -> str:
    """``10 of 12 numbers are not published: n, mean and sd of HRF; n of DRF``."""
    if len(rows) < 2:
        return "one family alone"
    lacking = []
    for row in rows.to_dict("records"):
        names = [name for name in ("n", "mean", "sd") if np.isnan(row[name])]
        if names:
            listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
            lacking.append(f"{listed} of {row['family']}")
    absent = int(rows[["n", "mean", "sd"]].isna().to_numpy().sum())
    return f"{absent} of {3 * len(rows)} numbers are not published: {'; '.join(lacking)}"
