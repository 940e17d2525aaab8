"""The metrics of a decision that are a proportion of cases, and so have a binomial interval.

    accuracy    = (TP + TN) / n       sensitivity = TP / (TP + FN)      specificity = TN / (TN + FP)
    ppv         = TP / (TP + FP)      npv         = TN / (TN + FN)

Each is given as the part and the whole; it is undefined where the whole is empty.

Source: Altman and Bland (1994), BMJ 308:1552 and 309:102.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmark.metrics.confusion import Confusion, ratio

Parts = Callable[[Confusion], tuple[np.ndarray, np.ndarray]]

PROPORTIONS: dict[str, Parts] = {
    "accuracy": lambda c: (c.tp + c.tn, c.tp + c.tn + c.fp + c.fn),
    "sensitivity": lambda c: (c.tp, c.tp + c.fn),
    "specificity": lambda c: (c.tn, c.tn + c.fp),
    "ppv": lambda c: (c.tp, c.tp + c.fp),
    "npv": lambda c: (c.tn, c.tn + c.fn),
}


def accuracy(counts: Confusion) -> np.ndarray:
    """Share of cases called rightly."""
    return ratio(*PROPORTIONS["accuracy"](counts))


def sensitivity(counts: Confusion) -> np.ndarray:
    """Share of positive cases called positive."""
    return ratio(*PROPORTIONS["sensitivity"](counts))


def specificity(counts: Confusion) -> np.ndarray:
    """Share of negative cases called negative."""
    return ratio(*PROPORTIONS["specificity"](counts))


def ppv(counts: Confusion) -> np.ndarray:
    """Share of cases called positive that are positive."""
    return ratio(*PROPORTIONS["ppv"](counts))


def npv(counts: Confusion) -> np.ndarray:
    """Share of cases called negative that are negative."""
    return ratio(*PROPORTIONS["npv"](counts))
