"""Matthews correlation coefficient: the correlation of decision and outcome.

    MCC = (TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN))

Source: Matthews (1975), Biochimica et Biophysica Acta 405:442.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import Confusion, ratio


def mcc(counts: Confusion) -> np.ndarray:
    """Correlation in [-1, 1]; NaN where all cases are of one class or are all called the same."""
    tp, fp, tn, fn = (np.asarray(count, float) for count in (counts.tp, counts.fp, counts.tn, counts.fn))
    # one root per factor: the product of four counts is not exact from about 10,000 cases
    scale = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return np.clip(ratio(tp * tn - fp * fn, scale), -1, 1)
