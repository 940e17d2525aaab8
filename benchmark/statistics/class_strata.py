"""Which patients a bootstrap draws separately when an outcome has several classes, some of them rare.

A draw of n patients at random loses a class of m patients with probability (1 - m/n)^n, about exp(-m): of 2,000 draws
some lose a class of up to eight. A statistic that needs every class is then undefined, and drawing again or leaving
such draws out would bias the interval. So patients of a class with fewer than ``FEW`` patients are drawn within their
class (with several cases per patient: among the patients who have the same classes), all others together at random, as
they came. What is drawn within its class varies a little less: its share is taken as given, as DeLong's variance does.

Source: strata: Davison and Hinkley (1997), Bootstrap Methods and their Application, 3.2.
"""

from __future__ import annotations

import numpy as np

from benchmark.statistics.bootstrap import outcome_strata

FEW = 20
"""2,000 draws lose a class of so many patients with a probability of 4e-6."""


def rare_class_strata(y: np.ndarray, patient: np.ndarray | None) -> np.ndarray:
    """Strata, (n_cases,), of the codes ``y`` (n_cases,); ``patient`` (n_cases,): numbers of the patients, None if every
    case is one."""
    owner = np.arange(len(y)) if patient is None else patient
    rare = [code for code, count in patients_of_classes(y, owner).items() if count < FEW]
    protected = np.isin(owner, owner[np.isin(y, rare)])
    return np.where(protected, 1 + outcome_strata(y, patient), 0)


def patients_of_classes(y: np.ndarray, patient: np.ndarray) -> dict[int, int]:
    """How many patients have a case of each class that is there."""
    return {int(code): len(np.unique(patient[y == code])) for code in np.unique(y)}
