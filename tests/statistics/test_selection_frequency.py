"""Frequencies of selected features."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.estimates import FREQUENCIES
from benchmark.predictions import SELECTIONS
from benchmark.statistics.selection_frequency import selection_frequency


def table(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=SELECTIONS)


def test_counts_by_hand() -> None:
    rows = [("cv", "HRF", "lasso", r, f, "CT", "mean") for r in range(2) for f in range(3)]
    rows += [("cv", "HRF", "lasso", 0, f, "CT", "entropy") for f in range(3)]
    rows += [("cv", "HRF", "lasso", 0, 0, "PET", "entropy"), ("cv", "HRF", "lasso", 0, 0, "PET", "entropy")]
    rows += [("cv", "DRF", "lasso", 0, 0, "CT", "mean")]
    found = selection_frequency(table(rows))
    assert found.columns.tolist() == FREQUENCIES
    assert found.to_numpy().tolist() == [
        ["cv", "HRF", "lasso", "CT", "mean", 6, 6, 1.0],
        ["cv", "HRF", "lasso", "CT", "entropy", 3, 6, 0.5],
        ["cv", "HRF", "lasso", "PET", "entropy", 1, 6, pytest.approx(1 / 6)],
        ["cv", "DRF", "lasso", "CT", "mean", 1, 1, 1.0],
    ]


def test_categories_do_not_multiply() -> None:
    rows = [("cv", "HRF", "lasso", 0, 0, "CT", "a"), ("cv", "DRF", "none", 0, 0, "PET", "b")]
    coded = table(rows).astype({"feature_set": "category", "block": "category", "feature": "category"})
    assert selection_frequency(coded).astype(object).equals(selection_frequency(table(rows)).astype(object))


def test_nothing_and_wrong_columns() -> None:
    assert selection_frequency(table([])).columns.tolist() == FREQUENCIES
    with pytest.raises(DataError, match="selections: no column 'feature'"):
        selection_frequency(table([]).drop(columns="feature"))
