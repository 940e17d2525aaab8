"""Scaling by median and interquartile range of the training rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import RobustScaler

from benchmark.steps.robust_scale import RobustScale


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


def test_equal_to_robust_scaler() -> None:
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 3, (41, 6)), rng.normal(5, 3, (9, 6))
    train[:, 3] = 4.0
    train[[2, 7], 1] = np.nan
    found = RobustScale().fit(frame(train)).transform(frame(test))
    np.testing.assert_allclose(found, RobustScaler().fit(train).transform(test), rtol=1e-12, atol=1e-13)


def test_an_outlier_moves_nothing() -> None:
    train = np.arange(11.0)[:, None]
    ruined = train.copy()
    ruined[10] = 1e9
    inside = RobustScale().fit(frame(train)).transform(frame(train[:10]))
    np.testing.assert_array_equal(RobustScale().fit(frame(ruined)).transform(frame(train[:10])), inside)


def test_without_an_interquartile_range_the_sd_is_the_unit() -> None:
    train = np.array([[0.0]] * 9 + [[1000.0]])
    step = RobustScale().fit(frame(train))
    assert step.transform(frame(train)).iloc[9, 0] == pytest.approx(1000 / train.std())
    assert step.remarks_ == ["1 of 1 features have no interquartile range: scaled by their SD"]


def test_constant_infinite_and_empty_features_pass() -> None:
    train = np.array([[2.0, 1.0, np.nan], [2.0, 3.0, np.nan], [2.0, np.inf, np.nan]])
    out = RobustScale().fit(frame(train)).transform(frame(train)).to_numpy()
    np.testing.assert_array_equal(out, [[0, -1, np.nan], [0, 1, np.nan], [0, np.inf, np.nan]])
