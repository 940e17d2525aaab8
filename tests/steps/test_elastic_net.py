"""The elastic net: scikit-learn's solution, the optimality conditions, and the choice of the mixing."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from benchmark.errors import DataError
from benchmark.frame import PATIENT
from benchmark.steps.elastic_net import ElasticNet
from benchmark.steps.lasso import Lasso
from benchmark.steps.lasso_logistic import logistic_path, logistic_path_cv, null_gradient
from benchmark.steps.training_rows import folds_of


def simulated(n: int = 90, k: int = 40, seed: int = 0, classes: int = 2) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.repeat(rng.normal(size=(n, k // 10 + 1)), 10, axis=1)[:, :k] + 0.5 * rng.normal(size=(n, k))
    score = X[:, :10].sum(axis=1) / 5 + rng.normal(size=n)
    cuts = np.quantile(score, np.arange(1, classes) / classes)
    return pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(k)]), np.digitize(score, cuts)


@pytest.mark.parametrize("mixing", [0.7, 0.2])
def test_coefficients_are_those_of_saga(mixing: float) -> None:
    X, y = simulated(seed=1)
    Z = ((X - X.mean()) / X.std(ddof=0)).to_numpy()
    largest = null_gradient(Z, y).max() / mixing
    intercepts, coefficients = logistic_path(Z, y.astype(float), np.array([1, 0.5, 0.1]) * largest, mixing=mixing)
    assert not coefficients[0].any()
    saga = LogisticRegression(C=1 / (90 * 0.1 * largest), l1_ratio=mixing, solver="saga", tol=1e-9, max_iter=20000)
    saga.fit(Z, y)
    np.testing.assert_allclose(coefficients[2], saga.coef_[0], rtol=0, atol=1e-6)
    assert intercepts[2] == pytest.approx(saga.intercept_[0], abs=1e-6)
    for place, share in enumerate([1, 0.5, 0.1]):
        penalty, b = share * largest, coefficients[place]
        residual = y - 1 / (1 + np.exp(-(intercepts[place] + Z @ b)))
        slope = Z.T @ residual / 90 - penalty * (1 - mixing) * b
        assert np.abs(slope[b != 0]) == pytest.approx(mixing * penalty, abs=1e-8)
        assert np.abs(slope).max() <= mixing * penalty + 1e-8


def test_exact_duplicates_share_a_coefficient() -> None:
    X, y = simulated(seed=2)
    Z = np.hstack([X.to_numpy()[:, :5], X.to_numpy()[:, :5]])
    _, coefficients = logistic_path(Z, y.astype(float), np.array([0.2, 0.05]), mixing=0.5)
    assert coefficients[1].any()
    np.testing.assert_allclose(coefficients[:, :5], coefficients[:, 5:], rtol=0, atol=1e-7)


def test_the_mixing_with_the_least_error_is_chosen() -> None:
    chosen = set()
    for seed in range(4):
        X, y = simulated(seed=seed, n=60)
        step = ElasticNet(mixing=(1.0, 0.1, 0.5), seed=3).fit(X, y)
        folds = folds_of("elastic_net", y, None, 5, 3)
        paths = {a: logistic_path_cv(X.to_numpy(), y.astype(float), folds, eps=1e-4, mixing=a) for a in (0.1, 0.5, 1.0)}
        best = min(paths, key=lambda a: paths[a].mean_error.min())
        coefficients = paths[best].coefficients[paths[best].choose("minimum")]
        assert step.mixings_ == [best]
        assert step.states_[0].tolist() == (coefficients != 0).tolist()
        chosen.add(best)
    assert len(chosen) > 1


def test_a_mixing_of_one_is_the_lasso() -> None:
    X, y = simulated(seed=4)
    for settings in ({}, {"rule": "one_standard_error"}, {"max_features": 2}):
        found = ElasticNet(mixing=(1.0,), **settings).fit(X, y).states_[0]
        assert (found == Lasso(**settings).fit(X, y).states_[0]).all()


def test_three_classes_patients_and_what_it_refuses() -> None:
    X, y = simulated(n=120, classes=3)
    step = ElasticNet(mixing=(0.5, 1.0)).fit(X, y)
    assert len(step.mixings_) == len(step.paths_) == 3
    assert step.states_[0][:10].any()
    owners = np.array([f"p{number // 3}" for number in range(90)], object)
    X, y = simulated()
    outcome = np.arange(90) // 3 % 2
    found = ElasticNet(mixing=(0.5,)).fit(X.assign(**{PATIENT: owners}), outcome).paths_[0].weights
    assert found.tolist() == [len(test) for _, test in folds_of("elastic_net", outcome, owners, 5, 0)]
    with pytest.raises(DataError, match="elastic_net: it needs 2 cases of each class"):
        ElasticNet().fit(X, (np.arange(90) == 0).astype(int))
    X.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before elastic_net"):
        ElasticNet().fit(X, y)
