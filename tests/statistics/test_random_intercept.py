"""The mixed model of groups in subjects: against REML by brute force, and the paired t test it becomes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from benchmark.errors import DataError
from benchmark.statistics.random_intercept import random_intercept

RNG = np.random.default_rng(11)
SUBJECT = [0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5, 5, 6, 7, 7, 8]
GROUP = ["a", "b", "c", "a", "b", "b", "c", "a", "c", "a", "b", "c", "b", "a", "c", "a"]
VALUES = (
    RNG.normal(size=9)[SUBJECT]
    + np.array([{"a": 0, "b": 0.6, "c": 1.0}[one] for one in GROUP])
    + 0.4 * RNG.normal(size=16)
)


def by_brute_force() -> tuple[np.ndarray, np.ndarray, float, float]:
    """Coefficients, standard errors, tau2 and sigma2 at the maximum of the restricted likelihood."""
    x = np.array([[1.0, one == "b", one == "c"] for one in GROUP])
    same = np.equal.outer(SUBJECT, SUBJECT).astype(float)

    def parts(logs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        inverse = np.linalg.inv(np.exp(logs[0]) * same + np.exp(logs[1]) * np.eye(16))
        gram = x.T @ inverse @ x
        beta = np.linalg.solve(gram, x.T @ inverse @ VALUES)
        away = VALUES - x @ beta
        cost = -np.linalg.slogdet(inverse)[1] + np.linalg.slogdet(gram)[1] + away @ inverse @ away
        return cost, beta, np.linalg.inv(gram)

    best = optimize.minimize(
        lambda logs: parts(logs)[0],
        [-0.5, -1.5],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000},
    )
    _, beta, covariance = parts(best.x)
    return beta, np.sqrt(np.diag(covariance)), *np.exp(best.x)


def test_estimates_are_those_of_the_restricted_likelihood() -> None:
    found = random_intercept(VALUES, GROUP, SUBJECT)
    beta, se, tau2, sigma2 = by_brute_force()
    assert found.difference == pytest.approx(beta[1:], abs=1e-4)
    assert found.se == pytest.approx(se[1:], rel=1e-3)
    assert (found.tau2, found.sigma2) == pytest.approx((tau2, sigma2), rel=2e-3)
    assert (found.df1, found.df2, found.n_subjects, found.shared) == (2, 16 - 9 - 2, 9, 5)
    t = found.difference / found.se
    assert found.p == pytest.approx(2 * stats.t.sf(abs(t), 5))


def test_complete_pairs_give_the_paired_t_test() -> None:
    first = RNG.normal(size=12)
    second = first + 0.5 + 0.3 * RNG.normal(size=12)
    found = random_intercept(np.concatenate([first, second]), ["a"] * 12 + ["b"] * 12, [*range(12), *range(12)])
    wanted = stats.ttest_rel(second, first)
    assert found.difference[0] == pytest.approx(np.mean(second - first), abs=1e-6)
    assert (found.df2, found.p[0]) == (11, pytest.approx(wanted.pvalue, rel=1e-3))
    assert found.p_all == pytest.approx(found.p[0])
    assert found.statistic == pytest.approx(wanted.statistic**2, rel=1e-3)


def test_without_a_subject_of_two_groups_nothing_is_said() -> None:
    found = random_intercept([1.0, 2.0, 1.5, 3.0], ["a", "b", "a", "b"], [0, 1, 2, 3])
    assert np.isnan([*found.difference, *found.p, found.p_all, found.tau2]).all() and found.shared == 0


def test_too_few_values_are_refused() -> None:
    with pytest.raises(DataError, match="3 values in 2 groups"):
        random_intercept([1.0, 2.0, 3.0], ["a", "b", "b"], [0, 0, 1])
