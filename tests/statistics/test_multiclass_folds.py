"""Means of AUCs over folds: one fold, two classes, the bootstrap of patients, patients, and what is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.statistics.aucs import compare
from benchmark.statistics.bootstrap import bootstrap
from benchmark.statistics.cross_validated_auc import overlap_corrected_auc, overlap_factor
from benchmark.statistics.multiclass import (
    hand_till_draws,
    hand_till_parts,
    macro_parts,
    mean_auc,
    one_vs_rest_draws,
)
from benchmark.statistics.multiclass_folds import mean_over_folds, pooled_mean

PARTS = {"macro": macro_parts, "Hand-Till": hand_till_parts}


def crossed(
    seed: int = 0, n: int = 120, repeats: int = 2, folds: int = 4, classes: int = 3
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, scores (n, repeats, 2, classes) and folds; each class has the same number of cases in each fold."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    place = np.arange(n) // classes % folds
    fold = np.column_stack([place, *(rng.permutation(folds)[place] for _ in range(repeats - 1))])
    power = np.eye(classes)[y][:, None, None] + rng.normal(0, 1, (n, repeats, 2, classes))
    scores = np.exp(power)
    return y, scores / scores.sum(3, keepdims=True), fold


def test_is_the_mean_of_the_folds() -> None:
    y, scores, fold = crossed()
    for name, multi in (("macro", "ovr"), ("Hand-Till", "ovo")):
        found = mean_over_folds(PARTS[name](y, 3), y, scores, fold, name)
        for r, f in np.ndindex(2, 4):
            rows = fold[:, r] == f
            expected = roc_auc_score(y[rows], scores[rows, r, 1], multi_class=multi)
            assert found.fold_auc[r, f, 1] == pytest.approx(expected, abs=1e-13)
        assert found.aucs.estimate == pytest.approx(found.fold_auc.mean((0, 1)), abs=1e-13)


@pytest.mark.parametrize("name", PARTS)
def test_one_fold_is_one_set(name: str) -> None:
    y, scores, _ = crossed(1, repeats=1)
    parts = PARTS[name](y, 3)
    found = mean_over_folds(parts, y, scores, np.zeros((len(y), 1), int), name).aucs
    expected = mean_auc(parts, y, scores[:, 0], name)
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-14)
    assert found.covariance == pytest.approx(expected.covariance, rel=1e-10)


@pytest.mark.parametrize("name", PARTS)
def test_two_classes_are_the_cross_validated_auc_with_divisor_m_minus_1(name: str) -> None:
    y, scores, fold = crossed(2, classes=2)
    found = mean_over_folds(PARTS[name](y, 2), y, scores, fold, name).aucs
    expected = overlap_corrected_auc(y, scores[..., 1], fold).aucs
    m = np.sum((fold[:, 0] == 0) & (y == 1))
    assert found.estimate == pytest.approx(expected.estimate, abs=1e-14)
    assert found.covariance == pytest.approx(expected.covariance * m / (m - 1), rel=1e-10)
    assert found.n_units == expected.n_units == len(y)


@pytest.mark.parametrize("name", PARTS)
def test_covariance_without_the_overlap_is_that_of_the_bootstrap(name: str) -> None:
    """The models are taken as given there, so the factor of the overlap is taken out."""
    y, scores, fold = crossed(3, n=600, repeats=1, folds=2)

    def mean_of_folds(weights: np.ndarray) -> np.ndarray:
        every = []
        for f in range(2):
            rows = fold[:, 0] == f
            given = (y[rows], scores[rows, 0], weights[:, rows])
            every.append(one_vs_rest_draws(*given).mean(1) if name == "macro" else hand_till_draws(*given))
        return np.mean(every, axis=0)

    drawn = bootstrap(mean_of_folds, len(y), seed=0, n_draws=2000, influence=False)
    found = mean_over_folds(PARTS[name](y, 3), y, scores, fold, name).aucs
    assert drawn.estimate == pytest.approx(found.estimate, abs=1e-13)
    error = 0.07 * found.variance.max()  # of a covariance from 2,000 draws
    assert np.cov(drawn.draws.T) * overlap_factor(fold) == pytest.approx(found.covariance, rel=0.1, abs=error)


@pytest.mark.parametrize("name", PARTS)
def test_pooled_covariance_is_that_of_one_set_times_the_overlap(name: str) -> None:
    y, scores, fold = crossed(4)
    found = pooled_mean(PARTS[name](y, 3), y, scores, fold, name)
    one = mean_auc(PARTS[name](y, 3), y, scores.mean(1), name)
    assert found.estimate == pytest.approx(one.estimate, abs=1e-14)
    assert found.covariance == pytest.approx(one.covariance * (1 / 2 + 4 / 3), rel=1e-10)


def test_copies_of_a_patient_add_nothing() -> None:
    y, scores, fold = crossed(5, n=240)
    twice = np.repeat(np.arange(len(y)), 2)
    parts = macro_parts(y, 3), macro_parts(y[twice], 3)
    once = mean_over_folds(parts[0], y, scores, fold, "")
    again = mean_over_folds(parts[1], y[twice], scores[twice], fold[twice], "", patient=twice)
    assert again.aucs.estimate == pytest.approx(once.aucs.estimate, abs=1e-13)
    assert again.aucs.covariance == pytest.approx(once.aucs.covariance, rel=0.1)
    assert again.aucs.method.endswith("clustered by patient") and again.aucs.n_units == len(y)


@pytest.mark.parametrize("name", PARTS)
def test_a_fold_with_one_case_of_a_class_has_no_variance_and_without_one_no_value(name: str) -> None:
    y, scores, fold = crossed(6)
    kept = ~((y == 2) & (fold[:, 0] == 1)) | (np.arange(len(y)) == np.flatnonzero((y == 2) & (fold[:, 0] == 1))[0])
    lone = mean_over_folds(PARTS[name](y[kept], 3), y[kept], scores[kept], fold[kept], name).aucs
    assert not np.isnan(lone.estimate).any() and np.isnan(lone.variance).all()
    assert np.isnan(compare(lone, np.array([0]), np.array([1])).p).all()
    kept = ~((y == 2) & (fold[:, 0] == 1))
    gone = mean_over_folds(PARTS[name](y[kept], 3), y[kept], scores[kept], fold[kept], name)
    assert np.isnan(gone.aucs.estimate).all() and np.isnan(gone.fold_auc[0, 1]).all()
    pooled = pooled_mean(PARTS[name](y[kept], 3), y[kept], scores[kept], fold[kept], name)
    assert not np.isnan(pooled.covariance).any()


@pytest.mark.parametrize("name", PARTS)
def test_two_absent_classes_and_a_missing_score(name: str) -> None:
    y, scores, fold = crossed(7)
    assert np.isnan(mean_over_folds(PARTS[name](y * 0, 3), y * 0, scores, fold, name).aucs.estimate).all()
    scores[0, 0, 1] = np.nan
    found = mean_over_folds(PARTS[name](y, 3), y, scores, fold, name).aucs
    assert np.isnan(found.estimate).tolist() == [False, True]


def test_cases_that_a_repeat_does_not_hold_out_are_not_in_it() -> None:
    y, scores, fold = crossed(8)
    fold[:24, 1] = -1
    found = mean_over_folds(macro_parts(y, 3), y, scores, fold, "")
    kept = fold[:, 1] >= 0
    alone = mean_over_folds(macro_parts(y[kept], 3), y[kept], scores[kept, 1:], fold[kept, 1:], "")
    assert found.fold_auc[1] == pytest.approx(alone.fold_auc[0], abs=1e-13)
    assert not np.isnan(found.aucs.covariance).any()
