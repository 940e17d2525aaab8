"""The same alpha, grid and coefficients as ``LassoCV``, bit for bit."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LassoCV
from sklearn.model_selection import KFold, StratifiedKFold
from threadpoolctl import threadpool_limits

from benchmark.steps.lasso_linear import linear_lasso_path_cv


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads would wait for each other: the systems are small."""
    with threadpool_limits(1, user_api="blas"):
        yield


def simulated(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features in correlated groups of ten, and a 0/1 outcome that five of them decide."""
    rng = np.random.default_rng(seed)
    X = np.repeat(rng.normal(size=(n, k // 10 + 1)), 10, axis=1)[:, :k] + 0.7 * rng.normal(size=(n, k))
    signal = X[:, :: max(1, k // 5)]
    y = signal @ rng.normal(size=signal.shape[1]) + 2 * rng.normal(size=n) > 0
    return X * rng.uniform(1, 2, k) + rng.normal(size=k), y.astype(float)


def assert_equal(
    X: np.ndarray, y: np.ndarray, cv: KFold | StratifiedKFold, n_alphas: int, eps: float, patience: int
) -> int:
    """Bit equality with ``LassoCV``; returns how many alphas were computed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference = LassoCV(alphas=n_alphas, eps=eps, cv=cv, max_iter=1000).fit(X, y)
    found = linear_lasso_path_cv(X, y, list(cv.split(X, y)), n_alphas=n_alphas, eps=eps, patience=patience)
    np.testing.assert_array_equal(found.alphas, reference.alphas_)
    assert found.alpha == reference.alpha_
    np.testing.assert_array_equal(found.coef, reference.coef_)
    np.testing.assert_allclose(found.mse_path, reference.mse_path_[: len(found.mse_path)], rtol=0, atol=1e-14)
    return len(found.mse_path)


TABLES = [(100, 60), (80, 120), (200, 30), (60, 300), (150, 15), (150, 90), (120, 120), (40, 5), (50, 80), (90, 200)]


@pytest.mark.parametrize(("n", "k"), TABLES)
def test_ten_tables(n: int, k: int) -> None:
    X, y = simulated(n, k, seed=n + k)
    reached = assert_equal(X, y, KFold(5), n_alphas=100, eps=1e-3, patience=25)
    assert reached <= 100


def test_other_folds_and_orders_of_memory() -> None:
    X, y = simulated(90, 70, seed=1)
    cv = StratifiedKFold(4, shuffle=True, random_state=3)
    assert assert_equal(np.asfortranarray(X), y, cv, n_alphas=40, eps=0.01, patience=10) < 40


def test_the_whole_grid_is_the_whole_grid() -> None:
    X, y = simulated(60, 40, seed=2)
    assert assert_equal(X, y, KFold(3), n_alphas=20, eps=0.01, patience=20) == 20


def test_an_outcome_without_any_relation() -> None:
    X, _ = simulated(60, 40, seed=3)
    y = np.random.default_rng(4).permutation(np.repeat([0.0, 1.0], 30))
    assert_equal(X, y, KFold(5), n_alphas=100, eps=1e-3, patience=25)


def test_constant_features() -> None:
    X, y = simulated(60, 40, seed=5)
    X[:, ::7] = 2.0
    assert_equal(X, y, KFold(5), n_alphas=30, eps=0.05, patience=8)
    found = linear_lasso_path_cv(np.ones((60, 3)), y, list(KFold(5).split(X)), n_alphas=30)
    assert not found.coef.any()


def test_a_second_minimum_beyond_the_patience_is_missed_and_found_by_the_whole_grid() -> None:
    """What the early end cannot know: useful features of a small scale enter long after useless ones."""
    X, _ = simulated(100, 40, seed=7)
    y = (X[:, 0] > X[:, 0].mean()).astype(float)
    X[:, 20:] *= 50
    folds = list(KFold(5).split(X))
    early = linear_lasso_path_cv(X, y, folds)
    assert_equal(X, y, KFold(5), n_alphas=100, eps=1e-3, patience=100)
    assert not early.coef[0]
    assert linear_lasso_path_cv(X, y, folds, patience=100).coef[0]


def test_what_did_not_converge_is_counted() -> None:
    X, y = simulated(60, 200, seed=6)
    folds = list(KFold(3).split(X))
    assert linear_lasso_path_cv(X, y, folds, n_alphas=20, patience=20, max_iter=3).unconverged > 0
    assert linear_lasso_path_cv(X, y, folds, n_alphas=20, eps=0.1, patience=20).unconverged == 0


@pytest.mark.shared
def test_a_real_table(shared: Path) -> None:
    table = pd.read_csv(shared / "data" / "radmlbench-hosny2018" / "Hosny2018A.csv.gz").drop(columns="ID")
    y = table.pop("Target").to_numpy(float)
    assert assert_equal(table.to_numpy(float), y, KFold(5), n_alphas=30, eps=0.05, patience=8) < 20
