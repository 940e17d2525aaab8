"""The tests that were asked for by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from benchmark.tables.comparison import recipes_of, title
from benchmark.tables.order import Run
from benchmark.tables.rounding import difference, p_value, statistic
from benchmark.tables.table import Table
from benchmark.tables.words import interval_heading, place_of, sentence


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per test and pair of models."""
    found = results["further_tests"]
    if found.empty:
        return None
    recipes = recipes_of(results, run)
    rows = [
        (
            str(row["test"]),
            title(recipes, str(row["first"]), run),
            title(recipes, str(row["second"]), run),
            difference(row["difference"], row["low"], row["high"]),
            statistic(row["statistic"]),
            p_value(row["p"]),
            p_value(row["p_adjusted"]),
        )
        for row in found.to_dict("records")
    ]
    notes = []
    for test, part in found.fillna({"method": "", "caution": ""}).groupby("test", sort=False):
        ways = part["method"].astype(str).unique()
        if len(ways) == 1:
            notes.append(f"{test} ({part['measure'].iloc[0]}): {ways[0]}")
        else:  # each pair has its own
            notes += [f"{test}, {row[1]} against {row[2]}: {way}" for row, way in _with(rows, test, part["method"])]
        notes += [f"{test}: {caution}" for caution in part["caution"].astype(str).unique() if caution]
    return Table(
        "further_tests",
        f"Further tests: {place_of(found, run)}.",
        ("Test", "Model", "Against", f"Difference ({interval_heading(found)})", "Statistic", "p", "Adjusted p"),
        tuple(rows),
        tuple(sentence(note) for note in notes),
        data=found,
    )


def _with(rows: Sequence[tuple[str, ...]], test: object, ways: pd.Series) -> Iterator[tuple[tuple[str, ...], str]]:
    """The rows of a test with the method of each."""
    return zip((row for row in rows if row[0] == test), map(str, ways), strict=True)
