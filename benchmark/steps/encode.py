"""Categorical features to indicator columns, one per level of the training rows.

The column of level ``L3`` of ``clinical::stage`` is ``clinical::stage=L3``. A level that training has not seen is 0 in
all columns of its feature.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from benchmark.errors import DataError, first_of
from benchmark.frame import feature_of, text_features
from benchmark.steps.step import Rows, Step

MISSING = "missing"


class Encode(Step):
    """Indicator columns, in the place of their feature and in the alphabetical order of its levels, 0.0 or 1.0.

    ``drop``: the first level's column is left out of every feature (``first``), of those with two levels
    (``if_binary``), or of none. ``missing``: a missing value is 0 in all columns (``zeros``), or a level of its own,
    named ``missing``, if training has it (``own``). Numeric features pass.
    """

    title: ClassVar[str] = "encode"

    def __init__(
        self,
        *,
        drop: Literal["first", "if_binary", "none"] = "if_binary",
        missing: Literal["zeros", "own"] = "zeros",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.drop = drop
        self.missing = missing
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> None:
        """Nothing: numbers pass."""

    def apply(self, state: None, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The same values."""
        return values

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the levels from the rows of ``X``."""
        touched = text_features(X, self.blocks)
        self.groups_, self.states_ = [], []
        self.levels_ = {column: self._kept(self._text(X[column])) for column in touched}
        after = pd.Index(
            [*X.columns.difference(touched), *(name for column in touched for name in self._names(column))]
        )
        clash = after[after.duplicated()]
        if len(clash):
            raise DataError(
                f"encode: {first_of(clash)} of the new columns have a name that is taken. Rename the features."
            )
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame with indicator columns instead of the categorical features."""
        check_is_fitted(self, "levels_")
        absent = [column for column in self.levels_ if column not in X.columns]
        if absent:
            raise DataError(f"encode: the rows have no feature '{feature_of(absent[0])}' that training had")
        order: list[str] = []
        for column in X.columns:
            order += self._names(column) if column in self.levels_ else [column]
        indicators = [
            pd.DataFrame(
                (self._text(X[column]).to_numpy(object)[:, None] == np.array(levels, object)[None]).astype(float),
                index=X.index,
                columns=self._names(column),
            )
            for column, levels in self.levels_.items()
        ]
        return pd.concat([X.drop(columns=list(self.levels_)), *indicators], axis=1)[order]

    def _names(self, column: str) -> list[str]:
        return [f"{column}={level}" for level in self.levels_[column]]

    def _text(self, column: pd.Series) -> pd.Series:
        """Levels as text; a missing one is None, or the level ``missing``."""
        text = column.astype(object).where(column.isna(), column.astype(str))
        return text.where(column.notna(), MISSING if self.missing == "own" else None)

    def _kept(self, text: pd.Series) -> list[str]:
        """The levels that get a column."""
        levels = sorted(text.dropna().unique())
        drop = self.drop == "first" or (self.drop == "if_binary" and len(levels) == 2)
        return levels[1:] if drop else levels
