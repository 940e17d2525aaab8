"""The set of models not distinguishable from the best: definition, coverage, degenerate models."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.aucs import Aucs, compare
from benchmark.statistics.best_set import best_set
from benchmark.statistics.delong import delong


def aucs_of(estimate: np.ndarray, covariance: np.ndarray) -> Aucs:
    return Aucs(np.asarray(estimate, float), np.linalg.cholesky(covariance).T, "given")


def simulated(seed: int = 0, n: int = 120, shifts: tuple[float, ...] = (0.2, 0.9, 1.0, 1.1)) -> Aucs:
    rng = np.random.default_rng(seed)
    y = (np.arange(n) % 2).astype(int)
    shared = rng.normal(size=n)
    return delong(y, np.column_stack([shift * y + 0.7 * shared + 0.7 * rng.normal(size=n) for shift in shifts]))


def test_two_models_are_a_one_sided_paired_test() -> None:
    aucs = simulated(shifts=(0.6, 0.9))
    test = compare(aucs, np.array([0]), np.array([1]), level=0.9)  # two-sided 90 % is one-sided 95 %
    found = best_set(aucs)
    assert found.quantile == pytest.approx([stats.norm.ppf(0.95)] * 2)
    assert found.p == pytest.approx([stats.norm.cdf(test.statistic[0]), stats.norm.sf(test.statistic[0])])
    expected = (min(0, test.low[0]), max(0, test.high[0]))
    assert (found.low[0], found.high[0]) == pytest.approx(expected, abs=1e-9)


def test_equal_variances_are_hsus_textbook_interval() -> None:
    """Independent means of one variance: every critical value is Dunnett's one-sided one, here 2.06 for 4 models."""
    estimate = np.array([0.70, 0.80, 0.82, 0.60])
    found = best_set(aucs_of(estimate, np.eye(4) * 0.03**2))
    assert found.quantile == pytest.approx([2.062] * 4, abs=0.005)
    reach = found.quantile * 0.03 * np.sqrt(2)
    assert found.difference == pytest.approx([-0.12, -0.02, 0.02, -0.22])
    assert found.high == pytest.approx(np.maximum(0, found.difference + reach))
    assert found.may_be_best.tolist() == [False, True, True, False]
    assert found.low == pytest.approx(np.array([-0.12, -0.02, 0.02, -0.22]) - reach[[2, 2, 1, 2]])


def test_one_model_far_ahead_is_the_best() -> None:
    found = best_set(aucs_of(np.array([0.95, 0.6, 0.7]), np.eye(3) * 0.02**2))
    assert found.may_be_best.tolist() == [True, False, False]
    assert found.low[0] == 0 and found.high[0] > 0.2
    assert (found.high[1:] == 0).all() and (found.low[1:] < 0).all()


def test_p_is_the_level_at_which_a_model_leaves() -> None:
    aucs = simulated(1)
    found = best_set(aucs)
    for model, p in enumerate(found.p):
        if 0.001 < p < 0.4:
            assert best_set(aucs, level=1 - p * 0.98).may_be_best[model]
            assert not best_set(aucs, level=1 - p * 1.02).may_be_best[model]
    assert ((found.p > 0.05) == found.may_be_best).all()


def test_a_higher_level_keeps_more_models_and_the_largest_is_always_in() -> None:
    aucs = simulated(2)
    sizes = [best_set(aucs, level=level).may_be_best for level in (0.6, 0.9, 0.99)]
    assert all((small <= large).all() for small, large in pairwise(sizes))
    assert all(members[np.argmax(aucs.estimate)] for members in sizes)


def test_order_of_the_models_does_not_matter() -> None:
    aucs = simulated(3)
    order = np.array([2, 0, 3, 1])
    found, turned = best_set(aucs), best_set(Aucs(aucs.estimate[order], aucs.contributions[:, order], aucs.method))
    assert turned.may_be_best.tolist() == found.may_be_best[order].tolist()
    assert turned.low == pytest.approx(found.low[order], abs=5e-4)


def test_intervals_cover_all_differences_at_once() -> None:
    rng = np.random.default_rng(4)
    truth = np.array([0.70, 0.78, 0.78, 0.80, 0.79])
    root = np.linalg.cholesky(0.03**2 * (0.5 + 0.5 * np.eye(5)))
    gap = np.array([truth[i] - np.delete(truth, i).max() for i in range(5)])
    covered, kept, runs = 0, 0, 60
    for _ in range(runs):
        found = best_set(Aucs(truth + root @ rng.normal(size=5), root.T, "given"))
        covered += bool(np.all((found.low <= gap + 1e-12) & (gap - 1e-12 <= found.high)))
        kept += found.may_be_best[3]
    assert covered / runs > 0.88 and kept / runs > 0.88


def test_identical_rankings_are_one_model() -> None:
    aucs = simulated(5, shifts=(0.3, 1.0))
    doubled = Aucs(aucs.estimate[[0, 1, 1]], aucs.contributions[:, [0, 1, 1]], aucs.method)
    found, twice = best_set(aucs), best_set(doubled)
    assert twice.may_be_best[1] and twice.may_be_best[2]
    assert twice.p[1:] == pytest.approx([found.p[1]] * 2)
    assert twice.high[0] == pytest.approx(found.high[0], abs=1e-3)
    alike = best_set(Aucs(aucs.estimate[[1, 1]], aucs.contributions[:, [1, 1]], aucs.method))
    assert alike.may_be_best.all() and alike.p.tolist() == [1, 1]


def test_undefined_models_are_left_out() -> None:
    aucs = simulated(6)
    estimate, contributions = aucs.estimate.copy(), aucs.contributions.copy()
    estimate[1], contributions[:, 1] = np.nan, np.nan
    found = best_set(Aucs(estimate, contributions, aucs.method))
    others = [0, 2, 3]
    clean = best_set(Aucs(aucs.estimate[others], aucs.contributions[:, others], aucs.method))
    assert np.isnan([found.p[1], found.low[1], found.high[1]]).all() and not found.may_be_best[1]
    assert found.p[others] == pytest.approx(clean.p) and found.high[others] == pytest.approx(clean.high)


def test_constant_and_perfect_scores_cannot_be_told_apart() -> None:
    y = (np.arange(40) % 2).astype(int)
    noise = np.random.default_rng(7).normal(size=40)
    found = best_set(delong(y, np.column_stack([y + 0.0, np.full(40, 0.5), y + noise])))
    assert np.isnan(found.p[:2]).all() and not found.may_be_best[:2].any()
    assert np.isfinite(found.p[2])


def test_one_model_and_none() -> None:
    assert best_set(simulated(8, shifts=(1.0,))).may_be_best.tolist() == [True]
    one_class = delong(np.ones(10, int), np.random.default_rng(9).random((10, 3)))
    assert not best_set(one_class).may_be_best.any()
