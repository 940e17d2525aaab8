"""Categorical features to numbers: indicator columns, one per level of the training rows, or the place in an order.

The column of level ``L3`` of ``clinical::stage`` is ``clinical::stage=L3``. A level that training has not seen is 0 in
all columns of its feature, or counts as ``other`` where rare levels were merged. A feature with a declared order stays
one column: 0 for its first level, 1 for the second ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from sklearn.utils.validation import check_is_fitted

from benchmark.errors import ConfigError, DataError, first_of
from benchmark.frame import feature_of, text_features
from benchmark.steps.step import Rows, Step, insert, require_apart

MISSING = "missing"
OTHER = "other"

Level = Annotated[str, Field(coerce_numbers_to_str=True)]


class Encode(Step):
    """Columns in the place of their feature; indicators in the alphabetical order of the levels, 0.0 or 1.0.

    ``drop``: the first level's column is left out of every feature (``first``), of those with two levels
    (``if_binary``), or of none. ``missing``: a missing value is 0 in all columns (``zeros``), or a level of its own,
    named ``missing``, if training has it (``own``). Levels with fewer than ``min_count`` training rows, or a smaller
    share of them than ``min_share``, are merged into one, ``other``.

    ``ordinal`` gives the levels of a feature from lowest to highest. A missing value stays missing there. A level that
    is not in the list is an ``error``, is ``missing``, or becomes the ``median`` of the training rows, as
    ``undeclared`` says. Numeric features pass.
    """

    title: ClassVar[str] = "encode"

    def __init__(
        self,
        *,
        drop: Literal["first", "if_binary", "none"] = "if_binary",
        missing: Literal["zeros", "own"] = "zeros",
        min_count: Annotated[int, Field(ge=1)] = 1,
        min_share: Annotated[float, Field(ge=0, lt=1)] = 0.0,
        ordinal: Mapping[str, tuple[Level, ...]] | None = None,
        undeclared: Literal["error", "missing", "median"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.drop = drop
        self.missing = missing
        self.min_count = min_count
        self.min_share = min_share
        self.ordinal = ordinal
        self.undeclared = undeclared
        self.blocks = blocks
        self.per_block = per_block

    def check(self) -> None:
        """An order names each of its levels once."""
        for feature, levels in (self.ordinal or {}).items():
            if len(levels) < 2 or len(set(levels)) < len(levels):
                raise ConfigError(
                    f"encode: the order of '{feature}' should name two levels or more, once each, not {list(levels)}",
                    path=("ordinal", feature),
                )

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> None:
        """Nothing: numbers pass."""

    def apply(self, state: None, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The same values."""
        return values

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn the levels from the rows of ``X``."""
        self.check()
        touched = text_features(X, self.blocks)
        self.groups_, self.states_ = [], []
        self.orders_ = {column: order for column in touched if (order := self._order(column))}
        self.middles_ = {column: self._middle(X[column], levels) for column, levels in self.orders_.items()}
        texts = {column: self._text(X[column]) for column in touched if column not in self.orders_}
        self.common_ = {column: common for column, text in texts.items() if (common := self._common(text)) is not None}
        self.levels_ = {column: self._kept(self._merged(column, text)) for column, text in texts.items()}
        named = [name for column in self.levels_ for name in self._names(column)]
        require_apart(self.title, [*X.columns.difference(list(self.levels_)), *named])
        self.remarks_ = [*self._remark_rare(texts), *self._remark_unknown(touched)]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame with numbers instead of the categorical features."""
        check_is_fitted(self, "levels_")
        absent = [column for column in (*self.levels_, *self.orders_) if column not in X.columns]
        if absent:
            raise DataError(f"encode: the rows have no feature '{feature_of(absent[0])}' that training had")
        made = {column: self._indicators(X[column]) for column in self.levels_}
        made |= {column: self._places(X[column]) for column in self.orders_}
        return insert(self.title, X, made, made)

    def _indicators(self, column: pd.Series) -> pd.DataFrame:
        name = str(column.name)
        text = self._merged(name, self._text(column)).to_numpy(object)
        equal = text[:, None] == np.array(self.levels_[name], object)[None]
        return pd.DataFrame(equal.astype(float), index=column.index, columns=self._names(name))

    def _names(self, column: str) -> list[str]:
        return [f"{column}={level}" for level in self.levels_[column]]

    def _text(self, column: pd.Series) -> pd.Series:
        """Levels as text; a missing one is None, or the level ``missing``."""
        return _words(column, MISSING if self.missing == "own" else None)

    def _common(self, text: pd.Series) -> list[str] | None:
        """The levels that are frequent enough, None if that is all of them."""
        counts = text.value_counts()
        rare = (counts < self.min_count) | (counts < self.min_share * len(text))
        return sorted(counts.index[~rare]) if rare.any() else None

    def _merged(self, column: str, text: pd.Series) -> pd.Series:
        """Levels as text, with ``other`` for the rare ones and those that training has not seen."""
        common = self.common_.get(column)
        return text if common is None else text.where(text.isin(common) | text.isna(), OTHER)

    def _kept(self, text: pd.Series) -> list[str]:
        """The levels that get a column."""
        levels = sorted(text.dropna().unique())
        drop = self.drop == "first" or (self.drop == "if_binary" and len(levels) == 2)
        return levels[1:] if drop else levels

    def _remark_rare(self, texts: Mapping[str, pd.Series]) -> list[str]:
        rare = sum(int((~texts[column].dropna().isin(common)).sum()) for column, common in self.common_.items())
        told = f"rare levels of {first_of(self.common_)} features, in {rare} training rows, were merged into '{OTHER}'"
        return [told] if self.common_ else []

    def _remark_unknown(self, touched: list[str]) -> list[str]:
        """An order for a feature that is not there: of a block outside this feature set, or mistyped."""
        known = [*touched, *map(feature_of, touched)]
        absent = [name for name in self.ordinal or () if name not in known]
        return [f"no categorical feature has the name of {first_of(absent)} declared orders"] if absent else []

    def _order(self, column: str) -> tuple[str, ...]:
        """The declared order of a feature, named with or without its block; empty if there is none."""
        told = self.ordinal or {}
        return tuple(told.get(column, told.get(feature_of(column), ())))

    def _middle(self, column: pd.Series, levels: tuple[str, ...]) -> float:
        """Median place of the training rows; NaN if none has a declared level."""
        places = pd.Index(levels).get_indexer(pd.Index(_words(column)))
        return float(np.median(places[places >= 0])) if (places >= 0).any() else np.nan

    def _places(self, column: pd.Series) -> pd.DataFrame:
        name = str(column.name)
        text = _words(column)
        places = pd.Index(self.orders_[name]).get_indexer(pd.Index(text)).astype(float)
        strange = (places < 0) & column.notna().to_numpy()
        if strange.any() and self.undeclared == "error":
            first = int(np.argmax(strange))
            raise DataError(
                f"encode: '{feature_of(name)}' of {strange.sum()} rows (first: '{text.iloc[first]}' of "
                f"'{column.index[first]}') is not in its order: {', '.join(self.orders_[name])}. Add the level, or set "
                "undeclared: missing or median."
            )
        places[places < 0] = np.nan
        places[strange] = self.middles_[name] if self.undeclared == "median" else np.nan
        return pd.DataFrame({name: places}, index=column.index)


def _words(column: pd.Series, missing: str | None = None) -> pd.Series:
    """Levels as text, and this for a missing one."""
    text = column.astype(object).where(column.isna(), column.astype(str))
    return text.where(column.notna(), missing)
