"""Partial least squares."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cross_decomposition import PLSRegression

from benchmark.errors import DataError
from benchmark.steps.pls import Pls


def frame(n: int, k: int, seed: int = 0) -> pd.DataFrame:
    values = np.random.default_rng(seed).normal(size=(n, k)) * np.arange(1, k + 1)
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(k)])


@pytest.mark.parametrize("n_classes", [2, 3])
def test_equal_to_plsregression(n_classes: int) -> None:
    train, test, y = frame(48, 9), frame(5, 9, seed=1), np.arange(48) % n_classes
    outcome = (y == 1).astype(float) if n_classes == 2 else np.eye(3)[y]
    reference = PLSRegression(3).fit(train.to_numpy(), outcome)
    found = Pls(components=3).fit(train, y).transform(test).to_numpy()
    expected = reference.transform(test.to_numpy()) * np.sqrt(48 / 47)  # its SD has ddof 1
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-7)


def test_the_first_weights_are_covariances() -> None:
    train, y = frame(40, 6), np.arange(40) % 2
    standard = (train - train.mean()) / train.std(ddof=0)
    weights = (standard * (y - y.mean())[:, None]).sum()
    found = Pls(components=1).fit(train, y).weights_[0]["PLS1"]
    ratio = weights / found
    np.testing.assert_allclose(ratio, ratio.iloc[0], rtol=1e-10)
    assert np.linalg.norm(found) == pytest.approx(1)


def test_more_components_than_there_can_be() -> None:
    step = Pls(components=9).fit(frame(30, 4), np.arange(30) % 2)
    assert list(step.transform(frame(2, 4)).columns) == [f"HRF::PLS{number}" for number in (1, 2, 3, 4)]
    assert step.remarks_ == ["HRF: 4 components instead of 9, more are not in 30 cases x 4 features"]


def test_an_outcome_that_is_explained_ends_the_components() -> None:
    y = np.arange(20) % 2
    train = pd.DataFrame({"HRF::a": y * 2.0, "HRF::b": y * 3.0, "HRF::c": -1.0 * y})
    step = Pls(components=3).fit(train, y)
    assert step.transform(train).shape == (20, 1)
    assert step.remarks_[-1] == "HRF: the outcome is explained by 1 components"


def test_what_it_refuses() -> None:
    with pytest.raises(DataError, match="PLS: the training rows have 1 class"):
        Pls().fit(frame(5, 3), np.zeros(5))
    with pytest.raises(DataError, match="PLS: it needs the outcome"):
        Pls().fit(frame(5, 3))


def test_two_cases_of_one_class_are_enough() -> None:
    assert Pls(components=1).fit(frame(12, 3), np.repeat([0, 1], [10, 2])).transform(frame(2, 3)).shape == (2, 1)
