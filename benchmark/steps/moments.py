"""Mean and standard deviation of each feature, whatever its magnitude.

Formula: ``mean = sum(x) / n``, ``sd = sqrt(sum((x - mean)^2) / n)`` over the finite values, computed on
``x / max|x|`` so that squares of huge values do not overflow and squares of tiny ones do not vanish. A feature is
constant if its range is within rounding of its magnitude, ``max(x) - min(x) <= 16 eps max|x|``; its SD is then exactly
0, where the two-pass formula would leave a tiny positive number that a division turns into noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ROUNDING = 16 * np.finfo(float).eps


class Moments(NamedTuple):
    """``mean`` and ``sd`` (ddof 0), (k,); NaN for a feature without a finite value; ``sd`` is 0 if it is constant."""

    mean: np.ndarray
    sd: np.ndarray


def moments(values: np.ndarray) -> Moments:
    """Moments of the columns of ``values`` (n_cases, k); NaN and infinite values are left out."""
    finite = np.isfinite(values)
    if finite.all():
        return _moments(values, None, len(values))
    count = finite.sum(axis=0)
    mean, sd = _moments(np.where(finite, values, 0.0), finite, count)
    return Moments(np.where(count == 0, np.nan, mean), np.where(count == 0, np.nan, sd))


def _moments(values: np.ndarray, finite: np.ndarray | None, count: int | np.ndarray) -> Moments:
    """Moments of finite values; where ``finite`` is False a value is 0 and does not count."""
    size = np.abs(values).max(axis=0, initial=0.0)
    unit = np.where(size > 0, size, 1.0)
    scaled = values / unit
    number = np.maximum(count, 1)
    mean = scaled.sum(axis=0) / number
    apart = scaled - mean
    if finite is not None:
        apart[~finite] = 0.0
    # The extremes of the deviations are the range of the counted values: an uncounted one deviates by 0.
    constant = apart.max(axis=0, initial=0.0) - apart.min(axis=0, initial=0.0) <= ROUNDING
    sd = np.sqrt(np.einsum("ij,ij->j", apart, apart) / number)
    return Moments(mean * unit, np.where(constant, 0.0, sd * unit))
