"""F1: the harmonic mean of precision and recall.

    F1 = 2 TP / (2 TP + FP + FN)

Source: van Rijsbergen (1979), Information Retrieval, chapter 7.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import Confusion, ratio


def f1(counts: Confusion) -> np.ndarray:
    """F1 in [0, 1]; NaN where no case is positive and none is called so."""
    return ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)
