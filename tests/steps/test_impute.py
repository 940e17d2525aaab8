"""Gaps are filled with what is typical of the training rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import KNNImputer, SimpleImputer

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


def standardized_by(train: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    return ((table - train.mean()) / train.std(ddof=0)).to_numpy()


@pytest.mark.parametrize("neighbours", [1, 4])
def test_knn_is_that_of_scikit_learn_on_standardized_features(neighbours: int) -> None:
    train, test = numbers(0, 40) * np.arange(1, 8), numbers(1, 12) * np.arange(1, 8)
    reference = KNNImputer(n_neighbors=neighbours).fit(standardized_by(train, train))
    expected = (
        reference.transform(standardized_by(train, test)) * train.std(ddof=0).to_numpy() + train.mean().to_numpy()
    )
    found = Impute(numeric="knn", neighbours=neighbours).fit(train).transform(test)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_array_equal(found.to_numpy()[test.notna()], test.to_numpy()[test.notna()])


def test_knn_by_definition() -> None:
    train = pd.DataFrame({"HRF::a": [0.0, 1.0, 10.0, 11.0], "HRF::b": [1.0, 3.0, 5.0, 9.0]})
    test = pd.DataFrame({"HRF::a": [0.4, 10.6], "HRF::b": [np.nan, np.nan]})
    step = Impute(numeric="knn", neighbours=2).fit(train)
    np.testing.assert_allclose(step.transform(test)["HRF::b"], [2.0, 7.0])


def test_iterative_follows_the_other_features() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(60, 1))
    whole = pd.DataFrame(hidden @ np.array([[1.0, -2.0, 30.0, 4.0]]) + 0.01 * rng.normal(size=(60, 4))).add_prefix(
        "HRF::"
    )
    gappy = whole.mask(rng.random(whole.shape) < 0.1)
    step = Impute(numeric="iterative", seed=1).fit(gappy.iloc[:50])
    error = (step.transform(gappy.iloc[50:]) - whole.iloc[50:]).abs().max() / whole.std()
    assert error.max() < 0.1
    again = Impute(numeric="iterative", seed=1).fit(gappy.iloc[:50])
    pd.testing.assert_frame_equal(again.transform(gappy), step.transform(gappy))


@pytest.mark.parametrize("numeric", ["knn", "iterative"])
def test_models_meet_odd_tables(numeric: str) -> None:
    gap = pd.DataFrame({"HRF::a": [np.nan]})
    whole = pd.DataFrame({"HRF::a": [1.0, 2.0, 3.0]})
    assert Impute(numeric=numeric).fit(whole).transform(gap)["HRF::a"].tolist() == [2.0]
    constant = pd.DataFrame({"HRF::a": [4.0, 4.0, np.nan], "HRF::b": [1.0, 1.0, 1.0]})
    assert Impute(numeric=numeric).fit_transform(constant)["HRF::a"].tolist() == [4.0] * 3
    empty = pd.DataFrame({"HRF::a": [np.nan, np.nan], "clinical::s": ["x", None]})
    out = Impute(numeric=numeric, all_missing="zero").fit_transform(empty)
    assert out.to_numpy().tolist() == [[0.0, "x"], [0.0, "x"]]


def test_too_few_rounds_are_told() -> None:
    step = Impute(numeric="iterative", rounds=1).fit(numbers(0, 40))
    assert step.remarks_ == ["HRF: filled values still moved after 1 rounds"]


def test_a_column_beside_the_feature_says_what_was_filled() -> None:
    train = pd.DataFrame(
        {"HRF::a": [1.0, np.inf], "HRF::b": [1.0, 2.0], "clinical::s": ["x", None], PATIENT: ["p", "q"]}
    )
    out = Impute(indicator=True).fit(train).transform(train.assign(**{"HRF::b": [np.nan, 2.0]}))
    told = ["HRF::a", "HRF::a is missing", "HRF::b", "clinical::s", "clinical::s is missing", PATIENT]
    assert list(out.columns) == told
    assert out["HRF::a is missing"].tolist() == out["clinical::s is missing"].tolist() == [0.0, 1.0]
    with pytest.raises(
        DataError, match=r"1 \(first: 'HRF::a is missing'\) of the new columns have a name that is taken"
    ):
        Impute(indicator=True).fit_transform(train.assign(**{"HRF::a is missing": 0.0}))


def test_features_with_too_many_gaps_go_and_cases_are_told() -> None:
    train = pd.DataFrame(
        {
            "HRF::a": [1.0, np.nan, np.nan, 2.0],
            "HRF::b": [1.0, np.nan, 3.0, 4.0],
            "clinical::s": ["x", None, None, None],
        },
        index=list("pqrs"),
    )
    step = Impute(max_missing_features=0.5, max_missing_cases=0.9, indicator=True).fit(train)
    assert step.dropped_ == ("clinical::s",)
    assert list(step.transform(train).columns) == ["HRF::a", "HRF::a is missing", "HRF::b", "HRF::b is missing"]
    assert step.remarks_ == [
        "1 (first: 'clinical::s') of 3 features are missing in more than 50% of the training rows: dropped",
        "1 (first: 'q') of 4 training cases lack more than 90% of their features: they stay",
    ]
    assert Impute(max_missing_features=0.75).fit(train).dropped_ == ()
    for numeric in ("knn", "iterative"):
        few = Impute(numeric=numeric, max_missing_features=0.3).fit(train)
        assert list(few.fit_transform(train).columns) == ["HRF::b"]


def test_an_empty_feature_is_told() -> None:
    step = Impute().fit(pd.DataFrame({"HRF::a": [np.nan, np.nan], "HRF::b": [1.0, 2.0]}))
    assert step.remarks_ == ["1 (first: 'HRF::a') of 2 features have no value in training: dropped"]
