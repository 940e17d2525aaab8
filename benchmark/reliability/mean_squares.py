"""The mean squares of subjects by readings, of all features at once.

Two-way, of the n subjects who have all k readings: MSR between subjects, MSW within subjects, MSC between readings, MSE
residual. One-way, of every subject i with k_i readings, N in all: MSB between and MSW within subjects, and

    k0 = (N - sum k_i^2 / N) / (n - 1)

the number of readings per subject that the expected mean square between subjects has; k0 = k if all have k.

Source: Shrout and Fleiss (1979), Psychological Bulletin 86:420; k0: Searle (1971), Linear Models, section 9.9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.errors import DataError

FEATURES_AT_ONCE = 512  # keeps the working arrays of a usual study in the processor's cache


@dataclass(frozen=True, eq=False)
class MeanSquares:
    """The two-way table of each feature, all (n_features,): ``between`` subjects (MSR), ``within`` subjects (MSW),
    between ``readings`` (MSC), residual ``error`` (MSE), ``n`` complete subjects; ``k`` readings. NaN if n < 2."""

    between: np.ndarray
    within: np.ndarray
    readings: np.ndarray
    error: np.ndarray
    n: np.ndarray
    k: int


def mean_squares(values: np.ndarray) -> MeanSquares:
    """The mean squares of (n_subjects, n_readings, n_features). A subject with a missing reading of a feature is left
    out of that feature. A mean square below the rounding of the feature's largest value is 0."""
    if values.ndim != 3 or values.shape[1] < 2:
        raise DataError(f"ICC: readings of shape {values.shape}; expected (n_subjects, 2 or more readings, n_features)")
    starts = range(0, max(values.shape[2], 1), FEATURES_AT_ONCE)
    parts = [_mean_squares(values[:, :, start : start + FEATURES_AT_ONCE]) for start in starts]
    between, within, readings, error, n = np.concatenate(parts, axis=1)
    return MeanSquares(between, within, readings, error, n, values.shape[1])


@dataclass(frozen=True, eq=False)
class OneWay:
    """The one-way table of each feature, all (n_features,): ``between`` and ``within`` subjects, ``n`` subjects with a
    reading, ``total`` readings, ``k0`` readings per subject. NaN if fewer than 2 subjects or none was read twice."""

    between: np.ndarray
    within: np.ndarray
    n: np.ndarray
    total: np.ndarray
    k0: np.ndarray


def one_way(values: np.ndarray) -> OneWay:
    """The one-way table of (n_subjects, n_readings, n_features): every reading that there is counts, a subject's
    missing ones are NaN. A mean square below the rounding of the feature's largest value is 0."""
    there = ~np.isnan(values)
    x = np.where(there, values, 0.0)
    largest = np.abs(x).max(axis=(0, 1), initial=0.0)
    k = there.sum(axis=1).astype(float)
    n, total = (k > 0).sum(axis=0).astype(float), k.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(there, x - x.sum(axis=(0, 1)) / total, 0.0)
        subject = np.where(k > 0, x.sum(axis=1) / k, 0.0)
        between = (k * np.square(subject)).sum(axis=0) / (n - 1)
        within = np.square(np.where(there, x - subject[:, None], 0.0)).sum(axis=(0, 1)) / (total - n)
        k0 = (total - np.square(k).sum(axis=0) / total) / (n - 1)
    squares = np.stack([between, within])
    squares[squares <= total * np.square(4 * np.finfo(float).eps * largest)] = 0.0
    squares[:, (n < 2) | (total == n)] = np.nan
    return OneWay(squares[0], squares[1], n, total, k0)


def _mean_squares(values: np.ndarray) -> np.ndarray:
    """(5, n_features): MSR, MSW, MSC, MSE, n."""
    k = values.shape[1]
    complete = ~np.isnan(values).any(axis=1)
    ragged = not complete.all()
    x = np.where(complete[:, None], values, 0.0) if ragged else values
    n = complete.sum(axis=0).astype(float)
    largest = np.abs(x).max(axis=(0, 1), initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = x - x.sum(axis=(0, 1)) / (n * k)
        if ragged:
            x *= complete[:, None]
        subject, reading = x.mean(axis=1), x.sum(axis=0) / n
        between = k * _spread(subject, complete, n) / (n - 1)
        between_readings = n * np.square(reading - reading.mean(axis=0)).sum(axis=0) / (k - 1)
        x = x - subject[:, None]
        within = np.square(x).sum(axis=(0, 1)) / (n * (k - 1))
        x -= x.sum(axis=0) / n
        if ragged:
            x *= complete[:, None]
        error = np.square(x).sum(axis=(0, 1)) / ((n - 1) * (k - 1))
    squares = np.stack([between, within, between_readings, error])
    # Sums of n * k cells carry that much rounding; left in, 0 / 0 would become a ratio of noise.
    squares[squares <= n * k * np.square(4 * np.finfo(float).eps * largest)] = 0.0
    squares[:, n < 2] = np.nan
    return np.vstack([squares, n])


def _spread(subject: np.ndarray, complete: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The sum of squares of the complete subjects' means (n_subjects, n_features) around their mean."""
    return np.square((subject - subject.sum(axis=0) / n) * complete).sum(axis=0)
