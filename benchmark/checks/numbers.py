"""The numeric features of a block as one matrix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmark.cohort import Block, Cohort


@dataclass(frozen=True, eq=False)
class Numbers:
    """``values`` (n_cases, n_features) float64; ``names`` (n_features,)."""

    block: Block
    names: np.ndarray
    values: np.ndarray

    @cached_property
    def low(self) -> np.ndarray:
        """(n_features,) the smallest value, NaN if there is none."""
        return np.fmin.reduce(self.values, axis=0) if len(self.values) else np.full(len(self.names), np.nan)

    @cached_property
    def high(self) -> np.ndarray:
        """(n_features,) the largest value, NaN if there is none."""
        return np.fmax.reduce(self.values, axis=0) if len(self.values) else np.full(len(self.names), np.nan)

    @cached_property
    def varying(self) -> np.ndarray:
        """(n_features,) bool: at least two different values."""
        return self.low < self.high


def numbers(cohort: Cohort) -> Iterator[Numbers]:
    """The blocks that have numeric features."""
    for block in cohort.blocks.values():
        names = [name for name in block.table.columns if name not in set(block.categorical)]
        if names:
            yield Numbers(block, np.array(names, dtype=object), block.table[names].to_numpy(np.float64))
