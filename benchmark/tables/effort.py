"""What was tried and what it cost: hyperparameter candidates and computing time of each classifier."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run, declared, in_order
from benchmark.tables.rounding import count, seconds
from benchmark.tables.table import Table
from benchmark.tables.words import classifier_title

STAGES = ("steps", "tuning", "refit")
SHARED = ""
"""The classifier of timings that all classifiers share."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per classifier, and one for the steps that they share."""
    trials, timings = results["trials"], results["timings"]
    if timings.empty:
        return None
    spent = timings.assign(classifier=timings["classifier"].fillna(SHARED).astype(str)).pivot_table(
        index="classifier", columns="stage", values="seconds", aggfunc="sum", observed=True
    )
    shared, named = [SHARED] * (SHARED in spent.index), [name for name in spent.index if name != SHARED]
    names = [*shared, *in_order(named, declared(run, "classifiers"))]
    stages = [stage for stage in STAGES if stage in spent.columns]
    candidates = trials["classifier"].astype(str).value_counts().reindex(names)
    data = spent.reindex(names)[stages].assign(candidates=candidates).reset_index()
    rows = tuple(
        (
            "steps, shared by all classifiers"
            if row["classifier"] == SHARED
            else classifier_title(run, row["classifier"]),
            count(row["candidates"]),
            *(seconds(row[stage]) for stage in stages),
        )
        for row in data.to_dict("records")
    )
    return Table(
        "effort",
        "Work done.",
        ("Classifier", "Candidates", *(f"Time, {stage}" for stage in stages)),
        rows,
        ("Candidates: hyperparameter settings tried in the inner loops. Time: sum over workers.",),
        data=data,
    )
