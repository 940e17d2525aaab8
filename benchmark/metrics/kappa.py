"""Cohen's kappa: the agreement of decision and outcome beyond that of chance.

    kappa = (p_o - p_e) / (1 - p_e),   p_o = (TP + TN) / n
    p_e = ((TP + FN)(TP + FP) + (TN + FP)(TN + FN)) / n^2

Source: Cohen (1960), Educational and Psychological Measurement 20:37.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import Confusion, ratio


def kappa(counts: Confusion) -> np.ndarray:
    """Kappa in [-1, 1], 0 by chance; NaN where all cases are of one class and all are called that class."""
    tp, fp, tn, fn = (np.asarray(count, float) for count in (counts.tp, counts.fp, counts.tn, counts.fn))
    # (p_o - p_e) / (1 - p_e), both times n^2, without the terms that cancel
    return ratio(2 * (tp * tn - fp * fn), (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn))
