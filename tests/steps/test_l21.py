"""The l2,1 regression: its optimality conditions, a falling objective, and which features stay."""

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.steps.l21 import L21, joint_regression, largest_gamma


def simulated(n: int = 60, k: int = 25, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(classes)
    X = rng.normal(size=(n, k))
    score = X[:, 2] - X[:, 7] + 0.7 * rng.normal(size=n)
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def member(y: np.ndarray) -> np.ndarray:
    one_hot = (y[:, None] == np.arange(y.max() + 1)).astype(float)
    return one_hot - one_hot.mean(axis=0)


@pytest.mark.parametrize("gamma", [0.5, 5.0])
@pytest.mark.parametrize(("n", "k"), [(60, 25), (30, 80)])
def test_optimality_conditions(n: int, k: int, gamma: float) -> None:
    X, y = simulated(n, k)
    weights, objectives = joint_regression(X, member(y), gamma)
    assert (np.diff(objectives) <= 1e-12).all()
    residual = member(y) - X @ weights
    direct = np.linalg.norm(residual, axis=1).sum() + gamma * np.linalg.norm(weights, axis=1).sum()
    assert direct == pytest.approx(objectives[-1], rel=1e-9)
    # no small step in any direction improves it, as the objective is convex
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-2, 1e-3):
        for _ in range(50):
            moved = weights + size * rng.normal(size=weights.shape) / np.sqrt(weights.size)
            value = np.linalg.norm(member(y) - X @ moved, axis=1).sum() + gamma * np.linalg.norm(moved, axis=1).sum()
            assert value >= direct * (1 - 1e-5)


def test_rows_that_are_not_zero_meet_the_gradient() -> None:
    X, y = simulated()
    gamma = 5.0
    weights, _ = joint_regression(X, member(y), gamma)
    residual = member(y) - X @ weights
    slope = X.T @ (residual / np.maximum(np.linalg.norm(residual, axis=1), 1e-9)[:, None])
    size = np.linalg.norm(weights, axis=1)
    large = size > 0.03
    assert 2 <= large.sum() < 25
    np.testing.assert_allclose(slope[large], gamma * (weights / size[:, None])[large], rtol=0, atol=0.1 * gamma)
    assert np.linalg.norm(slope[~large], axis=1).max() <= 1.05 * gamma


@pytest.mark.parametrize("classes", [2, 3])
def test_the_largest_gamma_is_where_the_weights_become_zero(classes: int) -> None:
    X, y = simulated(classes=classes)
    largest = largest_gamma(X, member(y))
    below, above = (np.linalg.norm(joint_regression(X, member(y), factor * largest)[0]) for factor in (0.9, 1.1))
    assert above < 1e-3 < below


@pytest.mark.parametrize("classes", [2, 3])
def test_what_matters_stays(classes: int) -> None:
    X, y = simulated(n=200, classes=classes)
    frame = pd.DataFrame(X * 50 + 7, columns=[f"HRF::f{number}" for number in range(25)])
    assert np.flatnonzero(L21(k=2).fit(frame, y).states_[0]).tolist() == [2, 7]


def test_caps_rare_classes_and_what_it_refuses() -> None:
    X, y = simulated()
    frame = pd.DataFrame(X, columns=[f"HRF::f{number}" for number in range(25)])
    frame.iloc[:, 4] = 1.0
    step = L21(k=30, sparsity=0.01).fit(frame, y)
    assert np.flatnonzero(~step.states_[0]).tolist() == [4]
    assert step.remarks_ == ["k = 30, but HRF had 24 features to choose from: all were kept"]
    assert L21(k=30, sparsity=0.9).fit(frame, y).states_[0].sum() < 10
    assert L21(k=3).fit(frame, (np.arange(60) < 2).astype(int)).states_[0].sum() == 3
    with pytest.raises(DataError, match="l21: none of 1 features of HRF varies"):
        L21().fit(frame.iloc[:, [4]], y)
    frame.iloc[0, 0] = np.nan
    with pytest.raises(DataError, match="Put impute before l21"):
        L21().fit(frame, y)
