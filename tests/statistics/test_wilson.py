"""Wilson's interval against R (aSAH, S100b > 0.205: sensitivity, specificity, accuracy) and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from benchmark.statistics.wilson import wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (26, 41, 0.48120701087912016, 0.7641016898031054),
        (58, 72, 0.6996724105411147, 0.8804852062054944),
        (84, 113, 0.6557613200313875, 0.8149620050205828),
    ],
)
def test_equals_r(k: int, n: int, low: float, high: float) -> None:
    assert np.ravel(wilson(np.array([k / n]), np.array([n]))) == pytest.approx([low, high], rel=1e-9)


def test_equals_statsmodels_at_the_ends_and_other_levels() -> None:
    for k, n in ((0, 12), (12, 12), (3, 40)):
        expected = proportion_confint(k, n, alpha=0.1, method="wilson")
        assert np.ravel(wilson(np.array([k / n]), np.array([n]), level=0.9)) == pytest.approx(expected, abs=1e-12)


def test_no_case_no_interval() -> None:
    low, high = wilson(np.array([np.nan, 0.5]), np.array([10, 0]))
    assert np.isnan(low).all() and np.isnan(high).all()
