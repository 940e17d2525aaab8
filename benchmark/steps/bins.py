"""Features as categories, how often each meets each class, and what they tell about each other.

A feature with at most ``n_bins`` different values is taken as the categories it has. Any other is cut at its quantiles
``1/n_bins, 2/n_bins, ...`` (linear interpolation, as NumPy), a value on a cut going to the lower interval, so that
equal values share an interval and the intervals hold about the same number of cases.

Formula: mutual information ``I = sum_bc p_bc log(p_bc / (p_b p_c))`` in nats, with the shares of cases as
probabilities. It is not corrected for its upward bias, which is about the same for features with as many intervals.

Source: Cover and Thomas (2006), Elements of information theory, eq. 2.28.

scikit-learn's ``mutual_info_classif`` estimates the same from nearest neighbours (Ross 2014), with noise added to break
ties; ours is deterministic, and one matrix product for all features.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata


def binned(values: np.ndarray, n_bins: int) -> np.ndarray:
    """(n_cases, k) number of the category or interval, from 0, of finite ``values`` (n_cases, k)."""
    cuts = np.quantile(values, np.arange(1, n_bins) / n_bins, axis=0)
    codes = np.zeros(values.shape, np.int8)
    for cut in cuts:
        codes += values > cut
    few = 1 + (np.diff(np.sort(values, axis=0), axis=0) > 0).sum(axis=0) <= n_bins
    codes[:, few] = rankdata(values[:, few], method="dense", axis=0) - 1
    return codes


def counts_of(codes: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """(n_bins, n_classes, k) cases of each category of each column of ``codes`` (n_cases, k) and each of the
    ``classes`` (n_cases,), both numbered from 0."""
    member = (classes == np.arange(classes.max() + 1)[:, None]).astype(float)
    return np.stack([member @ (codes == code) for code in range(int(codes.max()) + 1)])


def mutual_information(counts: np.ndarray) -> np.ndarray:
    """(k,) in nats, at least 0, from ``counts`` (n_bins, n_classes, k)."""
    joint = counts / counts.sum(axis=(0, 1))
    apart = joint.sum(axis=0) * joint.sum(axis=1, keepdims=True)
    ratio = np.divide(joint, apart, out=np.ones_like(joint), where=joint > 0)
    return np.maximum((joint * np.log(ratio)).sum(axis=(0, 1)), 0)
