"""Curves and numbers of single classes, as those of a binary outcome."""

from __future__ import annotations

import pandas as pd

from benchmark.estimates import split_class
from benchmark.tables.order import Run, declared, in_order


def labels_of(names: pd.Series, run: Run) -> list[str]:
    """The classes that measures or curves name (``auc[MSI]``), in order."""
    return in_order([label for _, label in map(split_class, names.unique()) if label], declared(run, "classes"))


def of_one_class(frame: pd.DataFrame, column: str, label: str) -> pd.DataFrame:
    """The rows whose ``column`` names this class, with the names of a binary outcome."""
    parts = [split_class(str(name)) for name in frame[column]]
    kept = frame[[found == label for _, found in parts]]
    return kept.assign(**{column: [measure for measure, found in parts if found == label]})
