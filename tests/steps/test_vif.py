"""Variance inflation factors: the definition with regressions, and what happens where there is none."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.outliers_influence import variance_inflation_factor

from benchmark.errors import DataError
from benchmark.steps.vif import Vif


def table(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


def correlated(seed: int, n: int, k: int, noise: float = 0.3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.normal(size=(n, k // 4 + 1)), 4, axis=1)[:, :k] + noise * rng.normal(size=(n, k))


def factor(values: np.ndarray, feature: int) -> float:
    """By statsmodels: a regression with an intercept."""
    return float(variance_inflation_factor(np.column_stack([values, np.ones(len(values))]), feature))


@pytest.mark.parametrize("limit", [2.0, 5.0, 10.0])
def test_equal_to_one_regression_after_the_other(limit: float) -> None:
    values = correlated(0, 80, 18) * np.geomspace(1, 1e6, 18) + 5
    left, expected = list(range(18)), np.zeros(18)
    while True:
        factors = [factor(values[:, left], place) for place in range(len(left))]
        for feature, value in zip(left, factors, strict=True):
            expected[feature] = value
        if max(factors) <= limit:
            break
        del left[int(np.argmax(factors))]
    step = Vif(limit=limit).fit(table(values))
    assert np.flatnonzero(step.states_[0]).tolist() == left
    assert 2 < len(left) < 18
    assert step.remarks_ == []


def test_features_that_others_determine_go_first_and_it_is_said() -> None:
    values = np.random.default_rng(1).normal(size=(50, 6))
    values = np.column_stack([values, values[:, 0] + values[:, 1], 3 * values[:, 2] - 7])
    step = Vif().fit(table(values))
    assert step.states_[0].sum() == 6
    assert step.remarks_ == [
        "2 of 8 features of HRF were linear combinations of others in 50 training cases: they went before any factor "
        "was computed"
    ]


def test_more_features_than_cases() -> None:
    values = correlated(2, 30, 200)
    step = Vif(limit=5.0).fit(table(values))
    kept = values[:, step.states_[0]]
    assert 5 < kept.shape[1] < 30
    assert max(factor(kept, place) for place in range(kept.shape[1])) <= 5 + 1e-6
    assert "171 of 200 features of HRF were linear combinations" in step.remarks_[0]


def test_constant_features_stay_and_one_feature_too() -> None:
    values = correlated(4, 40, 4)
    values[:, 1] = 0.1
    assert Vif().fit(table(values)).states_[0][1]
    assert Vif().fit_transform(table(values[:, :1])).shape[1] == 1
    assert Vif().fit_transform(table(values[:, 1:2])).shape[1] == 1


def test_missing_values_are_refused() -> None:
    values = correlated(5, 20, 4)
    values[3, 2] = np.nan
    with pytest.raises(DataError, match=r"vif: 1 of 4 features have missing .*Put impute before vif"):
        Vif().fit(table(values))
