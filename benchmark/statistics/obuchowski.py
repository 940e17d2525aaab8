"""The AUCs of models on one set of cases of which patients own several, with the covariance of Obuchowski.

With V10, V01 the placements of the cases as in ``delong``, and of patient g the sums over its m_g positive and n_g
negative cases

    X_g = sum V10 - m_g A,    Y_g = sum V01 - n_g A
    cov(A_r, A_s) = f(G1)/m^2 sum_g X_gr X_gs + f(G0)/n^2 sum_g Y_gr Y_gs + f(G)/(mn) sum_g (X_gr Y_gs + Y_gr X_gs)

with m positive and n negative cases, G1, G0 and G the patients with positive, with negative, and with any cases, and
f(G) = G / (G - 1). The last term is the covariance of the positive and negative cases of one patient. One case per
patient gives DeLong. Patients must be independent. Unlike the clustered influence curve of ``cross_validated_auc``
(f = 1), it corrects for few patients.

Source: Obuchowski (1997), Biometrics 53:567 (variance and covariance of the clustered AUC, section 2).
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.roc_auc import placements
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.clusters import sum_within

METHOD = "Obuchowski 1997, clustered by patient"


def obuchowski(y: np.ndarray, scores: np.ndarray, patient: np.ndarray) -> Aucs:
    """The AUCs of ``scores`` (n_cases, k) for ``y`` (n_cases,), 1 for positive, and ``patient`` (n_cases,) numbers.
    NaN with one class or a NaN score; no covariance (NaN) if one patient owns all cases of a class."""
    positive = np.asarray(y) == 1
    m = int(positive.sum())
    n = len(positive) - m
    placed = placements(y, scores)
    if not m or not n:
        return Aucs(np.full(scores.shape[1], np.nan), placed, METHOD)
    auc = placed[positive].mean(0)
    apart = placed - auc
    of_positive = sum_within(np.where(positive[:, None], apart, 0), patient) / m
    of_negative = sum_within(np.where(positive[:, None], 0, apart), patient) / n
    f1, f0, f = (_correction(patient[rows]) for rows in (positive, ~positive, slice(None)))
    # all three terms as one cross product: with a = sqrt(f1) X/m, b = sqrt(f0) Y/n and c = f / sqrt(f1 f0) <= 1,
    # a'a + b'b + c (a'b + b'a) = c (a + b)'(a + b) + (1 - c) (a'a + b'b)
    a, b, c = np.sqrt(f1) * of_positive, np.sqrt(f0) * of_negative, f / np.sqrt(f1 * f0)
    rest = np.sqrt(np.maximum(1 - c, 0))
    return Aucs(auc, np.concatenate([np.sqrt(c) * (a + b), rest * a, rest * b]), METHOD, independent=len(a))


def _correction(patient: np.ndarray) -> float:
    """G / (G - 1) of the different patients, NaN for one."""
    number = len(np.unique(patient))
    return number / (number - 1) if number > 1 else np.nan
