"""One logistic fit on its active features."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from benchmark.steps.lasso_newton import ActiveSet


def test_without_a_feature_the_intercept_is_the_log_odds() -> None:
    fit = ActiveSet(np.array([1.0, 0, 0, 0]))
    fit.solve(0.1, 1e-12)
    assert fit.intercept == pytest.approx(np.log(1 / 3))


def test_one_balanced_feature_in_closed_form() -> None:
    # x = -1, 1 with shares 1/4 and 3/4 of events: mean(x (y - p)) = 1/4 - (expit(b) - 1/2) = lambda, intercept 0.
    x = np.repeat([-1.0, 1.0], 4)
    y = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])
    fit = ActiveSet(y)
    fit.add(np.array([7]), x[None], np.array([1.0]))
    for penalty in (0.2, 0.1, 0.01):
        fit.solve(penalty, 1e-13)
        expected = brentq(lambda b, at=penalty: 0.25 - (expit(b) - 0.5) - at, 0, 5, xtol=1e-14)
        assert fit.coefficients[0] == pytest.approx(expected, abs=1e-11)
        assert fit.intercept == pytest.approx(0, abs=1e-11)
    assert fit.active.tolist() == [7]


def test_a_feature_that_enters_with_the_wrong_sign_leaves() -> None:
    x = np.repeat([-1.0, 1.0], 4)
    fit = ActiveSet(np.array([1.0, 0, 0, 0, 1, 1, 1, 0]))
    fit.add(np.array([0]), x[None], np.array([-1.0]))
    fit.solve(0.1, 1e-12)
    assert fit.active.size == 0


def test_a_coefficient_that_shrinks_to_zero_leaves() -> None:
    x = np.repeat([-1.0, 1.0], 4)
    fit = ActiveSet(np.array([1.0, 0, 0, 0, 1, 1, 1, 0]))
    fit.add(np.array([0]), x[None], np.array([1.0]))
    fit.solve(0.05, 1e-12)
    assert fit.coefficients[0] > 0
    fit.solve(0.3, 1e-12)  # above its lambda_max of 0.25
    assert fit.active.size == 0
    assert np.abs(fit.residual.mean()) < 1e-12


def test_of_duplicates_that_enter_together_the_first_one_does() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=30)
    x = (x - x.mean()) / x.std()
    fit = ActiveSet((x + rng.normal(size=30) > 0).astype(float))
    fit.add(np.array([3, 5, 9]), np.vstack([x, -x, x]), np.array([1.0, -1.0, 1.0]))
    assert fit.active.tolist() == [3]


def test_a_singular_system_is_solved() -> None:
    # The third feature is the sum of the two others, all three active: one has to leave.
    rng = np.random.default_rng(1)
    X = rng.normal(size=(3, 60))
    X[2] = X[0] + X[1]
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    y = (X[2] + 0.5 * rng.normal(size=60) > 0).astype(float)
    fit = ActiveSet(y)
    fit.add(np.arange(3), X, np.ones(3))
    fit.solve(0.01, 1e-11)
    assert fit.unconverged == 0
    assert len(fit.active) < 3
    gradient = X @ fit.residual / 60
    assert np.abs(gradient[fit.active]) == pytest.approx(0.01, abs=1e-10)
