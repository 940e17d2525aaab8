"""lowess against statsmodels, and what must hold; R in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.nonparametric.smoothers_lowess import lowess as statsmodels_lowess

from benchmark.statistics.lowess import _fitted_cases, lowess


def simulated(seed: int = 0, n: int = 120, digits: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.beta(1, 3, n).round(digits)
    return x, (rng.random(n) < x).astype(float)


@pytest.mark.parametrize(("span", "delta"), [(2 / 3, 0.01), (0.3, 0.0), (1.0, 0.0)])
def test_equals_statsmodels_without_ties(span: float, delta: float) -> None:
    x, y = simulated(1)
    expected = statsmodels_lowess(y, x, frac=span, it=0, delta=delta * np.ptp(x), return_sorted=False)
    assert lowess(x, y, span=span, delta=delta) == pytest.approx(expected, abs=1e-8)


def test_fit_equals_a_loop_with_ties() -> None:
    x, y = simulated(2, digits=2)
    found = lowess(x, y, delta=0.0)
    n_near = int(2 / 3 * len(x))
    for i, place in enumerate(x):
        h = np.sort(np.abs(x - place))[n_near - 1]
        weight = np.array([(1 - (d / h) ** 3) ** 3 if d <= 0.999 * h else 0.0 for d in np.abs(x - place)])
        assert found[i] == pytest.approx(np.polyval(np.polyfit(x - place, y, 1, w=np.sqrt(weight)), 0), abs=1e-8)


def test_equal_places_get_equal_fits_in_any_order() -> None:
    x, y = simulated(3, digits=1)
    found = lowess(x, y)
    for place in np.unique(x):
        assert np.ptp(found[x == place]) == 0
    order = np.random.default_rng(0).permutation(len(x))
    assert lowess(x[order], y[order]) == pytest.approx(found[order], abs=1e-12)


def test_lines_are_kept_and_constant_places_give_the_mean() -> None:
    x, y = simulated(4)
    assert lowess(x, 2 - 3 * x) == pytest.approx(2 - 3 * x)
    assert lowess(np.full(len(x), 0.4), y) == pytest.approx(np.full(len(x), y.mean()))
    x[2] = np.nan
    assert np.isnan(lowess(x, y)).all()
    assert np.isnan(lowess(y[:1], y[:1])).all()


def test_fits_at_the_last_case_within_delta_or_the_next_distinct_one() -> None:
    ranked = np.array([0, 0, 0.1, 0.1, 0.105, 0.5, 1.0, 1.0])
    assert _fitted_cases(ranked, 0.01).tolist() == [0, 2, 4, 5, 6]
    assert _fitted_cases(ranked, 0.45).tolist() == [0, 4, 5, 6]
    y = np.arange(8.0) ** 2
    skipped = lowess(ranked, y, delta=0.45)
    at = (ranked[2] - ranked[0]) / (ranked[4] - ranked[0])
    assert skipped[2] == skipped[3] == pytest.approx(skipped[0] + at * (skipped[4] - skipped[0]))
