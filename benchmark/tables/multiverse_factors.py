"""Which choices move the AUC: the share of each factor in its spread over specifications, and the effect of levels."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.multiverse import NO_SAMPLE
from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import MISSING, number, signed, whole_percent
from benchmark.tables.table import Table
from benchmark.tables.words import classifier_title, place_of

ALL = "All feature sets"
MOST_SETS = 7
"""As many feature sets as have a column; the CSV has all."""

UNTOUCHED = "A dash: the factor does not touch the feature set, or has one level."


def shares(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per factor, one column per feature set."""
    found = results["multiverse_factors"]
    if found.empty:
        return None
    sets = _sets(found, run)
    once = found.drop_duplicates(["feature_set", "factor"]).set_index(["feature_set", "factor"])["share"]
    rows = [(factor.capitalize(), *(_share(once.get((name, factor))) for name in sets)) for factor in _factors(found)]
    return Table(
        "multiverse_factors",
        f"Share of each factor in the variance of the AUC between specifications: {place_of(found, run)}.",
        ("Factor", *(name or ALL for name in sets)),
        tuple(rows),
        (
            "Main effects by least squares (type II; eta squared where every combination is there). What they leave is "
            "in the last row: the effect of a choice then depends on the others.",
            UNTOUCHED,
            NO_SAMPLE,
            *_left_out(found, sets),
        ),
        data=found,
    )


def levels(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per level of each factor, one column per feature set."""
    found = results["multiverse_factors"]
    found = found[found["level"] != ""]
    if found.empty:
        return None
    sets = _sets(found, run)
    by_level = found.set_index(["feature_set", "factor", "level"])
    rows = []
    for factor in _factors(found):
        names = list(dict.fromkeys(found.loc[found["factor"] == factor, "level"]))
        for place, level in enumerate(names):
            keys = [(name, factor, level) for name in sets]
            values = by_level.reindex(keys)
            cells = (
                [number(one) for one in values["mean"]] if not place else [signed(one) for one in values["difference"]]
            )
            rows.append((factor.capitalize(), _title(factor, level, run), *cells))
    return Table(
        "multiverse_levels",
        f"AUC by the levels of each factor: {place_of(found, run)}.",
        ("Factor", "Level", *(name or ALL for name in sets)),
        tuple(rows),
        (
            "First level of a factor: mean AUC over all specifications with it. Other levels: difference from the "
            "first, all else alike.",
            UNTOUCHED,
            NO_SAMPLE,
            *_left_out(found, sets),
        ),
        data=found,
    )


def _sets(found: pd.DataFrame, run: Run) -> list[str]:
    """The feature sets in order, all together last."""
    named = found.loc[found["feature_set"] != "", "feature_set"]
    return in_order(named, declared(run, "feature_sets"))[:MOST_SETS] + [""] * bool((found["feature_set"] == "").any())


def _factors(found: pd.DataFrame) -> list[str]:
    """The factors in order: as over all feature sets, where every factor is."""
    whole = found[found["feature_set"] == ""]
    return list(dict.fromkeys([*whole["factor"], *found["factor"]]))


def _share(value: float | None) -> str:
    return MISSING if value is None or pd.isna(value) else whole_percent(value)


def _title(factor: str, level: str, run: Run) -> str:
    return classifier_title(run, level) if factor == "classifier" else level


def _left_out(found: pd.DataFrame, sets: list[str]) -> list[str]:
    n = found.loc[found["feature_set"] != "", "feature_set"].nunique()
    return [f"The CSV has all {n} feature sets."] if n > MOST_SETS else []
