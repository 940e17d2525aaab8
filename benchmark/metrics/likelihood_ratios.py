"""Likelihood ratios: by how much a decision changes the odds of being positive.

    LR+ = sensitivity / (1 - specificity)        LR- = (1 - sensitivity) / specificity

LR+ is infinite if no negative case is called positive; LR- is infinite if no negative case is called negative.

Source: Deeks and Altman (2004), BMJ 329:168.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import Confusion


def lr_positive(counts: Confusion) -> np.ndarray:
    """LR+ in [0, inf]; NaN with one class, or where no case is called positive."""
    return _over(counts.tp * (counts.fp + counts.tn), counts.fp * (counts.tp + counts.fn))


def lr_negative(counts: Confusion) -> np.ndarray:
    """LR- in [0, inf]; NaN with one class, or where no case is called negative."""
    return _over(counts.fn * (counts.fp + counts.tn), counts.tn * (counts.tp + counts.fn))


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part, float) / np.asarray(whole, float)
