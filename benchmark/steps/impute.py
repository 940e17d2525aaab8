"""Fill missing values with what is typical of the training rows.

NaN and infinite numbers (an overflow of the extractor) are missing; in a categorical feature None and NaN are. A number
becomes the median, the mean or the most frequent value (the smallest of equally frequent ones) of its feature; a level
becomes the most frequent one (the first in alphabetical order), or a level ``missing`` of its own.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of
from benchmark.frame import feature_columns, feature_of
from benchmark.steps.moments import moments
from benchmark.steps.step import Rows, Step

MISSING = "missing"


class Impute(Step):
    """Fill the touched features, numeric and categorical, column by column.

    ``all_missing`` says what happens to a feature without any value in the training rows: ``drop`` it (the default;
    ``dropped_`` names the columns), raise ``error``, or fill ``zero`` (a categorical feature: the level ``missing``).
    """

    title: ClassVar[str] = "impute"

    def __init__(
        self,
        *,
        numeric: Literal["median", "mean", "most_frequent"] = "median",
        categorical: Literal["most_frequent", "missing"] = "most_frequent",
        all_missing: Literal["drop", "error", "zero"] = "drop",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.numeric = numeric
        self.categorical = categorical
        self.all_missing = all_missing
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """(k,) what a missing number becomes; NaN for a feature without any value."""
        return TYPICAL[self.numeric](np.where(np.isfinite(values), values, np.nan))

    def apply(self, state: np.ndarray, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Values without a gap; features without any value in training become 0."""
        return np.where(np.isfinite(values), values, np.where(np.isnan(state), 0.0, state))

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``."""
        super().fit(X)
        numeric = [column for columns in self.groups_ for column in columns]
        filled = np.concatenate([*self.states_, np.empty(0)])
        touched = set(numeric)
        self.levels_ = {
            column: self._level(X[column]) for column in feature_columns(X, self.blocks) if column not in touched
        }
        empty = [column for column, value in zip(numeric, filled, strict=True) if np.isnan(value)]
        empty += [column for column, level in self.levels_.items() if level is None]
        if empty and self.all_missing == "error":
            raise DataError(
                f"impute: {first_of(empty)} of {len(numeric) + len(self.levels_)} features have no value in any of the "
                f"{len(X)} training rows. Set all_missing: drop or zero."
            )
        self.dropped_ = tuple(empty) if self.all_missing == "drop" else ()
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame without gaps and without the features of ``dropped_``."""
        numbers = super().transform(X)
        absent = [column for column in self.levels_ if column not in X.columns]
        if absent:
            raise DataError(f"impute: the rows have no feature '{feature_of(absent[0])}' that training had")
        levels = {
            column: X[column].astype(object).where(X[column].notna(), MISSING if level is None else level)
            for column, level in self.levels_.items()
        }
        return numbers.assign(**levels).drop(columns=list(self.dropped_))

    def _level(self, column: pd.Series) -> object:
        """What a missing level becomes; None if the column is all missing."""
        found = column.dropna()
        if found.empty:
            return None
        if self.categorical == "missing":
            return MISSING
        counts = found.value_counts(sort=False)
        return min(counts[counts == counts.max()].index, key=str)


def _median(values: np.ndarray) -> np.ndarray:
    """Median of the columns, NaN left out. Sorted by hand: ``np.nanmedian`` loops over columns that have a gap."""
    ordered = np.sort(values, axis=0)  # NaN come last
    number = (~np.isnan(values)).sum(axis=0)
    columns = np.arange(values.shape[1])
    low, high = ordered[np.maximum(number - 1, 0) // 2, columns], ordered[number // 2, columns]
    return 0.5 * low + 0.5 * high


def _mean(values: np.ndarray) -> np.ndarray:
    return moments(values).mean


def _most_frequent(values: np.ndarray) -> np.ndarray:
    """Most frequent value of the columns, the smallest of several; NaN left out: each is a run of its own, and last."""
    ordered = np.sort(values, axis=0)
    place = np.arange(len(values))[:, None]
    begins = np.vstack([np.ones((1, values.shape[1]), bool), ordered[1:] != ordered[:-1]])
    length = place - np.maximum.accumulate(np.where(begins, place, 0), axis=0) + 1
    return np.take_along_axis(ordered, length.argmax(axis=0)[None], axis=0)[0]


TYPICAL = {"median": _median, "mean": _mean, "most_frequent": _most_frequent}
