"""Concordance correlation coefficient: how near repeated readings come to the line of identity.

Of two readings, and of k readings by the same formula (the overall CCC):

    CCC = 2 sum_{j<l} s_jl / [(k - 1) sum_j s_j^2 + sum_{j<l} (m_j - m_l)^2]

with means m, variances s^2 and covariances s of the readings. Lin divides by n, as is done here; packages that divide
by n - 1 differ by a term of order 1 / n in the denominator. Limits are those of Z = atanh(CCC), for two readings with

    (n - 2) var(Z) = (1 - r^2) c^2 / ((1 - c^2) r^2) + 2 c^3 (1 - c) u^2 / (r (1 - c^2)^2)
                     - c^4 u^4 / (2 r^2 (1 - c^2)^2)

where c is the CCC, r the correlation, u^2 = (m_1 - m_2)^2 / (s_1 s_2). For k > 2 the variance is that of the influence
values of the subjects (delta method): with N and D the numerator and denominator as means over subjects of N_i and D_i,

    var(CCC) = sum_i (N_i - CCC D_i)^2 / (n - 1) / (n D^2)

Source: Lin (1989), Biometrics 45:255, with the correction of the variance (2000), Biometrics 56:324; Barnhart, Haber
and Song (2002), Biometrics 58:1020; King and Chinchilli (2001), Statistics in Medicine 20:2131.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from benchmark.errors import DataError

CCC_COLUMNS = ("estimate", "low", "high", "n_subjects")


def ccc(values: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """One row of ``CCC_COLUMNS`` per feature of ``values`` (n_subjects, 2 or more readings, n_features).

    A subject with a missing reading is left out of that feature. NaN with fewer than 3 subjects, or if all readings are
    equal; the limits are NaN if they cannot be computed, and those of a CCC of 1 are 1.
    """
    if values.ndim != 3 or values.shape[1] < 2:
        raise DataError(f"CCC: readings of shape {values.shape}; expected (n_subjects, 2 or more readings, n_features)")
    complete = ~np.isnan(values).any(axis=1)
    n = complete.sum(axis=0)
    x = np.where(complete[:, None], values, 0.0)
    # the readings' common mean is taken out first, so that large values lose no digits
    x = np.where(complete[:, None], x - x.sum(axis=(0, 1)) / np.maximum(n * values.shape[1], 1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, share, scale = _influences(x, complete, n)
        se = _lin_se(x, complete, n, estimate) if values.shape[1] == 2 else _influence_se(estimate, share, scale, n)
        z, half = np.arctanh(estimate), ndtri((1 + level) / 2) * se
        low, high = np.tanh(z - half), np.tanh(z + half)
    certain = estimate == 1
    low, high = np.where(certain, 1.0, low), np.where(certain, 1.0, high)
    undefined = (n < 3) | np.isnan(estimate)
    columns = [np.where(undefined, np.nan, column) for column in (estimate, low, high)]
    return pd.DataFrame(dict(zip(CCC_COLUMNS, [*columns, n.astype(np.int64)], strict=True)))


def _influences(x: np.ndarray, complete: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The CCC (n_features,), and N_i / D and D_i / D of each subject (n_subjects, n_features)."""
    k = x.shape[1]
    mean = x.sum(axis=0) / n
    apart = np.where(complete[:, None], x - mean, 0.0)
    shift = np.square(mean[:, None] - mean[None]).sum(axis=(0, 1)) / 2
    squares = np.square(apart).sum(axis=1)
    products = (np.square(apart.sum(axis=1)) - squares) / 2
    numerator = 2 * products.sum(axis=0) / n
    denominator = (k - 1) * squares.sum(axis=0) / n + shift
    # a subject moves the means too: the derivative of the squared differences between them
    pull = (k * apart * mean[None] - apart * mean.sum(axis=0)).sum(axis=1)
    own = (k - 1) * squares + shift + 2 * pull
    largest = np.abs(x).max(axis=(0, 1), initial=0.0)
    flat = denominator <= np.square(16 * np.finfo(float).eps * largest)
    estimate = np.where(flat, np.nan, numerator / denominator)
    alike = np.abs(denominator - numerator) <= 4 * np.finfo(float).eps * denominator
    return np.where(alike & ~flat, 1.0, estimate), 2 * products / denominator, own / denominator


def _influence_se(estimate: np.ndarray, share: np.ndarray, scale: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The standard error of Z, (n_features,)."""
    influence = share - estimate * scale
    variance = np.square(influence).sum(axis=0) / (n - 1) / n
    return np.sqrt(variance) / (1 - np.square(estimate))


def _lin_se(x: np.ndarray, complete: np.ndarray, n: np.ndarray, estimate: np.ndarray) -> np.ndarray:
    """The standard error of Z of two readings, (n_features,); NaN where the correlation is 0."""
    mean = x.sum(axis=0) / n
    apart = np.where(complete[:, None], x - mean, 0.0)
    sd = np.sqrt(np.square(apart).sum(axis=0) / n)
    r = (apart[:, 0] * apart[:, 1]).sum(axis=0) / n / (sd[0] * sd[1])
    u2 = np.square(mean[0] - mean[1]) / (sd[0] * sd[1])
    c, rest = estimate, 1 - np.square(estimate)
    variance = (
        (1 - r**2) * c**2 / (rest * r**2)
        + 2 * c**3 * (1 - c) * u2 / (r * rest**2)
        - c**4 * u2**2 / (2 * r**2 * rest**2)
    ) / (n - 2)
    return np.sqrt(variance)
