"""Several cases of one patient are not independent: sums within patients, and the design effect.

An estimate is written as a sum of contributions of the cases; its variance is the sum of squares of the contributions,
after those of one patient were added up:

    var = sum_g (sum_(i in g) c_i)^2,       deff = var / sum_i c_i^2

Source: Liang and Zeger (1986), Biometrika 73:13 (working independence); design effect: Kish (1965), Survey Sampling,
8.2.
"""

from __future__ import annotations

import numpy as np


def sum_within(contributions: np.ndarray, patient: np.ndarray | None) -> np.ndarray:
    """``contributions`` (n_cases, ...) added up within ``patient`` (n_cases,), (n_patients, ...); as they are if
    None."""
    if patient is None:
        return contributions
    order = np.argsort(patient, kind="stable")
    first = np.flatnonzero(np.diff(patient[order], prepend=patient[order[0]] - 1))
    return np.add.reduceat(contributions[order], first, axis=0)


def design_effect(contributions: np.ndarray, patient: np.ndarray | None) -> np.ndarray:
    """How much the variance grows by the clustering of ``contributions`` (n_cases, ...), (...), at least 1. Where all
    contributions are 0 it cannot be estimated, and is the mean number of cases per patient: a patient counts once."""
    if patient is None:
        return np.ones(contributions.shape[1:])
    alone = (contributions**2).sum(0)
    together = (sum_within(contributions, patient) ** 2).sum(0)
    worst = np.full(alone.shape, len(patient) / len(np.unique(patient)))
    return np.maximum(1, np.divide(together, alone, out=worst, where=alone > 0))
