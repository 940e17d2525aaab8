"""Repeated readings of the same features of the same subjects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of


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
