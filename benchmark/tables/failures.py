"""Fits that failed, and why: a failure is a result, not a gap to average over."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.tables.order import Run
from benchmark.tables.rounding import count
from benchmark.tables.table import Table
from benchmark.tables.words import classifier_title

MOST = 50
"""As many kinds of failure as are printed; the CSV has each fit."""


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """Failed fits, those of one recipe and reason in one row."""
    found = results["failures"]
    if found.empty:
        return None
    columns = ["design", "feature_set", "preprocessing", "classifier", "reason"]
    kinds = found[columns].fillna("").astype(str).value_counts(sort=False).reset_index(name="fits")
    kinds = kinds.sort_values("fits", ascending=False, kind="stable")
    more = f"Shown: {MOST} of {count(len(kinds))} kinds of failure; the CSV has each fit."
    return Table(
        "failures",
        "Fits that failed.",
        ("Design", "Feature set", "Preprocessing", "Classifier", "Fits", "Reason"),
        tuple(
            (design, features, preprocessing, classifier_title(run, classifier), count(fits), reason)
            for design, features, preprocessing, classifier, reason, fits in kinds.head(MOST).itertuples(index=False)
        ),
        (
            "A recipe with a failed fold is not averaged over the folds that are left.",
            *((more,) if len(kinds) > MOST else ()),
        ),
        data=found,
    )
