"""Scaling to the range of the training rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MinMaxScaler

from benchmark.steps.min_max_scale import MinMaxScale


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


@pytest.mark.parametrize("clip", [False, True])
def test_equal_to_min_max_scaler(clip: bool) -> None:
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 3, (40, 6)), rng.normal(5, 9, (9, 6))
    train[:, 3] = 4.0
    train[2, 1] = np.nan
    found = MinMaxScale(clip=clip).fit(frame(train)).transform(frame(test))
    np.testing.assert_allclose(found, MinMaxScaler(clip=clip).fit(train).transform(test), rtol=1e-12, atol=1e-13)


def test_gaps_stay() -> None:
    train = np.array([[1.0, np.nan], [3.0, np.nan], [np.inf, np.nan]])
    out = MinMaxScale(clip=True).fit(frame(train)).transform(frame(train)).to_numpy()
    np.testing.assert_array_equal(out, [[0, np.nan], [1, np.nan], [np.inf, np.nan]])
