"""The exact interval against R (aSAH, S100b > 0.205) and statsmodels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from benchmark.metrics.confusion import confusion
from benchmark.metrics.proportions import PROPORTIONS
from benchmark.statistics.clopper_pearson import clopper_pearson
from benchmark.statistics.wilson import wilson


@pytest.mark.shared
@pytest.mark.parametrize("name", PROPORTIONS)
def test_proportions_and_both_intervals_equal_r(shared: Path, name: str) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]["s100b_gt_0.205"][name]
    table = pd.read_csv(folder / "aSAH.csv")
    counts = confusion((table["outcome"] == "Poor").to_numpy(int), table["s100b"].to_numpy() > 0.205)
    k, n = PROPORTIONS[name](counts)
    assert (k, n) == (expected["k"], expected["n"])
    assert k / n == pytest.approx(expected["estimate"], rel=1e-12)
    assert np.ravel(clopper_pearson(k, n)) == pytest.approx(expected["ci95_clopper_pearson"], rel=1e-10)
    assert np.ravel(wilson(k / n, n)) == pytest.approx(expected["ci95_wilson"], rel=1e-10)


def test_equals_statsmodels_at_the_ends_and_other_levels() -> None:
    k, n = np.array([0, 12, 3, 1]), np.array([12, 12, 40, 1])
    low, high = clopper_pearson(k, n, level=0.9)
    for place in range(4):
        expected = proportion_confint(k[place], n[place], alpha=0.1, method="beta")
        assert [low[place], high[place]] == pytest.approx(np.nan_to_num(expected, nan=1), abs=1e-12)
    assert (low[0], high[1]) == (0, 1)


def test_no_case_no_interval() -> None:
    assert np.isnan(clopper_pearson(np.array([0, np.nan]), np.array([0, 5]))).all()


def test_covers_at_least_at_its_level() -> None:
    n = 15
    k = np.arange(n + 1)
    low, high = clopper_pearson(k, np.full(n + 1, n))
    for p in (0.05, 0.3, 0.5, 0.93):
        chance = np.array([np.prod([(n - j) / (j + 1) for j in range(i)]) for i in k]) * p**k * (1 - p) ** (n - k)
        assert chance[(low <= p) & (p <= high)].sum() >= 0.95
