"""The cross-validated AUC: the mean of the folds' AUCs, with influence-curve covariance of several models.

    A = (1/V) sum_v A_v
    D_i = (n/n_1) (F_v0(s_i) - A_v) for a positive, (n/n_0) (1 - F_v1(s_i) - A_v) for a negative case i of fold v
    var(A) = (1/n) (1/V) sum_v (1/n_v) sum_(i in v) D_i^2

with F_v0(s) the share of the fold's negative cases below s and 1 - F_v1(s) that of its positive cases above, ties
counting one half; n, n_1, n_0 count all cases. So case i contributes c_i = D_i / sqrt(n V n_v) and var(A) = sum_i
c_i^2. Two models covary by sum_i c_i c'_i. The contributions of one patient are added before squaring. Repeats see the
same patients again: estimates and contributions are averaged over them, and no repeat counts as new data.

Source: LeDell, Petersen and van der Laan (2015), Electronic Journal of Statistics 9:1583 (independent cases, and
pooled repeated measures); the variance in the form of their R package cvAUC, ci.cvAUC, where however ties count nothing
in D_i.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.metrics.roc_auc import placements
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.clusters import sum_within

METHOD = "LeDell 2015 influence curve"
CLUSTERED = ", clustered by patient"


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """``fold_auc`` (n_repeats, n_folds, k), NaN where a fold has one class or is not in a repeat; and the ``aucs``."""

    fold_auc: np.ndarray
    aucs: Aucs


def cross_validated_auc(
    y: np.ndarray, scores: np.ndarray, fold: np.ndarray, *, patient: np.ndarray | None = None
) -> CrossValidated:
    """Cross-validated AUCs of ``scores`` (n_cases, n_repeats, k) for ``y`` (n_cases,), 1 for positive.

    ``fold`` (n_cases, n_repeats): number of the fold that held the case out, from 0; -1 where none did. ``patient``
    (n_cases,): numbers of the patients if one owns several cases. A model with a NaN score, or any fold of one class,
    makes its cross-validated AUC NaN: it is never the mean of the folds that are left.
    """
    n_repeats, k = scores.shape[1:]
    fold_auc = np.full((n_repeats, int(fold.max()) + 1, k), np.nan)
    estimate = np.zeros(k)
    contributions = np.zeros((len(y), k))
    for repeat in range(n_repeats):
        seen = fold[:, repeat] >= 0
        present = np.unique(fold[seen, repeat])
        n, n_positive = int(seen.sum()), int(np.sum(y[seen] == 1))
        for number in present:
            rows = np.flatnonzero(fold[:, repeat] == number)
            placed = placements(y[rows], scores[rows, repeat])
            positive = y[rows] == 1
            auc = placed[positive].mean(0) if positive.any() else np.full(k, np.nan)
            fold_auc[repeat, number] = auc
            weight = np.where(positive, n / max(n_positive, 1), n / max(n - n_positive, 1))
            weight /= np.sqrt(n * len(present) * len(rows)) * n_repeats
            contributions[rows] += weight[:, None] * (placed - auc)
        estimate += fold_auc[repeat, present].mean(0) / n_repeats
    method = METHOD + (CLUSTERED if patient is not None else "")
    return CrossValidated(fold_auc, Aucs(estimate, sum_within(contributions, patient), method))


def overlap_corrected_auc(
    y: np.ndarray, scores: np.ndarray, fold: np.ndarray, *, patient: np.ndarray | None = None
) -> CrossValidated:
    """The same AUCs with a covariance that counts the overlap of the training sets; arguments as above.

    var(A) = (1/R + V n_test/n_train) mean_r var_r(A), with var_r the influence-curve variance of repeat r alone;
    n_test/n_train is 1/(V - 1) in k-fold cross-validation. This is Nadeau and Bengio's correction, (1/(R V) + n_test /
    n_train) times the variance of the folds, written for the influence curve, whose variance is that of a fold over V.
    Without it the interval takes the models as given, and the patients who train them as independent of those who test
    them; ``docs/size-and-coverage.md`` measures both.

    Source: Nadeau and Bengio (2003), Machine Learning 52:239.
    """
    n_repeats = scores.shape[1]
    parts = [
        cross_validated_auc(y, scores[:, [repeat]], fold[:, [repeat]], patient=patient) for repeat in range(n_repeats)
    ]
    factor = overlap_factor(fold)
    # a row per patient and repeat: their products add up to the factor times the mean of the repeats' covariances
    contributions = np.concatenate([part.aucs.contributions for part in parts]) * np.sqrt(factor / n_repeats)
    units = len(parts[0].aucs.contributions)
    method = f"{METHOD}, corrected for overlapping training sets{CLUSTERED if patient is not None else ''}"
    together = cross_validated_auc(y, scores, fold, patient=patient)
    return CrossValidated(together.fold_auc, Aucs(together.aucs.estimate, contributions, method, independent=units))


def overlap_factor(fold: np.ndarray) -> float:
    """1/R + V n_test/n_train of ``fold`` (n_cases, n_repeats): by how much the variance of one repeat is multiplied."""
    n_repeats = fold.shape[1]
    return 1 / n_repeats + float(np.mean([_overlap(fold[:, repeat]) for repeat in range(n_repeats)]))


def _overlap(fold: np.ndarray) -> float:
    """V times the mean over the folds of n_test/n_train, of one repeat; 0 if there is one fold."""
    sizes = np.bincount(fold[fold >= 0])
    sizes = sizes[sizes > 0]
    return 0.0 if len(sizes) < 2 else float(len(sizes) * np.mean(sizes / (sizes.sum() - sizes)))
