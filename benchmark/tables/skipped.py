"""Recipes that were not run because they make no sense, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.predictions import RECIPE
from benchmark.tables.order import Run
from benchmark.tables.table import Table, listing
from benchmark.tables.words import classifier_title


def table(results: Mapping[str, pd.DataFrame], run: Run) -> Table | None:
    """One row per recipe, or per part of one (a feature set with any classifier)."""
    cells = [[str(one.get(key) or "") for key in (*RECIPE, "reason")] for one in run.get("skipped") or ()]
    rows = [(features, preprocessing, classifier_title(run, name), why) for features, preprocessing, name, why in cells]
    return listing(
        "skipped", "Recipes that were skipped.", ("Feature set", "Preprocessing", "Classifier", "Reason"), rows
    )
