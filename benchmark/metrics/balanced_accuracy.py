"""Balanced accuracy: the mean of sensitivity and specificity.

Source: Brodersen et al. (2010), International Conference on Pattern Recognition, p. 3121, eq. 1.
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import Confusion
from benchmark.metrics.proportions import sensitivity, specificity


def balanced_accuracy(counts: Confusion) -> np.ndarray:
    """Mean of sensitivity and specificity, in [0, 1]; NaN with one class."""
    return (sensitivity(counts) + specificity(counts)) / 2
