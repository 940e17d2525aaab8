"""Gaps are filled with what is typical of the training rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.impute import Impute


def numbers(seed: int, n: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 5, (n, 7)) * 0.3
    values[rng.random(values.shape) < 0.2] = np.nan
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(7)])


@pytest.mark.parametrize("strategy", ["median", "mean", "most_frequent"])
@pytest.mark.parametrize("n", [1, 2, 8, 25])
def test_equal_to_simple_imputer(strategy: str, n: int) -> None:
    train, test = numbers(n, n), numbers(99, 10)
    train.iloc[0] = train.iloc[0].fillna(1.7)
    expected = SimpleImputer(strategy=strategy).fit(train.to_numpy()).transform(test.to_numpy())
    found = Impute(numeric=strategy).fit(train).transform(test).to_numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def test_infinities_are_missing() -> None:
    train = pd.DataFrame({"HRF::a": [1.0, 3.0, np.inf, -np.inf, 5.0]})
    step = Impute().fit(train)
    assert step.transform(pd.DataFrame({"HRF::a": [np.inf, -np.inf, np.nan, 2.0]}))["HRF::a"].tolist() == [3, 3, 3, 2]


def test_median_of_huge_values_does_not_overflow() -> None:
    step = Impute().fit(pd.DataFrame({"HRF::a": [1.5e308, 1.6e308]}))
    assert step.transform(pd.DataFrame({"HRF::a": [np.nan]})).iloc[0, 0] == pytest.approx(1.55e308)


def test_a_feature_without_any_value() -> None:
    train = pd.DataFrame({"HRF::a": [np.nan, np.inf], "HRF::b": [1.0, 2.0], "clinical::s": [None, None]}, dtype=None)
    train["clinical::s"] = train["clinical::s"].astype(object)
    test = pd.DataFrame({"HRF::a": [7.0, np.nan], "HRF::b": [np.nan, 2.0], "clinical::s": ["x", None]})
    dropping = Impute().fit(train)
    assert dropping.dropped_ == ("HRF::a", "clinical::s")
    assert list(dropping.transform(test).columns) == ["HRF::b"]
    zero = Impute(all_missing="zero").fit(train).transform(test)
    assert zero["HRF::a"].tolist() == [7.0, 0.0]
    assert zero["clinical::s"].tolist() == ["x", "missing"]
    with pytest.raises(DataError, match=r"impute: 2 \(first: 'HRF::a', 'clinical::s'\) of 3 features have no value"):
        Impute(all_missing="error").fit(train)


@pytest.mark.parametrize("kind", [object, "str"])
def test_levels(kind: object) -> None:
    train = pd.DataFrame({"clinical::stage": pd.Series(["II", "I", "II", "I", None, "III"], dtype=kind)})
    test = pd.DataFrame({"clinical::stage": pd.Series([None, "IV"], dtype=kind)})
    assert Impute().fit(train).transform(test)["clinical::stage"].tolist() == ["I", "IV"]
    assert Impute(categorical="missing").fit(train).transform(test)["clinical::stage"].tolist() == ["missing", "IV"]


def test_columns_that_are_not_touched() -> None:
    table = pd.DataFrame(
        {"HRF::a": [np.nan, 1.0], "DRF::a": [np.nan, 1.0], "clinical::s": [None, "x"], PATIENT: ["p", None]}
    )
    out = Impute(blocks=("HRF",)).fit_transform(table)
    assert list(out.columns) == list(table.columns)
    assert out["HRF::a"].tolist() == [1.0, 1.0]
    pd.testing.assert_frame_equal(out.drop(columns="HRF::a"), table.drop(columns="HRF::a"))


def test_the_given_rows_stay_as_they_are() -> None:
    table = pd.DataFrame({"HRF::a": [np.nan, 1.0], "clinical::s": [None, "x"]})
    before = table.copy()
    Impute().fit_transform(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_missing_column_is_named() -> None:
    step = Impute().fit(pd.DataFrame({"HRF::a": [1.0], "clinical::s": ["x"]}))
    with pytest.raises(DataError, match="impute: the rows have no feature 's' that training had"):
        step.transform(pd.DataFrame({"HRF::a": [1.0]}))


def test_other_rows_do_not_move_a_row() -> None:
    step = Impute().fit(numbers(0, 30))
    test = numbers(1, 6)
    ruined = test.copy()
    ruined.iloc[1:] = 1e9
    pd.testing.assert_series_equal(step.transform(test).iloc[0], step.transform(ruined).iloc[0])
