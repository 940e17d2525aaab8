"""Skewed features are taken to logarithms."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import skew

from benchmark.steps.log import Log, skewness


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


@pytest.fixture
def rows() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.column_stack([rng.normal(size=80), rng.lognormal(2, 1, 80), -rng.lognormal(2, 1, 80)])


def test_skewness_is_that_of_scipy(rows: np.ndarray) -> None:
    rows[3, 0] = np.nan
    np.testing.assert_allclose(skewness(rows), skew(rows, nan_policy="omit"), rtol=1e-12)
    assert skewness(1e200 * rows)[1] == pytest.approx(skewness(rows)[1], rel=1e-12)
    assert np.isnan(skewness(np.ones((5, 1)))).all()


def test_shifted_changes_what_is_skewed_to_the_right(rows: np.ndarray) -> None:
    step = Log().fit(frame(rows))
    out = step.transform(frame(rows)).to_numpy()
    np.testing.assert_array_equal(out[:, [0, 2]], rows[:, [0, 2]])
    np.testing.assert_allclose(out[:, 1], np.log(1 + rows[:, 1] - rows[:, 1].min()), rtol=1e-12)
    assert abs(skew(out[:, 1])) < 0.5
    assert step.remarks_ == ["1 of 3 features of HRF have a skewness above 1 and were taken to logarithms"]


def test_signed_changes_both(rows: np.ndarray) -> None:
    out = Log(form="signed").fit(frame(rows)).transform(frame(rows)).to_numpy()
    np.testing.assert_allclose(out[:, 1], np.log(1 + rows[:, 1]), rtol=1e-12)
    np.testing.assert_allclose(out[:, 2], -np.log(1 - rows[:, 2]), rtol=1e-12)


def test_values_below_the_shift_keep_their_order_and_are_finite(rows: np.ndarray) -> None:
    below = rows[:, 1].min() - np.array([0.0, 0.5, 1.0, 10.0, 1e6])
    test = np.column_stack([below, below, below])
    out = Log().fit(frame(rows)).transform(frame(test)).to_numpy()[:, 1]
    np.testing.assert_allclose(out, -np.log([1.0, 1.5, 2.0, 11.0, 1e6 + 1]), rtol=1e-9)


def test_gaps_and_constant_features_stay() -> None:
    train = np.array([[1.0, np.nan, 4.0]] * 9 + [[900.0, np.nan, 4.0], [np.inf, np.nan, 4.0]])
    out = Log().fit(frame(train)).transform(frame(train)).to_numpy()
    np.testing.assert_array_equal(out[:, 1:], train[:, 1:])
    np.testing.assert_array_equal(out[[0, 10], 0], [0, np.inf])
    assert out[9, 0] == pytest.approx(np.log(900))
