"""The logistic path: the optimality conditions, and folds that equal fits of their own; glmnet in tests/oracles."""

import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from benchmark.steps.lasso_logistic import logistic_path, logistic_path_cv, null_gradient
from benchmark.steps.lasso_path import Folds


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads would wait for each other: the systems are small."""
    with threadpool_limits(1, user_api="blas"):
        yield


def simulated(n: int, k: int, seed: int, *, noise: float = 0.7, signal: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Features in correlated groups of ten, and a 0/1 outcome that five of them decide."""
    rng = np.random.default_rng(seed)
    X = np.repeat(rng.normal(size=(n, k // 10 + 1)), 10, axis=1)[:, :k] + noise * rng.normal(size=(n, k))
    some = X[:, :: max(1, k // 5)]
    y = signal * (some @ rng.normal(size=some.shape[1])) + 2 * rng.normal(size=n) > 0
    return X, y.astype(float)


def folds_of(y: np.ndarray, n: int = 5) -> Folds:
    return list(StratifiedKFold(n, shuffle=True, random_state=0).split(y, y))


def standard(X: np.ndarray) -> np.ndarray:
    sd = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(sd > 1e-12, sd, np.inf)


def violation(X: np.ndarray, y: np.ndarray, penalty: float, intercept: float, coefficients: np.ndarray) -> float:
    """How far the optimality conditions are from being met."""
    Z = standard(X)
    residual = y - 1 / (1 + np.exp(-np.clip(intercept + Z @ coefficients, -500, 500)))
    slope = Z.T @ residual / len(y)
    active = np.abs(slope - penalty * np.sign(coefficients))
    inactive = np.maximum(np.abs(slope) - penalty, 0)
    return float(max(np.where(coefficients != 0, active, inactive).max(), abs(residual.mean())))


@pytest.mark.parametrize(
    ("n", "k", "noise", "eps"),
    [(100, 20, 0.7, 1e-4), (60, 200, 0.7, 1e-2), (50, 90, 0.01, 1e-3), (80, 1500, 0.5, 0.05), (30, 1, 1.0, 1e-3)],
)
def test_optimality_conditions_all_along(n: int, k: int, noise: float, eps: float) -> None:
    X, y = simulated(n, k, seed=n + k, noise=noise)
    path = logistic_path_cv(X, y, folds_of(y, 3), n_lambdas=40, eps=eps, patience=40)
    assert path.n_reached == 40
    assert path.unconverged == 0
    assert path.penalties[0] == pytest.approx(null_gradient(X, y).max())
    intercepts, coefficients = logistic_path(X, y, path.penalties)
    np.testing.assert_allclose(coefficients, path.coefficients, rtol=0, atol=1e-5 * np.abs(coefficients).max())
    largest = path.penalties[0]
    for penalty, intercept, row in zip(path.penalties, intercepts, coefficients, strict=True):
        assert violation(X, y, penalty, intercept, row) < 2e-8 * largest
    assert not coefficients[0].any()
    assert coefficients[-1].any()


def test_hard_tables() -> None:
    """Duplicates, exact dependence, ties, constants, heavy tails, and classes that a feature separates."""
    for seed in range(24):
        rng = np.random.default_rng(seed)
        n, k = int(rng.integers(15, 80)), int(rng.integers(4, 90))
        X, y = simulated(n, k, seed, noise=10 ** rng.uniform(-4, 0.5))
        X[:, k // 2 :] = X[:, : k - k // 2]
        X[:, 2] = X[:, 0] + X[:, 1]
        X = [X, np.round(X), np.exp(3 * X), X * 1e12 + 5e12][seed % 4]
        X[:, 3] = 1.5
        y = (X[:, 0] > np.median(X[:, 0])).astype(float) if seed % 3 == 0 else y
        path = logistic_path_cv(X, y, folds_of(y, 3), n_lambdas=30, eps=1e-3, patience=30)
        intercepts, coefficients = logistic_path(X, y, path.penalties)
        assert path.unconverged == 0
        assert not coefficients[:, 3].any()
        for penalty, intercept, row in zip(path.penalties, intercepts, coefficients, strict=True):
            assert violation(X, y, penalty, intercept, row) < 1e-7 * path.penalties[0]


def test_of_exact_duplicates_the_first_column_is_kept() -> None:
    X, y = simulated(80, 12, seed=3)
    path = logistic_path_cv(np.hstack([X, X, -X]), y, folds_of(y), n_lambdas=20)
    assert path.coefficients.any()
    assert not path.coefficients[:, 12:].any()


def test_saga() -> None:
    X, y = simulated(120, 15, seed=4)
    largest = null_gradient(X, y).max()
    for share in (0.5, 0.1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(
                C=1 / (120 * share * largest), l1_ratio=1, solver="saga", tol=1e-9, max_iter=20000
            )
            model.fit(standard(X), y)
        intercepts, coefficients = logistic_path(X, y, np.array([largest, share * largest]))
        np.testing.assert_allclose(coefficients[1], model.coef_[0], rtol=0, atol=1e-6)
        assert intercepts[1] == pytest.approx(model.intercept_[0], abs=1e-6)


def test_the_deviance_of_a_fold_is_that_of_a_fit_of_its_own() -> None:
    X, y = simulated(90, 300, seed=5)
    X[:, 7] = 0.0
    X[40, 7] = 1.0  # constant without case 40
    folds = folds_of(y, 4)
    path = logistic_path_cv(X, y, folds, n_lambdas=12, eps=0.1, patience=12)
    assert path.weights.tolist() == [len(test) for _, test in folds]
    for number, (train, test) in enumerate(folds):
        intercepts, coefficients = logistic_path(X[train], y[train], path.penalties)
        mean, sd = X[train].mean(axis=0), X[train].std(axis=0)
        Z = (X[test] - mean) / np.where(sd > 0, sd, np.inf)
        for place in range(12):
            deviance = 0.0
            for row, label in zip(Z, y[test], strict=True):
                p = 1 / (1 + np.exp(-(intercepts[place] + row @ coefficients[place])))
                p = min(max(p, 1e-5), 1 - 1e-5)
                deviance -= 2 * np.log(p if label else 1 - p) / len(test)
            assert path.errors[place, number] == pytest.approx(deviance, rel=1e-6)


def test_the_early_end_chooses_as_the_whole_grid() -> None:
    ended_early = 0
    for seed in range(8):
        n, k = [(120, 40), (80, 200), (150, 30), (60, 400)][seed % 4]
        X, y = simulated(n, k, seed, signal=1 + seed % 2)
        eps = 0.01 if k > n else 1e-3
        whole = logistic_path_cv(X, y, folds_of(y), n_lambdas=60, eps=eps, patience=60)
        early = logistic_path_cv(X, y, folds_of(y), n_lambdas=60, eps=eps, patience=15)
        for rule in ("minimum", "one_standard_error"):
            assert early.choose(rule) == whole.choose(rule)
        np.testing.assert_array_equal(early.coefficients, whole.coefficients[: early.n_reached])
        ended_early += early.n_reached < whole.n_reached == 60
    assert ended_early >= 6


def test_the_order_and_scale_of_features_do_not_matter() -> None:
    X, y = simulated(70, 120, seed=6)
    order = np.random.default_rng(0).permutation(120)
    scale = 10.0 ** np.arange(-60, 60)
    one = logistic_path_cv(X, y, folds_of(y), n_lambdas=30)
    other = logistic_path_cv((X * scale - 3 * scale)[:, order], y, folds_of(y), n_lambdas=30)
    np.testing.assert_allclose(other.coefficients, one.coefficients[:, order], rtol=0, atol=1e-6)
    np.testing.assert_allclose(other.errors, one.errors, rtol=1e-6)
