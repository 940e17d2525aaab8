"""A mean of AUCs of several classes under cross-validation, with the covariance of the models.

    A = (1/V) sum_v sum_q w_q A_vq          A_vq: the AUC of part q (a class, or a pair of classes) in fold v
    influence of case i = sum_q w_q c_iq    c_iq: its influence on the cross-validated AUC of part q

Both are sums, so all that holds for one cross-validated AUC holds for the mean: several models covary by the products
of their influences, patients are added up before squaring, and the overlap of the training sets multiplies the
covariance by the same factor, which depends on the folds alone. One thing is different: the variance among the m cases
of a class in a fold is taken with divisor m - 1, as DeLong's is, and not m, because a rare class has two or three cases
in a fold (with two, tests of size 5 % reject in 8 to 11 % by divisor m); so with one fold this is ``mean_auc``. A fold
with one case of a class says nothing of their variance: no covariance. A fold without one leaves the mean undefined.
What is left in both cases is the AUC of the scores averaged over repeats; its covariance is that of one set times the
same factor, because DeLong's variance of the pooled scores is, like the influence curve's, the variance over patients
with the models taken as given.

Source: LeDell, Petersen and van der Laan (2015), Electronic Journal of Statistics 9:1583; overlap: Nadeau and Bengio
(2003), Machine Learning 52:239. The sizes of both tests are in ``docs/statistics.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmark.statistics.aucs import Aucs
from benchmark.statistics.clusters import sum_within
from benchmark.statistics.cross_validated_auc import CrossValidated, cross_validated_auc, overlap_factor
from benchmark.statistics.multiclass import Part, mean_auc
from benchmark.statistics.pooling import average_over_repeats

LONE = ", no interval: a fold with one case of a class"
CORRECTED, CLUSTERED = ", corrected for overlapping training sets", ", clustered by patient"


def mean_over_folds(
    parts: Sequence[Part],
    y: np.ndarray,
    scores: np.ndarray,
    fold: np.ndarray,
    method: str,
    *,
    patient: np.ndarray | None = None,
) -> CrossValidated:
    """The mean of the folds' AUCs of ``scores`` (n_cases, n_repeats, k, n_classes) for the codes ``y`` (n_cases,);
    ``fold`` (n_cases, n_repeats): number of the fold that held the case out, -1 where none did. NaN where a fold is
    without a case of one of the classes, and for a NaN score."""
    n_repeats, k = scores.shape[1:3]
    fold_auc = np.full((n_repeats, int(fold.max()) + 1, k), np.nan)
    repeats, estimate = [], np.zeros(k)
    for repeat in range(n_repeats):
        present = np.unique(fold[fold[:, repeat] >= 0, repeat])
        fold_auc[repeat, present] = 0
        influence = np.zeros((len(y), k))
        for part in parts:
            found = _alone(part, y, scores[:, repeat], fold[:, repeat])
            undefined = np.full((len(fold_auc[repeat]) - found.fold_auc.shape[1], k), np.nan)
            fold_auc[repeat] += part.weight * np.concatenate([found.fold_auc[0], undefined])
            influence[part.rows] += part.weight * found.aucs.contributions
        estimate += fold_auc[repeat, present].mean(0) / n_repeats
        repeats.append(sum_within(influence, patient))
    contributions = np.concatenate(repeats) * np.sqrt(overlap_factor(fold) / n_repeats)
    lone = np.isnan(contributions[:, ~np.isnan(estimate)]).any()
    said = f"{method}{CORRECTED}{CLUSTERED if patient is not None else ''}{LONE if lone else ''}"
    return CrossValidated(fold_auc, Aucs(estimate, contributions, said, independent=len(repeats[0])))


def pooled_mean(
    parts: Sequence[Part],
    y: np.ndarray,
    scores: np.ndarray,
    fold: np.ndarray,
    method: str,
    *,
    patient: np.ndarray | None = None,
) -> Aucs:
    """The mean of AUCs of the scores averaged over repeats per case; arguments as above."""
    one = mean_auc(parts, y, average_over_repeats(scores, fold), method, patient=patient)
    return Aucs(one.estimate, one.contributions * np.sqrt(overlap_factor(fold)), one.method + CORRECTED)


def _alone(part: Part, y: np.ndarray, scores: np.ndarray, fold: np.ndarray) -> CrossValidated:
    """The cross-validated AUC of one part in one repeat, (1, n_folds, k) and per case."""
    rows = part.rows
    if not len(rows):  # two classes without a case
        nothing = np.full((1, 1, scores.shape[1]), np.nan)
        return CrossValidated(nothing, Aucs(nothing[0, 0], nothing[0, :0], ""))
    positive = y[rows] == part.code
    found = cross_validated_auc(positive, scores[rows, None, :, part.code], fold[rows, None])
    factor = _unbiased(positive, fold[rows])
    aucs = Aucs(found.aucs.estimate, found.aucs.contributions * factor[:, None], found.aucs.method)
    return CrossValidated(found.fold_auc, aucs)


def _unbiased(positive: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """sqrt(m / (m - 1)) per case, m the cases of its side in its fold; NaN with one, 1 where it is not held out."""
    _, place, sizes = np.unique(2 * fold + positive, return_inverse=True, return_counts=True)
    m = sizes[place]
    factor = np.sqrt(np.divide(m, m - 1, out=np.full(len(m), np.nan), where=m > 1))
    return np.where(fold < 0, 1.0, factor)
