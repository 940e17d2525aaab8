"""Extreme values are pulled in."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import median_abs_deviation

from benchmark.errors import ConfigError
from benchmark.steps.winsorize import Winsorize


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


@pytest.fixture
def rows() -> np.ndarray:
    return np.random.default_rng(0).standard_t(2, (101, 5))


def test_limits_are_quantiles_of_the_training_rows(rows: np.ndarray) -> None:
    test = np.array([[-1e9] * 5, [1e9] * 5, [0.0] * 5])
    found = Winsorize(lower=0.05, upper=0.9).fit(frame(rows)).transform(frame(test)).to_numpy()
    np.testing.assert_allclose(found[:2], np.quantile(rows, (0.05, 0.9), axis=0), rtol=1e-13)
    assert not found[2].any()


def test_limits_are_mads_of_the_training_rows(rows: np.ndarray) -> None:
    test = np.array([[-1e9] * 5, [1e9] * 5])
    found = Winsorize(by="mad", k=2.5).fit(frame(rows)).transform(frame(test)).to_numpy()
    width = 2.5 * median_abs_deviation(rows, scale="normal")
    np.testing.assert_allclose(found, [np.median(rows, 0) - width, np.median(rows, 0) + width], rtol=1e-13)


def test_a_feature_without_mad_stays_and_is_told() -> None:
    train = np.array([[0.0]] * 9 + [[5.0]])
    step = Winsorize(by="mad").fit(frame(train))
    np.testing.assert_array_equal(step.transform(frame(train)), train)
    assert step.remarks_ == ["1 of 1 features have a MAD of 0: left as they are"]


@pytest.mark.parametrize("by", ["quantiles", "mad"])
def test_gaps_stay(by: str) -> None:
    train = np.array([[1.0, np.nan], [3.0, np.nan], [np.inf, np.nan], [2.0, np.nan]])
    out = Winsorize(by=by, lower=0.0, upper=1.0).fit(frame(train)).transform(frame(train)).to_numpy()
    np.testing.assert_array_equal(out, train)


def test_limits_in_the_wrong_order() -> None:
    with pytest.raises(ConfigError, match=r"winsorize: lower \(0.9\) should be below upper \(0.1\)"):
        Winsorize(lower=0.9, upper=0.1).check()
