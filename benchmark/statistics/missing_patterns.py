"""Columns with the same gaps, so that what needs complete rows is computed for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def missing_patterns(values: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows that are known, (n,) bool, and the columns of ``values`` (n, k) that are finite in just these rows."""
    known = np.isfinite(values)
    found: dict[bytes, list[int]] = {}
    for column, pattern in enumerate(np.packbits(known, axis=0).T):
        found.setdefault(pattern.tobytes(), []).append(column)
    for columns in found.values():
        yield known[:, columns[0]], np.array(columns)
