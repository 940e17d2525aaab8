"""Decisions among several classes: what the matrix of true and called classes says.

A case is called the class of the highest probability, averaged over repeats; of equals the first in the order of the
classes. With N_ij the cases of class i that are called j, N_i. and N_.j the sums of rows and columns, n of all:

    accuracy            sum_i N_ii / n
    balanced accuracy   mean_i N_ii / N_i.
    F1 of a class       2 N_ii / (N_i. + N_.i);  macro: their mean;  weighted: their mean with weights N_i.
    kappa               1 - sum_ij w_ij N_ij / (sum_ij w_ij N_i. N_.j / n),   w_ij = [i != j]
    quadratic kappa     the same with w_ij = (i - j)^2, for classes in their order
    MCC                 (n sum_i N_ii - sum_i N_i. N_.i) / sqrt((n^2 - sum_i N_.i^2)(n^2 - sum_i N_i.^2))

With two classes accuracy, balanced accuracy, kappa and MCC are those of ``benchmark.metrics``; F1 there is that of the
positive class alone. scikit-learn calls an undefined F1 0 and leaves classes without a case out of the balanced
accuracy; here both are undefined.

Source: balanced accuracy: Brodersen et al. (2010), International Conference on Pattern Recognition, p. 3121; F1:
Sokolova and Lapalme (2009), Information Processing and Management 45:427; kappa: Cohen (1960), Educational and
Psychological Measurement 20:37, weighted: Cohen (1968), Psychological Bulletin 70:213; MCC: Gorodkin (2004),
Computational Biology and Chemistry 28:367.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.metrics.confusion import ratio

NOBODY = -1
"""What a case is called that has no score."""


def called_classes(scores: np.ndarray) -> np.ndarray:
    """The code of the class with the highest of ``scores`` (n_cases, k, n_classes), (n_cases, k); ``NOBODY`` with a NaN
    among them."""
    known = ~np.isnan(scores).any(2)
    return np.where(known, np.where(known[..., None], scores, 0).argmax(2), NOBODY)


def matrices(y: np.ndarray, called: np.ndarray, n_classes: int, weights: np.ndarray) -> np.ndarray:
    """N, (n_draws, k, n_classes, n_classes), of the codes ``y`` (n_cases,) and ``called`` (n_cases, k), each case
    counting what each row of ``weights`` (n_draws, n_cases) says; NaN for a model that calls a case ``NOBODY``."""
    k = called.shape[1]
    cell = np.arange(k) * n_classes**2 + y[:, None] * n_classes + np.maximum(called, 0)
    single = np.zeros((len(y), k * n_classes**2))
    np.put_along_axis(single, cell, 1, axis=1)
    found = (weights @ single).reshape(len(weights), k, n_classes, n_classes)
    found[:, (called == NOBODY).any(0)] = np.nan
    return found


def accuracy(counts: np.ndarray) -> np.ndarray:
    """The share of cases called rightly."""
    return ratio(_right(counts).sum(-1), counts.sum((-2, -1)))


def balanced_accuracy(counts: np.ndarray) -> np.ndarray:
    """The mean sensitivity; NaN with a class without a case."""
    return ratio(_right(counts), counts.sum(-1)).mean(-1)


def f1_macro(counts: np.ndarray) -> np.ndarray:
    """The mean F1; NaN with a class without a case that nobody is called."""
    return _f1(counts).mean(-1)


def f1_weighted(counts: np.ndarray) -> np.ndarray:
    """The mean F1 weighted by the cases of the classes; a class without a case has no weight."""
    weight = counts.sum(-1)
    return ratio(np.where(weight == 0, 0, weight * _f1(counts)).sum(-1), weight.sum(-1))


def kappa(counts: np.ndarray) -> np.ndarray:
    """Cohen's kappa in [-1, 1]; NaN where all cases are of one class and called so."""
    return _kappa(counts, 1 - np.eye(counts.shape[-1]))


def kappa_quadratic(counts: np.ndarray) -> np.ndarray:
    """Kappa with quadratic weights, for classes in their order; NaN as ``kappa``."""
    place = np.arange(counts.shape[-1])
    return _kappa(counts, (place[:, None] - place) ** 2)


def mcc(counts: np.ndarray) -> np.ndarray:
    """Gorodkin's R_K in [-1, 1]; NaN where all cases are of one class or are called so."""
    n, true, called = counts.sum((-2, -1)), counts.sum(-1), counts.sum(-2)
    apart = [np.sqrt(np.maximum(n**2 - (sums**2).sum(-1), 0)) for sums in (true, called)]
    return ratio(n * _right(counts).sum(-1) - (true * called).sum(-1), apart[0] * apart[1])


CLASS_METRICS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "accuracy": accuracy,
    "balanced_accuracy": balanced_accuracy,
    "f1_macro": f1_macro,
    "f1_weighted": f1_weighted,
    "kappa": kappa,
    "kappa_quadratic": kappa_quadratic,
    "mcc": mcc,
}
"""Functions of ``matrices`` (..., n_classes, n_classes), to (...)."""


def _right(counts: np.ndarray) -> np.ndarray:
    return np.diagonal(counts, axis1=-2, axis2=-1)


def _f1(counts: np.ndarray) -> np.ndarray:
    return ratio(2 * _right(counts), counts.sum(-1) + counts.sum(-2))


def _kappa(counts: np.ndarray, apart: np.ndarray) -> np.ndarray:
    by_chance = counts.sum(-1)[..., :, None] * counts.sum(-2)[..., None, :]
    found, expected = (counts * apart).sum((-2, -1)), (by_chance * apart).sum((-2, -1))
    return 1 - ratio(found * counts.sum((-2, -1)), expected)
