"""The score of machines that know one class."""

import numpy as np
import pandas as pd
import pytest
from sklearn.svm import OneClassSVM

from benchmark.errors import DataError
from benchmark.steps.one_class_svm import OneClassSvm

Y = np.repeat([0, 1], [40, 20])


@pytest.fixture
def train() -> pd.DataFrame:
    values = np.random.default_rng(0).normal(size=(60, 8)) * np.arange(1, 9) + 3.0 * Y[:, None] * np.arange(1, 9)
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(8)])


@pytest.mark.parametrize(("fitted_on", "code"), [("negative", 0), ("positive", 1)])
def test_equal_to_scikit_learn(train: pd.DataFrame, fitted_on: str, code: int) -> None:
    standard = ((train - train.mean()) / train.std(ddof=0)).to_numpy()
    engine = OneClassSVM(nu=0.2, gamma=1 / 8).fit(standard[code == Y])
    expected = engine.decision_function(standard) / engine.decision_function(standard).std()
    step = OneClassSvm(fitted_on=fitted_on, nu=0.2).fit(train, Y)
    np.testing.assert_allclose(step.transform(train)["HRF::one-class score"], expected, rtol=1e-9, atol=1e-12)


def test_the_other_class_is_outside(train: pd.DataFrame) -> None:
    score = OneClassSvm().fit(train, Y).transform(train)["HRF::one-class score"]
    assert score[Y == 0].mean() > 0 > score[Y == 1].max()


def test_machines_on_random_features_are_averaged(train: pd.DataFrame) -> None:
    step = OneClassSvm(machines=5, features=0.5, seed=2).fit(train, Y)
    machines = step.states_[0].machines
    assert [len(machine.features) for machine in machines] == [4] * 5
    assert len({tuple(machine.features) for machine in machines}) > 1
    standard = ((train - train.mean()) / train.std(ddof=0)).to_numpy()
    scores = [m.engine.decision_function(standard[:, m.features]) / m.unit for m in machines]
    np.testing.assert_allclose(step.transform(train).iloc[:, 0], np.mean(scores, axis=0), rtol=1e-9, atol=1e-12)
    assert OneClassSvm(machines=5, features=0.5, seed=3).fit(train, Y).transform(train).iloc[0, 0] != scores[0][0]


def test_added_or_in_the_place_of_the_features(train: pd.DataFrame) -> None:
    assert list(OneClassSvm().fit(train, Y).transform(train).columns) == ["HRF::one-class score", *train.columns]
    assert list(OneClassSvm(keep=False).fit(train, Y).transform(train).columns) == ["HRF::one-class score"]


def test_few_rows_and_bad_input(train: pd.DataFrame) -> None:
    two = np.repeat([0, 1], [58, 2])
    assert np.isfinite(OneClassSvm(fitted_on="positive").fit(train, two).transform(train)).all(axis=None)
    with pytest.raises(DataError, match="one-class SVM: the positive class has 1 of 60 training rows; it needs 2"):
        OneClassSvm(fitted_on="positive").fit(train, np.repeat([0, 1], [59, 1]))
    with pytest.raises(DataError, match="one-class SVM: the training rows have 1 class"):
        OneClassSvm().fit(train, 0 * Y)
    with pytest.raises(DataError, match="one-class SVM: none of 8 features of HRF varies"):
        OneClassSvm().fit(train * 0, Y)
    with pytest.raises(DataError, match="one-class SVM: 1 of 8 features have missing"):
        OneClassSvm().fit(train, Y).transform(train.assign(**{"HRF::f2": np.nan}))
