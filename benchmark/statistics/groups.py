"""Groups of values reduced to what one-way tests need: size, mean and standard deviation.

Papers print just these, so whatever is computed from ``Groups`` can be computed from a published table.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmark.errors import DataError


@dataclass(frozen=True, eq=False)
class Groups:
    """``names`` (k,), and of each group its size ``n`` >= 2, ``mean`` and ``sd`` (n - 1 in the denominator), (k,).
    ``DataError`` with fewer than two groups, a repeated name, a size below 2, a number that is not finite, or a
    negative sd."""

    names: tuple[Hashable, ...]
    n: np.ndarray
    mean: np.ndarray
    sd: np.ndarray

    def __post_init__(self) -> None:
        for field in ("n", "mean", "sd"):
            object.__setattr__(self, field, np.asarray(getattr(self, field), float))
        lengths = {len(self.names), len(self.n), len(self.mean), len(self.sd)}
        if len(lengths) > 1:
            raise DataError(f"groups: names, n, mean and sd of different lengths: {sorted(lengths)}")
        if len(self.names) < 2:
            raise DataError(f"groups: found {len(self.names)}, expected at least 2")
        if len(set(self.names)) < len(self.names):
            raise DataError("groups: a name occurs twice")
        problems = {
            "n, mean and sd should be finite numbers": ~np.isfinite([self.n, self.mean, self.sd]).all(0),
            "at least 2 values are needed": self.n < 2,
            "a standard deviation cannot be negative": self.sd < 0,
        }
        for problem, where in problems.items():
            if where.any():
                raise DataError(f"groups: '{self.names[int(np.argmax(where))]}': {problem}")

    @property
    def k(self) -> int:
        """How many groups."""
        return len(self.names)

    @property
    def total(self) -> float:
        """How many values."""
        return float(self.n.sum())

    @property
    def variance_within(self) -> float:
        """The pooled variance, MS_within."""
        return float(np.sum((self.n - 1) * self.sd**2) / (self.total - self.k))

    @property
    def constant(self) -> np.ndarray:
        """(k,): which groups have no variance but for rounding."""
        return self.sd <= 1e-10 * np.maximum(abs(self.mean), 1e-300)


def groups_of(values: Sequence[float] | np.ndarray, group: Sequence[Hashable] | np.ndarray) -> Groups:
    """The ``values`` (n,) by their ``group`` (n,), groups in the order in which they appear. ``DataError`` as
    ``Groups``, and if a value is NaN or infinite."""
    values, codes, names = split(values, group)
    n = np.bincount(codes, minlength=len(names)).astype(float)
    if (n < 2).any():
        raise DataError(f"groups: '{names[int(np.argmax(n < 2))]}': at least 2 values are needed")
    mean = np.bincount(codes, values) / n
    sd = np.sqrt(np.bincount(codes, (values - mean[codes]) ** 2) / (n - 1))
    return Groups(names, n, mean, sd)


def split(
    values: Sequence[float] | np.ndarray, group: Sequence[Hashable] | np.ndarray
) -> tuple[np.ndarray, np.ndarray, tuple[Hashable, ...]]:
    """``values`` as floats (n,), the codes of their groups (n,) and the names (k,). ``DataError`` if the lengths differ
    or a value is not finite."""
    found = np.asarray(values, float)
    names = list(group)
    if found.ndim != 1 or len(names) != len(found):
        raise DataError(f"groups: {found.size} values for {len(names)} names of groups")
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        raise DataError(f"groups: value {wrong[0] + 1} of '{names[wrong[0]]}' is {found[wrong[0]]}, expected a number")
    order = {name: code for code, name in enumerate(dict.fromkeys(names))}
    return found, np.array([order[name] for name in names], int), tuple(order)
