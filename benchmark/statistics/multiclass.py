"""AUCs of more than two classes, each model's with the influence of every case, so that they are compared as any AUC.

With s_c the score of class c:

    one against the rest   A_c: the AUC of s_c for the cases of class c against all others
    macro                  mean of A_c over the classes, or weighted by the classes' shares of cases
    Hand-Till              M = mean over the pairs {i, j} of (A(i|j) + A(j|i)) / 2
                           A(i|j): the AUC of s_i for the cases of class i against those of class j

Hand-Till does not depend on the shares of the classes; macro does. The influence of a case on a mean of AUCs is the
mean of its influences on the AUCs as in ``delong``, so all covariances between classes are in it, and patients are
taken as drawn at random, not class by class. Shares as weights are taken as given. With two classes whose scores add up
to 1 all are the AUC, with DeLong's variance.

Source: Hand and Till (2001), Machine Learning 45:171, eq. 7; one against the rest: Provost and Domingos (2003), Machine
Learning 52:199; influence: DeLong et al. (1988), Biometrics 44:837.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from benchmark.metrics.roc_auc import roc_auc, roc_aucs
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.clusters import sum_within
from benchmark.statistics.delong import delong
from benchmark.statistics.weighted_auc import weighted_aucs

MACRO, WEIGHTED, HAND_TILL = "macro one-vs-rest", "one-vs-rest weighted by prevalence", "Hand-Till 2001"
INFLUENCE, CLUSTERED = ", influence as in DeLong 1988", ", clustered by patient"


@dataclass(frozen=True, eq=False)
class Part:
    """One AUC of a mean of AUCs: of class ``code`` against the others among the cases ``rows``, with its ``weight``."""

    rows: np.ndarray
    code: int
    weight: float


def macro_parts(y: np.ndarray, n_classes: int, *, by_prevalence: bool = False) -> list[Part]:
    """Each class of the codes ``y`` (n_cases,), from 0, against all others; equal weights, or the classes' shares."""
    shares = np.bincount(y, minlength=n_classes) / len(y)
    rows = np.arange(len(y))
    return [Part(rows, code, shares[code] if by_prevalence else 1 / n_classes) for code in range(n_classes)]


def hand_till_parts(y: np.ndarray, n_classes: int) -> list[Part]:
    """Each class against each other one, both ways."""
    pairs = list(permutations(range(n_classes), 2))
    return [Part(np.flatnonzero((y == one) | (y == other)), one, 1 / len(pairs)) for one, other in pairs]


def one_vs_rest(y: np.ndarray, scores: np.ndarray, *, patient: np.ndarray | None = None) -> list[Aucs]:
    """For each class the AUCs of its ``scores`` (n_cases, k, n_classes) for the codes ``y`` (n_cases,), from 0.
    ``patient`` (n_cases,): numbers of the patients if one owns several cases. NaN for a class without a case, and for a
    NaN score; no covariance (NaN) of a class with one case."""
    every = [delong(y == code, scores[:, :, code]) for code in range(scores.shape[2])]
    return [_of_patients(each.estimate, each.contributions, each.method, patient) for each in every]


def macro_auc(
    y: np.ndarray, scores: np.ndarray, *, patient: np.ndarray | None = None, by_prevalence: bool = False
) -> Aucs:
    """The mean over the classes of ``one_vs_rest``, or weighted by their shares of cases; NaN if any of them is."""
    parts = macro_parts(y, scores.shape[2], by_prevalence=by_prevalence)
    return mean_auc(parts, y, scores, (WEIGHTED if by_prevalence else MACRO) + INFLUENCE, patient=patient)


def hand_till(y: np.ndarray, scores: np.ndarray, *, patient: np.ndarray | None = None) -> Aucs:
    """Hand and Till's M of ``scores`` (n_cases, k, n_classes); NaN if a class has no case, and for a NaN score."""
    return mean_auc(hand_till_parts(y, scores.shape[2]), y, scores, HAND_TILL + INFLUENCE, patient=patient)


def mean_auc(
    parts: Sequence[Part], y: np.ndarray, scores: np.ndarray, method: str, *, patient: np.ndarray | None = None
) -> Aucs:
    """The weighted sum of the AUCs of ``parts``, and of their influences."""
    estimate, influence = np.zeros(scores.shape[1]), np.zeros(scores.shape[:2])
    for part in parts:
        found = delong(y[part.rows] == part.code, scores[part.rows, :, part.code])
        estimate += part.weight * found.estimate
        influence[part.rows] += part.weight * found.contributions
    return _of_patients(estimate, influence, method, patient)


def pairwise_aucs(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """A(i|j) at [i, j], (n_classes, n_classes, k), of ``scores`` (n_cases, k, n_classes); NaN on the diagonal and where
    a class has no case."""
    n_classes = scores.shape[2]
    found = np.full((n_classes, n_classes, scores.shape[1]), np.nan)
    for one, other in permutations(range(n_classes), 2):
        rows = (y == one) | (y == other)
        found[one, other] = roc_aucs(y[rows] == one, scores[rows, :, one])
    return found


def ordered_classes_auc(y: np.ndarray, score: np.ndarray) -> float:
    """The mean over pairs of classes of the AUC of one ``score`` (n_cases,) for the higher code of ``y`` (n_cases,):
    what Hand-Till is for one marker of ordered classes, higher meaning a higher class. NaN with a NaN score or one
    class."""
    pairs = combinations(np.unique(y), 2)
    every = [roc_auc(y[rows] == high, score[rows]) for low, high in pairs for rows in [(y == low) | (y == high)]]
    return float(np.mean(every)) if every else float("nan")


def one_vs_rest_draws(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """A_c, (n_draws, n_classes, k), under each row of ``weights`` (n_draws, n_cases): what ``bootstrap`` takes. The
    macro average is its mean over axis 1."""
    every = [weighted_aucs(y == code, scores[:, :, code], weights) for code in range(scores.shape[2])]
    return np.stack(every, axis=1)


def prevalence_draws(y: np.ndarray, weights: np.ndarray, n_classes: int) -> np.ndarray:
    """The shares of the classes, (n_draws, n_classes), under each row of ``weights`` (n_draws, n_cases)."""
    return weights @ np.eye(n_classes)[y] / weights.sum(1, keepdims=True)


def hand_till_draws(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Hand and Till's M, (n_draws, k), under each row of ``weights`` (n_draws, n_cases)."""
    every = [
        part.weight * weighted_aucs(y[part.rows] == part.code, scores[part.rows, :, part.code], weights[:, part.rows])
        for part in hand_till_parts(y, scores.shape[2])
    ]
    return np.sum(every, axis=0)


def _of_patients(estimate: np.ndarray, influence: np.ndarray, method: str, patient: np.ndarray | None) -> Aucs:
    return Aucs(estimate, sum_within(influence, patient), method + (CLUSTERED if patient is not None else ""))
