"""DeLong against pROC, against the definition with loops, and its invariants."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.statistics.aucs import compare, equality_test, intervals
from benchmark.statistics.delong import delong, unpaired_test

TINY = json.loads((Path(__file__).parents[1] / "data" / "auc_tiny.json").read_text())["tiny"]
MARKERS = ["wfns", "s100b", "ndka"]


@pytest.fixture(scope="module")
def asah(shared: Path) -> tuple[pd.DataFrame, np.ndarray, dict]:
    folder = shared / "oracles" / "01_auc"
    table = pd.read_csv(folder / "aSAH.csv")
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]
    return table, (table["outcome"] == "Poor").to_numpy(int), expected


def simulated(seed: int = 0, n: int = 70, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    shared_part = rng.normal(0, 1, n)
    return y, np.stack([(y + shared_part + rng.normal(0, 1, n)).round(1) for _ in range(k)], axis=1)


def covariance_by_pairs(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Equations 4 to 8 of DeLong 1988, written out."""

    def psi(x: float, z: float) -> float:
        return 1.0 if x > z else 0.5 if x == z else 0.0

    high, low = scores[y == 1], scores[y == 0]
    m, n, k = len(high), len(low), scores.shape[1]
    v10 = np.array([[np.mean([psi(high[i, r], z) for z in low[:, r]]) for r in range(k)] for i in range(m)])
    v01 = np.array([[np.mean([psi(x, low[j, r]) for x in high[:, r]]) for r in range(k)] for j in range(n)])
    return np.cov(v10, rowvar=False, ddof=1) / m + np.cov(v01, rowvar=False, ddof=1) / n


@pytest.mark.parametrize("case", TINY)
def test_small_examples_equal_proc(case: str) -> None:
    expected = TINY[case]
    aucs = delong(np.array(expected["y"]), np.array(expected["x"], float)[:, None])
    assert aucs.estimate[0] == pytest.approx(expected["auc"], abs=1e-15)
    assert aucs.variance[0] == pytest.approx(expected["var_delong"], rel=1e-12, abs=1e-18)
    for level, key in ((0.95, "ci95_delong_wald_truncated_to_unit"), (0.90, "ci90_delong_wald_truncated_to_unit")):
        assert np.ravel(intervals(aucs, level=level)) == pytest.approx(expected[key], rel=1e-9)
    logit = np.array(expected["ci95_delong_logit"], float)
    assert np.ravel(intervals(aucs, scale="logit")) == pytest.approx(logit, rel=1e-9, nan_ok=True)


def test_covariance_is_the_definition() -> None:
    y, scores = simulated()
    assert delong(y, scores).covariance == pytest.approx(covariance_by_pairs(y, scores), rel=1e-10)


@pytest.mark.shared
def test_joint_test_equals_its_reference_and_ignores_redundant_contrasts(asah: tuple) -> None:
    table, y, every = asah
    aucs = delong(y, table[MARKERS].to_numpy(float))
    expected = every["global_equality_test"]
    for contrasts in ([[1, -1, 0], [1, 0, -1]], [[1, -1, 0], [0, 1, -1], [1, 0, -1]]):
        test = equality_test(aucs, np.array(contrasts, float))
        assert test.df == expected["df"]
        assert test.statistic == pytest.approx(expected["chi2"], rel=1e-9)
        assert test.p == pytest.approx(expected["p"], rel=1e-9)


def test_interval_of_the_unpaired_difference_belongs_to_its_test() -> None:
    y, scores = simulated(7, n=50, k=2)
    first, second = delong(y, scores[:, :1]), delong(y, scores[:, 1:])
    test = unpaired_test(first, second)
    at_the_edge = unpaired_test(first, second, level=1 - test.p)
    assert min(abs(at_the_edge.low), abs(at_the_edge.high)) == pytest.approx(0, abs=1e-9)
    assert unpaired_test(second, first).low == pytest.approx(-test.high)


