"""Agreement of batches on the same objects, before and after harmonization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count, interval, number
from benchmark.tables.table import Table

BANDS = ("poor", "moderate", "good", "excellent")


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per stage and block; None unless every object was measured in every batch."""
    found = results.get("agreement", pd.DataFrame())
    if not len(found):
        return None
    groups = list(found.groupby(["stage", "block"], sort=False))
    several = found["block"].nunique() > 1
    header = ("Stage", *(["Block"] if several else []), "Features", "ICC, median (quartiles)", "CCC, median",
              *(word.capitalize() for word in BANDS))  # fmt: skip
    return Table(
        "batch_agreement",
        "Agreement of the batches on the same objects.",
        header,
        tuple(_row(place, part, several=several) for place, part in groups),
        (
            f"{found['form'].iloc[0]} between {count(found['n_readings'].iloc[0])} batches on "
            f"{count(found['n_subjects'].iloc[0])} objects; features by the band of their ICC (Koo and Li 2016): poor "
            "< 0.5, moderate < 0.75, good ≤ 0.9, excellent > 0.9.",
            "Harmonized with all objects that are compared here.",
        ),
        data=found,
    )


def _row(place: Any, part: pd.DataFrame, *, several: bool) -> tuple[str, ...]:
    size = interval(*(float(part["icc"].quantile(q)) for q in (0.5, 0.25, 0.75)), digits=2)
    counts = part["band"].value_counts()
    bands = [count(int(counts.get(name, 0))) for name in BANDS]
    names = place if several else place[:1]
    return (*map(str, names), count(len(part)), size, number(float(part["ccc"].median()), digits=2), *bands)
