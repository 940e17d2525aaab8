"""The influence-curve interval of the cross-validated AUC against loops and simulation; cvAUC (R) in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.aucs import compare
from benchmark.statistics.cross_validated_auc import cross_validated_auc, overlap_corrected_auc
from benchmark.statistics.delong import delong


def simulated(
    seed: int = 0, n: int = 90, repeats: int = 3, k: int = 2, folds: int = 4
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    scores = (y[:, None, None] + rng.normal(0, 1.2, (n, repeats, k))).round(1)
    fold = np.empty((n, repeats), int)
    for repeat in range(repeats):
        for label in (0, 1):  # stratified
            rows = rng.permutation(np.flatnonzero(y == label))
            fold[rows, repeat] = np.arange(len(rows)) % folds
    return y, scores, fold


def by_loops(y: np.ndarray, score: np.ndarray, fold: np.ndarray) -> tuple[float, float]:
    """The three formulas of the module, case by case, for one model and one repeat."""
    n, aucs, terms = len(y), [], []
    weights = {1: n / np.sum(y == 1), 0: n / np.sum(y == 0)}
    for v in np.unique(fold):
        rows = np.flatnonzero(fold == v)
        auc = roc_auc(y[rows], score[rows])
        squares = []
        for i in rows:
            others = score[rows][y[rows] != y[i]]
            sign = 1 if y[i] else -1
            share = np.mean([(np.sign(sign * (score[i] - other)) + 1) / 2 for other in others])
            squares.append((weights[y[i]] * (share - auc)) ** 2)
        aucs.append(auc)
        terms.append(np.mean(squares))
    return float(np.mean(aucs)), float(np.mean(terms) / n)


def test_is_the_formula() -> None:
    y, scores, fold = simulated(1, n=95)  # folds of unequal size
    for repeat in range(scores.shape[1]):
        found = cross_validated_auc(y, scores[:, [repeat]], fold[:, [repeat]])
        for model in range(scores.shape[2]):
            estimate, variance = by_loops(y, scores[:, repeat, model], fold[:, repeat])
            assert found.aucs.estimate[model] == pytest.approx(estimate, rel=1e-12)
            assert found.aucs.variance[model] == pytest.approx(variance, rel=1e-12)


def test_one_fold_is_nearly_delong() -> None:
    y, scores, _ = simulated(2, n=600, repeats=1)
    found = cross_validated_auc(y, scores, np.zeros((600, 1), int)).aucs
    assert found.estimate == pytest.approx(delong(y, scores[:, 0]).estimate, abs=1e-14)
    assert found.covariance == pytest.approx(delong(y, scores[:, 0]).covariance, rel=0.01)


def test_repeats_are_no_new_patients() -> None:
    y, scores, fold = simulated(3, repeats=1)
    once = cross_validated_auc(y, scores, fold).aucs
    again = cross_validated_auc(y, np.repeat(scores, 20, axis=1), np.repeat(fold, 20, axis=1)).aucs
    assert again.estimate == pytest.approx(once.estimate, abs=1e-12)
    assert again.covariance == pytest.approx(once.covariance, rel=1e-12)


def test_repeats_average_the_estimates() -> None:
    y, scores, fold = simulated(4)
    whole = cross_validated_auc(y, scores, fold)
    parts = [cross_validated_auc(y, scores[:, [r]], fold[:, [r]]).aucs.estimate for r in range(3)]
    assert whole.aucs.estimate == pytest.approx(np.mean(parts, axis=0), abs=1e-14)
    assert whole.fold_auc.shape == (3, 4, 2)


def test_doubling_every_case_within_its_patient_changes_nothing() -> None:
    y, scores, fold = simulated(5)
    twice = np.repeat(np.arange(len(y)), 2)
    alone = cross_validated_auc(y, scores, fold).aucs
    naive = cross_validated_auc(y[twice], scores[twice], fold[twice]).aucs
    clustered = cross_validated_auc(y[twice], scores[twice], fold[twice], patient=twice).aucs
    assert clustered.estimate == pytest.approx(alone.estimate, abs=1e-12)
    assert clustered.covariance == pytest.approx(alone.covariance, rel=1e-10)
    assert naive.variance == pytest.approx(alone.variance / 2, rel=1e-10)
    assert "clustered by patient" in clustered.method and "clustered" not in naive.method


def test_patients_of_one_case_each_are_cases() -> None:
    y, scores, _ = simulated(6)
    one_fold = np.zeros((len(y), 1), int)
    found = cross_validated_auc(y, scores[:, :1], one_fold, patient=np.arange(len(y))).aucs
    assert found.covariance == pytest.approx(cross_validated_auc(y, scores[:, :1], one_fold).aucs.covariance, rel=1e-12)


def test_a_fold_of_one_class_makes_the_mean_undefined_but_not_the_other_folds() -> None:
    y, scores, fold = simulated(7, repeats=1)
    fold[y == 1, 0] = np.where(fold[y == 1, 0] == 0, 1, fold[y == 1, 0])
    found = cross_validated_auc(y, scores, fold)
    assert np.isnan(found.aucs.estimate).all()
    assert np.isnan(found.fold_auc[0, :, 0]).tolist() == [True, False, False, False]


def test_a_missing_score_ruins_only_its_own_model() -> None:
    y, scores, fold = simulated(8)
    clean = cross_validated_auc(y, scores, fold).aucs
    scores[5, 1, 0] = np.nan
    found = cross_validated_auc(y, scores, fold).aucs
    assert np.isnan(found.estimate[0]) and np.isnan(found.variance[0])
    assert found.estimate[1] == clean.estimate[1]
    assert found.variance[1] == pytest.approx(clean.variance[1])
    assert np.isnan(compare(found, np.array([0]), np.array([1])).p[0])


def test_cases_that_a_repeat_does_not_hold_out_are_left_out_of_it() -> None:
    y, scores, fold = simulated(9, repeats=1)
    extra = np.concatenate([fold, np.full((len(y), 1), -1)])
    padded = np.concatenate([scores, np.full_like(scores, np.nan)])
    found = cross_validated_auc(np.concatenate([y, y]), padded, extra).aucs
    assert found.estimate == pytest.approx(cross_validated_auc(y, scores, fold).aucs.estimate)
    assert found.variance == pytest.approx(cross_validated_auc(y, scores, fold).aucs.variance)


def test_paired_test_keeps_its_size_when_models_do_not_differ() -> None:
    rng = np.random.default_rng(10)
    n, runs, rejected = 120, 300, 0
    for _ in range(runs):
        y, _, fold = simulated(int(rng.integers(1e9)), n=n, repeats=2, folds=5)
        common = rng.normal(0, 1, (n, 1, 1))
        scores = y[:, None, None] + common + rng.normal(0, 0.7, (n, 1, 2)) + rng.normal(0, 0.1, (n, 2, 2))
        rejected += compare(cross_validated_auc(y, scores, fold).aucs, np.array([0]), np.array([1])).p[0] < 0.05
    assert rejected / runs < 0.09


def test_overlap_correction_is_that_of_nadeau_and_bengio() -> None:
    y, scores, fold = simulated(repeats=3, folds=5)
    found, plain = overlap_corrected_auc(y, scores, fold), cross_validated_auc(y, scores, fold)
    alone = [cross_validated_auc(y, scores[:, [r]], fold[:, [r]]).aucs for r in range(3)]
    np.testing.assert_allclose(found.aucs.estimate, plain.aucs.estimate, rtol=1e-14)
    np.testing.assert_array_equal(found.fold_auc, plain.fold_auc)
    covariance = np.mean([part.contributions.T @ part.contributions for part in alone], axis=0)
    overlap = np.mean([np.mean(s / (len(y) - s)) for s in (np.bincount(fold[:, r]) for r in range(3))])
    expected = (1 / 3 + 5 * overlap) * covariance
    np.testing.assert_allclose(found.aucs.contributions.T @ found.aucs.contributions, expected, rtol=1e-12)
    assert found.aucs.n_units == len(y)


def test_one_fold_has_no_overlap() -> None:
    y, scores, _ = simulated(repeats=1, folds=2)
    one = np.zeros((len(y), 1), int)
    found, plain = overlap_corrected_auc(y, scores, one).aucs, cross_validated_auc(y, scores, one).aucs
    np.testing.assert_allclose(found.variance, plain.variance, rtol=1e-14)
