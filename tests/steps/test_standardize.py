"""Standardization by the training rows."""

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler

from benchmark.frame import PATIENT
from benchmark.steps.standardize import Standardize


def frame(values: np.ndarray, **columns: object) -> pd.DataFrame:
    names = [f"HRF::f{number}" for number in range(values.shape[1])]
    return pd.DataFrame(values, columns=names, index=[f"c{row}" for row in range(len(values))]).assign(**columns)


def test_equal_to_standard_scaler() -> None:
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 3, (40, 6)), rng.normal(5, 3, (9, 6))
    train[:, 3] = 4.0
    train[2, 1] = np.nan
    scaler = StandardScaler().fit(train)
    step = Standardize().fit(frame(train))
    np.testing.assert_allclose(step.transform(frame(test)), scaler.transform(test), rtol=1e-12, atol=1e-13)


def test_infinite_and_empty_features_pass() -> None:
    train = np.array([[1.0, np.nan], [3.0, np.nan], [np.inf, np.nan]])
    out = Standardize().fit(frame(train)).transform(frame(train)).to_numpy()
    np.testing.assert_array_equal(out, [[-1, np.nan], [1, np.nan], [np.inf, np.nan]])


def test_text_and_reserved_columns_pass_and_order_stays() -> None:
    table = frame(np.arange(8.0).reshape(4, 2), **{PATIENT: list("abcd"), "clinical::sex": list("mfmf")})
    table = table[["clinical::sex", "HRF::f1", PATIENT, "HRF::f0"]]
    out = Standardize().fit_transform(table)
    assert list(out.columns) == list(table.columns)
    assert out[PATIENT].tolist() == list("abcd")
    assert out["clinical::sex"].tolist() == list("mfmf")


def test_only_the_named_blocks() -> None:
    table = frame(np.arange(8.0).reshape(4, 2)).rename(columns={"HRF::f1": "DRF::f1"})
    out = Standardize(blocks=("DRF",)).fit_transform(table)
    assert out["HRF::f0"].tolist() == table["HRF::f0"].tolist()
    assert abs(out["DRF::f1"].mean()) < 1e-15


def test_other_rows_do_not_move_a_row() -> None:
    rng = np.random.default_rng(3)
    train, test = frame(rng.normal(size=(20, 3))), frame(rng.normal(size=(5, 3)))
    step = clone(Standardize()).fit(train)
    ruined = test.copy()
    ruined.iloc[1:] = 1e6
    pd.testing.assert_series_equal(step.transform(test).iloc[0], step.transform(ruined).iloc[0])
