"""The values of a block as they were read: from the long table at the waist to a matrix of numbers, and categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

CATEGORICAL, ORDINAL, NUMERIC = "categorical", "ordinal", "numeric"
FEW_VALUES = 5
"""Whole numbers with so many different values at most are shown as categories."""


@dataclass(frozen=True, eq=False)
class Categories:
    """``codes`` (n_cases,): positions among the ``labels``, -1 where missing."""

    codes: np.ndarray
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BlockValues:
    """``names`` of all features in order. ``numbers`` (n_cases, p): of the features ``numeric``, NaN where missing; an
    ordinal feature is among them by its rank, and among the ``categories`` by its levels."""

    block: str
    names: tuple[str, ...]
    numeric: tuple[str, ...] = ()
    numbers: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))
    categories: dict[str, Categories] = field(default_factory=dict)

    def number(self, feature: str) -> np.ndarray:
        """(n_cases,) of one numeric feature."""
        return self.numbers[:, self.numeric.index(feature)]


def block_values(values: pd.DataFrame, block: str, cases: Sequence[str] | pd.Index) -> BlockValues:
    """The block's rows of ``predictions.VALUES``, for the ``cases`` in their order."""
    mine = values[values["block"] == block]
    names = tuple(map(str, pd.unique(mine["feature"].astype(object))))
    numbers = mine[mine["kind"] != CATEGORICAL]
    numeric = tuple(map(str, pd.unique(numbers["feature"].astype(object))))
    matrix = np.full((len(cases), len(numeric)), np.nan)
    rows, columns = (
        pd.Index(cases).get_indexer(pd.Index(numbers["case"])),
        pd.Index(numeric).get_indexer(pd.Index(numbers["feature"])),
    )
    matrix[rows, columns] = numbers["value"].to_numpy(float)
    categories = {
        str(feature): _categories(part, cases)
        for feature, part in mine[mine["kind"] != NUMERIC].groupby("feature", observed=True, sort=False)
    }
    return BlockValues(block, names, numeric, matrix, categories)


def whole_numbers(values: np.ndarray) -> Categories | None:
    """A column (n_cases,) as categories if it has no more than ``FEW_VALUES`` values, all whole; else None."""
    found = np.unique(values[np.isfinite(values)])
    if not 0 < len(found) <= FEW_VALUES or np.any(found != np.round(found)):
        return None
    return as_groups(values)


def as_groups(values: np.ndarray) -> Categories:
    """A column (n_cases,) with each of its values as a level."""
    known = np.isfinite(values)
    found, codes = np.unique(values[known], return_inverse=True)
    every = np.full(len(values), -1)
    every[known] = codes
    return Categories(every, tuple(f"{value:g}" for value in found))


def _categories(part: pd.DataFrame, cases: Sequence[str] | pd.Index) -> Categories:
    """Levels in their declared order, else by name."""
    known = part[part["level"].notna()]
    level = known["level"].astype(object).astype(str)
    order = pd.DataFrame({"value": known["value"].to_numpy(float), "level": level.to_numpy(object)}).drop_duplicates()
    labels = tuple(order.sort_values(["value", "level"])["level"])
    codes = np.full(len(cases), -1)
    codes[pd.Index(cases).get_indexer(pd.Index(known["case"]))] = pd.Index(labels).get_indexer(level)
    return Categories(codes, labels)