def test_unpaired_without_variance() -> None:
    y = np.array([0, 0, 1, 1])
    perfect, constant = delong(y, y[:, None].astype(float)), delong(y, np.full((4, 1), 0.5))
    same = unpaired_test(perfect, perfect)
    assert (same.p, same.low, same.high) == (1, 0, 0)
    apart = unpaired_test(perfect, constant)
    single = delong(y[1:], y[1:, None].astype(float))
    assert np.isnan(unpaired_test(perfect, single).p)
    assert apart.difference == 0.5 and np.isnan([apart.p, apart.low, apart.high]).all()


def test_identical_rankings_have_no_difference() -> None:
    y, scores = simulated(1, k=1)
    tests = compare(delong(y, np.hstack([scores, np.exp(scores)])), np.array([0]), np.array([1]))
    assert (tests.statistic[0], tests.p[0], tests.low[0], tests.high[0]) == (0, 1, 0, 0)


def test_nearly_identical_rankings_keep_their_precision() -> None:
    rng = np.random.default_rng(2)
    n = 20000
    y = np.arange(n) % 2
    score = rng.permutation(n) + 0.0
    other = score.copy()
    high, low = np.flatnonzero((score == 9001) | (score == 9000))
    if y[high] == y[low]:
        y[high] = 1 - y[high]
    other[[high, low]] = other[[low, high]]
    aucs = delong(y, np.stack([score, other], axis=1))
    tests = compare(aucs, np.array([0]), np.array([1]))
    # one swapped pair is one pair out of m n; two cases differ, each by one place
    assert abs(tests.difference[0]) == pytest.approx(1 / (y.sum() * (n - y.sum())), rel=1e-6)
    assert abs(tests.statistic[0]) == pytest.approx(np.sqrt(0.5), rel=1e-3)


def test_difference_without_variance_is_not_significant_but_undefined() -> None:
    y = np.array([0, 0, 0, 1, 1])
    scores = np.stack([y + 0.0, np.full(5, 0.5)], axis=1)
    tests = compare(delong(y, scores), np.array([0]), np.array([1]))
    assert tests.difference[0] == 0.5
    assert np.isnan([tests.p[0], tests.low[0], tests.statistic[0]]).all()


def test_one_class_and_single_cases_are_undefined() -> None:
    y, scores = simulated(3)
    assert np.isnan(delong(np.ones(len(y), int), scores).estimate).all()
    assert np.isnan(delong(np.zeros(len(y), int), scores).estimate).all()
    single = np.zeros(len(y), int)
    single[0] = 1
    aucs = delong(single, scores)
    assert not np.isnan(aucs.estimate).any()
    assert np.isnan(aucs.variance).all()


def test_a_missing_score_ruins_only_its_own_model() -> None:
    y, scores = simulated(4)
    clean = delong(y, scores)
    scores[3, 2] = np.nan
    aucs = delong(y, scores)
    others = [0, 1, 3]
    assert np.isnan(aucs.estimate[2]) and np.isnan(aucs.covariance[2]).all()
    assert aucs.covariance[np.ix_(others, others)] == pytest.approx(clean.covariance[np.ix_(others, others)])
    assert np.isnan(compare(aucs, np.array([0]), np.array([2])).p[0])
    assert np.isnan(equality_test(aucs, np.array([[1.0, -1, 0, 0], [1.0, 0, -1, 0]])).p)


def test_joint_test_of_equal_models_is_empty() -> None:
    y, scores = simulated(5, k=1)
    test = equality_test(delong(y, np.hstack([scores, scores, scores])), np.array([[1.0, -1, 0], [0, 1.0, -1]]))
    assert (test.statistic, test.df, test.p) == (0, 0, 1)


def test_intervals_cover_at_about_their_level() -> None:
    rng = np.random.default_rng(6)
    n, runs = 80, 400
    y = (np.arange(n) % 2).astype(int)
    truth = 0.7602  # P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    aucs = delong(y, rng.normal(y[:, None], 1, (n, runs)))
    low, high = intervals(aucs)
    assert 0.91 < np.mean((low <= truth) & (truth <= high)) < 0.98
