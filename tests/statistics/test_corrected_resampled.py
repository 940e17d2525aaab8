"""The corrected resampled t test against correctR, and its invariants."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmark.errors import DataError
from benchmark.statistics.corrected_resampled import corrected_resampled_test, ratio_of_sizes

TINY = json.loads((Path(__file__).parents[1] / "data" / "comparison_nadeau_bengio.json").read_text())


def check(differences: np.ndarray, ratio: float, expected: dict) -> None:
    test = corrected_resampled_test(differences, ratio=ratio)
    assert test.df == expected["df"]
    for ours, theirs in (
        (test.difference, "mean_diff"),
        (test.se, "se"),
        (test.statistic, "t"),
        (test.p, "p_two_sided"),
        (test.p_greater, "p_greater"),
    ):
        assert ours[0] == pytest.approx(expected[theirs], rel=1e-10), theirs
    assert (test.low[0], test.high[0]) == pytest.approx(expected["ci95"], rel=1e-10)


def test_tiny_example_equals_correctr() -> None:
    check(np.array(TINY["diff"]), TINY["test_train_ratio"], TINY)


def test_without_overlap_it_is_the_paired_t_test() -> None:
    d = np.random.default_rng(0).normal(0.1, 1, 12)
    test, plain = corrected_resampled_test(d, ratio=1e-15), stats.ttest_1samp(d, 0)
    assert (test.statistic[0], test.p[0]) == pytest.approx((plain.statistic, plain.pvalue))
    corrected = corrected_resampled_test(d, ratio=0.25)
    assert corrected.p[0] > test.p[0] and corrected.high[0] > test.high[0]


def test_many_pairs_at_once_are_the_pairs_alone() -> None:
    d = np.random.default_rng(1).normal(0, 1, (25, 4))
    together = corrected_resampled_test(d, ratio=0.25)
    for column in range(4):
        alone = corrected_resampled_test(d[:, column], ratio=0.25)
        assert (alone.p[0], alone.low[0]) == pytest.approx((together.p[column], together.low[column]))
    turned = corrected_resampled_test(-d, ratio=0.25)
    assert turned.high == pytest.approx(-together.low) and turned.p == pytest.approx(together.p)


def test_differences_without_variance() -> None:
    d = np.column_stack([np.zeros(5), np.full(5, 0.1), np.full(5, -0.3)])
    test = corrected_resampled_test(d, ratio=0.25)
    assert (test.statistic[0], test.p[0], test.low[0], test.high[0]) == (0, 1, 0, 0)
    assert test.difference.tolist() == [0, 0.1, -0.3]
    assert np.isnan([test.statistic[1:], test.p[1:], test.low[1:], test.high[1:]]).all()


def test_a_missing_fold_is_undefined_never_left_out() -> None:
    d = np.random.default_rng(2).normal(0, 1, (10, 2))
    d[4, 1] = np.nan
    test = corrected_resampled_test(d, ratio=0.25)
    assert np.isfinite(test.p[0])
    assert np.isnan([test.difference[1], test.se[1], test.p[1], test.low[1]]).all()


@pytest.mark.parametrize("folds", [0, 1])
def test_too_few_folds_are_undefined(folds: int) -> None:
    test = corrected_resampled_test(np.full(folds, 0.2), ratio=0.25)
    assert np.isnan([test.statistic, test.p, test.low]).all()


def test_sizes_must_be_positive() -> None:
    with pytest.raises(DataError, match="found 0, expected more than 0"):
        corrected_resampled_test(np.array([0.1, 0.2]), ratio=0)
    with pytest.raises(DataError, match="sizes of folds"):
        ratio_of_sizes(np.array([10, 0]), np.array([40, 50]))
    assert ratio_of_sizes(np.array([10, 12]), np.array([40, 48])) == 0.25


def test_size_under_the_null_of_correlated_folds() -> None:
    """Differences that share a component of the correlation the test assumes: the nominal 5 % holds."""
    rng = np.random.default_rng(3)
    runs, folds, ratio = 4000, 25, 0.25
    rho = ratio / (1 + ratio)
    d = np.sqrt(rho) * rng.normal(size=(1, runs)) + np.sqrt(1 - rho) * rng.normal(size=(folds, runs))
    assert 0.035 < np.mean(corrected_resampled_test(d, ratio=ratio).p < 0.05) < 0.065
    assert np.mean(stats.ttest_1samp(d, 0).pvalue < 0.05) > 0.3  # what the correction is for
