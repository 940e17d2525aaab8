"""Bins, calibration error and Hosmer-Lemeshow against loops, and what must hold; R in tests/oracles."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from benchmark.statistics.calibration_bins import bin_predictions, calibration_error, hosmer_lemeshow


def simulated(seed: int = 0, n: int = 400, digits: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    score = rng.beta(1, 2, n).round(digits)
    return (rng.random(n) < score).astype(int), score


@pytest.mark.parametrize("digits", [1, 2, 8])
def test_hosmer_lemeshow_equals_a_loop_with_ties(digits: int) -> None:
    y, score = simulated(1, digits=digits)
    breaks = np.unique(np.quantile(score, np.arange(11) / 10))
    chi2 = 0.0
    for number, (low, high) in enumerate(itertools.pairwise(breaks)):
        within = (score > low) & (score <= high) | ((score == low) & (number == 0))
        for event in (0, 1):
            expected = np.sum(score[within] if event else 1 - score[within])
            gap = np.sum(y[within] == event) - expected
            chi2 += gap**2 / expected if gap else 0  # all predictions of the highest bin may be 1
    found = hosmer_lemeshow(y, score)
    assert found.chi2 == pytest.approx(chi2)
    assert found.n_bins == found.df == len(breaks) - 1
    assert found.p == pytest.approx(stats.chi2.sf(chi2, found.df))


def test_p_is_uniform_for_true_probabilities_and_not_with_the_wrong_df() -> None:
    found = [hosmer_lemeshow(*simulated(seed)).p for seed in range(300)]
    wrong = [hosmer_lemeshow(*simulated(seed), fitted=True).p for seed in range(300)]
    assert np.mean(np.array(found) < 0.05) < 0.09  # binomial error: 0.0126
    assert np.mean(np.array(wrong) < 0.05) > 0.09
    assert stats.kstest(found, "uniform").pvalue > 0.001


def test_every_case_is_in_one_bin_and_order_changes_nothing() -> None:
    y, score = simulated(2, digits=1)
    order = np.random.default_rng(0).permutation(len(y))
    for scheme, n_bins in (("equal width", 10), ("equal mass", 7)):
        bins = bin_predictions(y, score, n_bins=n_bins, scheme=scheme)  # type: ignore[arg-type]
        assert (bins.n.sum(), bins.observed.sum()) == (len(y), y.sum())
        assert bins.expected.sum() == pytest.approx(score.sum())
        again = bin_predictions(y[order], score[order], n_bins=n_bins, scheme=scheme)  # type: ignore[arg-type]
        assert again.n.tolist() == bins.n.tolist() and again.observed.tolist() == bins.observed.tolist()


def test_bins_are_closed_above() -> None:
    score = np.array([0.0, 0.1, 0.1000001, 0.3, 0.7, 1.0])
    assert bin_predictions(np.zeros(6), score).n.tolist() == [2, 1, 1, 0, 0, 0, 1, 0, 0, 1]
    # every 10 % quantile of 0 .. 10 is one of the numbers, which belongs to the bin below it
    eleven = np.arange(11) / 10
    assert bin_predictions(np.zeros(11), eleven, scheme="equal mass").n.tolist() == [2, *[1] * 9]
    assert bin_predictions(np.zeros(11), eleven, scheme="equal mass").breaks.tolist() == eleven.tolist()


def test_perfect_and_constant_predictions() -> None:
    y, _ = simulated(3)
    perfect = calibration_error(y, y.astype(float))
    assert (perfect.expected, perfect.maximum, perfect.average) == (0, 0, 0)
    assert hosmer_lemeshow(y, y.astype(float)).chi2 == 0
    constant = np.full(len(y), 0.3)
    for scheme in ("equal width", "equal mass"):
        found = calibration_error(y, constant, scheme=scheme)
        assert found.expected == found.maximum == pytest.approx(abs(y.mean() - 0.3))
    one_bin = hosmer_lemeshow(y, constant)
    assert one_bin.df == one_bin.n_bins == 1
    assert one_bin.chi2 == pytest.approx((y.sum() - 120) ** 2 * (1 / 120 + 1 / 280))


def test_undefined_and_impossible() -> None:
    y, score = simulated(4)
    for outcome in (np.zeros(len(y)), np.ones(len(y))):
        assert np.isnan(hosmer_lemeshow(outcome, score).p)
    two = np.where(score > 0.3, 0.4, 0.2)
    assert np.isnan(hosmer_lemeshow(y, two, groups=2, fitted=True).p)
    certain = hosmer_lemeshow(np.array([0, 1, 0, 1, 1, 1]), np.repeat([0.5, 1.0], 3), groups=2)
    assert certain.chi2 == pytest.approx(0.25 / 1.5 * 2)
    refuted = hosmer_lemeshow(np.array([0, 1, 0, 1, 0, 1]), np.repeat([0.5, 1.0], 3), groups=2)
    assert (refuted.chi2, refuted.p) == (np.inf, 0)
    score[0] = np.nan
    missing = calibration_error(y, score)
    assert np.isnan([missing.expected, missing.maximum, missing.average, hosmer_lemeshow(y, score).chi2]).all()
    assert np.isnan(calibration_error(y[:0], score[:0]).expected)
