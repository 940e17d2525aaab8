"""Repeated readings of the same features, and the intraclass correlation in six forms for all features at once.

With the mean squares of n subjects by k readings (MSR between subjects, MSW within subjects, MSC between readings, MSE
residual):

    ICC(1,1) = (MSR - MSW) / (MSR + (k - 1) MSW)                        ICC(1,k) = (MSR - MSW) / MSR
    ICC(2,1) = (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n)    ICC(2,k) = (MSR - MSE) / (MSR + (MSC - MSE) / n)
    ICC(3,1) = (MSR - MSE) / (MSR + (k - 1) MSE)                        ICC(3,k) = (MSR - MSE) / MSR

Source: Shrout and Fleiss (1979), Psychological Bulletin 86:420, equations 1 to 6; limits of ICC(2,1): McGraw and Wong
(1996), Psychological Methods 1:30, table 7; limits of ICC(2,k): those of ICC(2,1) by Spearman-Brown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.special import fdtrc, fdtri

from benchmark.errors import ConfigError, DataError, first_of, unknown

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
COLUMNS = ("estimate", "low", "high", "F", "df1", "df2", "p", "n_subjects")
FEATURES_AT_ONCE = 512  # keeps the working arrays of a usual study in the processor's cache


@dataclass(frozen=True, eq=False)
class Readings:
    """Repeated readings of one block.

    ``values``: (n_subjects, n_readings, n_features) float64, NaN where a reading is missing; ``features``: names as in
    the block's table; ``external``: the subjects are not cases of the cohort (a separate test-retest study). Raises
    ``DataError`` if the shape does not fit the names, or a name comes twice.
    """

    subjects: pd.Index
    features: tuple[str, ...]
    values: np.ndarray
    external: bool = False

    def __post_init__(self) -> None:
        named = (len(self.subjects), len(self.features))
        if self.values.ndim != 3 or (self.values.shape[0], self.values.shape[2]) != named:
            raise DataError(
                f"readings: values of shape {self.values.shape} for {named[0]} subjects and {named[1]} features; "
                "expected (n_subjects, n_readings, n_features)"
            )
        for what, names in (("subjects", self.subjects), ("features", pd.Index(self.features))):
            if names.has_duplicates:
                raise DataError(f"readings: duplicate {what}: {first_of(names[names.duplicated()])}")

    def __deepcopy__(self, memo: Any) -> Self:
        return self  # never changed after loading, so clones of a recipe may share it

    def of(self, cases: pd.Index) -> Readings:
        """The readings of these cases, in their order and each once (cases without readings are left out); all
        subjects if external."""
        if self.external:
            return self
        found = self.subjects.get_indexer(cases.unique())
        found = found[found >= 0]
        return Readings(self.subjects[found], self.features, self.values[found])

    def fingerprint(self) -> str:
        """A hash of the content."""
        names = [*map(str, self.subjects), "\x1e", *self.features, f"{self.values.shape}{self.external}"]
        digest = hashlib.sha256("\x1f".join(names).encode())
        digest.update(np.ascontiguousarray(self.values, dtype=float).tobytes())
        return digest.hexdigest()


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


def icc(values: np.ndarray, *, form: str = "ICC(2,1)", level: float = 0.95) -> pd.DataFrame:
    """One row of ``COLUMNS`` per feature of ``values`` (n_subjects, n_readings, n_features).

    Estimates and limits are not cut at 0. Subjects with a missing reading are left out feature by feature;
    ``n_subjects`` is what is left. An ICC that cannot be computed (fewer than 2 complete subjects, all readings equal,
    estimated total variance not positive) is NaN. The p value tests ICC = 0 by F(df1, df2).
    """
    return _icc(mean_squares(values), form, level)


def icc_all_forms(values: np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """``icc`` in the six forms: indexed by ``form`` and the number of the ``feature``."""
    squares = mean_squares(values)
    return pd.concat({form: _icc(squares, form, level) for form in FORMS}, names=["form", "feature"])


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


def _icc(squares: MeanSquares, form: str, level: float) -> pd.DataFrame:
    if form not in FORMS:
        raise ConfigError(unknown("form of ICC", form, FORMS))
    if not 0 < level < 1:
        raise ConfigError(f"level of the ICC's confidence interval is {level}; expected a number between 0 and 1")
    n, k = squares.n, squares.k
    one_way, average = form.startswith("ICC(1"), form.endswith("k)")
    noise = squares.within if one_way else squares.error
    df1 = n - 1
    df2 = n * (k - 1) if one_way else df1 * (k - 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = squares.between / noise
        estimate = _estimate(squares, noise, two_way_random=form.startswith("ICC(2"), average=average)
        if form.startswith("ICC(2"):
            low, high = _agreement_limits(squares, level)
            if average:
                low, high = _spearman_brown(low, k), _spearman_brown(high, k)
        else:
            low, high = _ratio_limits(squares.between, noise, df1, df2, k, level, average=average)
        p = np.where(np.isinf(ratio), 0.0, fdtrc(df1, df2, ratio))
    columns = (estimate, low, high, ratio, df1, df2, p)
    undefined = np.isnan(estimate)
    table = {name: np.where(undefined, np.nan, column) for name, column in zip(COLUMNS, columns, strict=False)}
    return pd.DataFrame({**table, "n_subjects": n.astype(np.int64)}, columns=list(COLUMNS))


def _estimate(squares: MeanSquares, noise: np.ndarray, *, two_way_random: bool, average: bool) -> np.ndarray:
    k = squares.k
    total = squares.between + (0 if average else (k - 1) * noise)
    if two_way_random:
        total = total + (1 if average else k) * (squares.readings - squares.error) / squares.n
    # A negative total would turn a hopeless feature into an ICC above 1.
    return np.where(total > 0, (squares.between - noise) / total, np.nan)


def _ratio_limits(
    between: np.ndarray, noise: np.ndarray, df1: np.ndarray, df2: np.ndarray, k: int, level: float, *, average: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The limits of the one-way and consistency forms, from those of the ratio F = between / noise."""
    upper = (1 + level) / 2
    low, high = noise * fdtri(df1, df2, upper), noise / fdtri(df2, df1, upper)
    if average:
        return 1 - low / between, 1 - high / between
    return (between - low) / (between + (k - 1) * low), (between - high) / (between + (k - 1) * high)


def _agreement_limits(squares: MeanSquares, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The limits of ICC(2,1), with Satterthwaite's degrees of freedom v; written without MSC / MSE, as MSE may be 0."""
    n, k, msr, msc, mse = squares.n, squares.k, squares.between, squares.readings, squares.error
    rho = _estimate(squares, mse, two_way_random=True, average=False)
    a = k * rho * msc
    b = (n * (1 + (k - 1) * rho) - k * rho) * mse
    v = (k - 1) * (n - 1) * np.square(a + b) / ((n - 1) * np.square(a) + np.square(b))
    upper = (1 + level) / 2
    rest = k * msc + (k * n - k - n) * mse
    # Without disagreement v is 0 / 0, and the limits are 1 whatever it is.
    v = np.where((rest == 0) & (msr > 0), 1.0, v)
    low, high = fdtri(n - 1, v, upper), fdtri(v, n - 1, upper)
    return n * (msr - low * mse) / (low * rest + n * msr), n * (high * msr - mse) / (rest + n * high * msr)


def _spearman_brown(single: np.ndarray, k: int) -> np.ndarray:
    """The reliability of the mean of k readings; NaN where that of one is below -1 / (k - 1)."""
    total = 1 + (k - 1) * single
    return np.where(total > 0, k * single / total, np.nan)
