"""Recursive elimination: scikit-learn's numbers, and rounds by share."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_selection import RFE
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from benchmark.errors import DataError
from benchmark.steps.rfe import ESTIMATORS, Rfe, eliminate


def simulated(n: int = 60, k: int = 20, classes: int = 2, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, k))
    score = 2 * X[:, 1] - 2 * X[:, 6] + 0.5 * rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return pd.DataFrame(X * np.geomspace(1, 1e4, k), columns=[f"HRF::f{number}" for number in range(k)]), y


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    ("name", "model"), [("linear_svm", SVC(kernel="linear")), ("logistic", LogisticRegression(max_iter=1000))]
)
def test_one_feature_per_round_is_scikit_learn(name: str, model: SVC, classes: int) -> None:
    X, y = simulated(classes=classes)
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    reference = RFE(model, n_features_to_select=4).fit(Z, y).support_
    step = Rfe(k=4, estimator=name, step=0.01).fit(X, y)
    assert step.states_[0].tolist() == reference.tolist()
    assert step.states_[0][[1, 6]].all()


def test_a_round_drops_its_share_and_the_last_one_no_more_than_it_must() -> None:
    X, y = simulated(k=20)
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    sizes = [len(left) for left, _ in eliminate(Z, y, lambda: ESTIMATORS["logistic"](0), 3, 0.25)]
    assert sizes == [20, 15, 12, 9, 7, 6, 5, 4, 3]


def test_the_forest_finds_what_matters() -> None:
    X, y = simulated()
    assert Rfe(k=2, estimator="random_forest", step=0.5).fit(X, y).states_[0][[1, 6]].all()


def test_constants_caps_and_what_it_refuses() -> None:
    X, y = simulated()
    X.iloc[:, 3] = 1.0
    step = Rfe(k=50).fit(X, y)
    assert np.flatnonzero(~step.states_[0]).tolist() == [3]
    assert step.remarks_ == ["k = 50, but HRF had 19 features to choose from: all were kept"]
    assert Rfe(k=3).fit(X, (np.arange(60) < 2).astype(int)).states_[0].sum() == 3
    with pytest.raises(DataError, match=r"rfe: the training rows have 1 class"):
        Rfe().fit(X, 0 * y)
    X.iloc[3, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before rfe"):
        Rfe().fit(X, y)
