"""Correlations of the features that were ever selected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from benchmark.correlations import correlations
from benchmark.predictions import CORRELATIONS
from tests.cohorts import small_cohort


def selected(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["block", "feature"])


def test_pairs_of_strongly_correlated_features_once() -> None:
    cohort = small_cohort()
    table = cohort.block("HRF").table.copy()
    table["original_1"] = -2 * table["original_0"] + 0.01 * table["original_2"]
    cohort = replace(cohort, blocks={**cohort.blocks, "HRF": replace(cohort.block("HRF"), table=table)})
    ever = selected(*(("HRF", f"original_{n}") for n in range(4)), ("DRF", "deep_0"), ("HRF", "original_0"))
    found = correlations(cohort, ever)
    assert list(found.columns) == CORRELATIONS
    assert found.to_numpy()[:, :4].tolist() == [["HRF", "original_0", "HRF", "original_1"]]
    expected = np.corrcoef(table["original_0"], table["original_1"])[0, 1]
    np.testing.assert_allclose(found["correlation"], [expected], rtol=1e-12)


def test_levels_and_made_features_are_passed_over() -> None:
    found = correlations(small_cohort(), selected(("clinical", "stage"), ("clinical", "stage=II"), ("HRF", "PC1")))
    assert list(found.columns) == CORRELATIONS
    assert found.empty
