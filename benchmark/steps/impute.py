"""Fill missing values with what the training rows make likely.

NaN and infinite numbers (an overflow of the extractor) are missing; in a categorical feature None and NaN are. A number
becomes the median, the mean or the most frequent value (the smallest of equally frequent ones) of its feature, or is
predicted from the other features of its case (see ``impute_model``); a level becomes the most frequent one (the first
in alphabetical order), or a level ``missing`` of its own.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

import numpy as np
import pandas as pd
from pydantic import Field

from benchmark.errors import DataError, first_of
from benchmark.frame import feature_columns, feature_of
from benchmark.steps.impute_model import ImputeModel, ModelParameters, fit_model
from benchmark.steps.moments import moments
from benchmark.steps.step import Rows, Step, insert

MISSING = "missing"
INDICATOR = " is missing"

Share = Annotated[float, Field(ge=0, le=1)]


class Filling(NamedTuple):
    """``typical`` (k,): what a missing number becomes, NaN for a feature without any value; ``predicted`` (k,) bool:
    the features that the model, if there is one, fills instead."""

    typical: np.ndarray
    predicted: np.ndarray
    model: ImputeModel | None


class Impute(Step):
    """Fill the touched features, numeric and categorical.

    ``numeric``: ``knn`` takes the mean of the nearest ``neighbours`` training rows, ``iterative`` at most ``rounds``
    rounds of regressions on at most ``predictors`` other features; both know only numbers. ``all_missing`` says what
    happens to a feature without any value in the training rows: ``drop`` it (the default), raise ``error``, or fill
    ``zero`` (a categorical feature: the level ``missing``). A feature with a share of gaps above
    ``max_missing_features`` in the training rows is dropped, whatever ``all_missing`` says; ``dropped_`` names all
    columns that go. Training cases with a share above ``max_missing_cases`` are remarked: rows stay. With
    ``indicator``, a feature with gaps in training is followed by a column ``<feature> is missing``, 1.0 where it was
    filled.
    """

    title: ClassVar[str] = "impute"

    def __init__(
        self,
        *,
        numeric: Literal["median", "mean", "most_frequent", "knn", "iterative"] = "median",
        categorical: Literal["most_frequent", "missing"] = "most_frequent",
        all_missing: Literal["drop", "error", "zero"] = "drop",
        neighbours: Annotated[int, Field(ge=1)] = 5,
        rounds: Annotated[int, Field(ge=1)] = 10,
        predictors: Annotated[int, Field(ge=1)] = 100,
        indicator: bool = False,
        max_missing_features: Share | None = None,
        max_missing_cases: Share | None = None,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.numeric = numeric
        self.categorical = categorical
        self.all_missing = all_missing
        self.neighbours = neighbours
        self.rounds = rounds
        self.predictors = predictors
        self.indicator = indicator
        self.max_missing_features = max_missing_features
        self.max_missing_cases = max_missing_cases
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Filling:
        """What a missing number becomes."""
        known = np.where(np.isfinite(values), values, np.nan)
        typical = TYPICAL.get(self.numeric, _median)(known)
        predicted = ~np.isnan(typical) & ~self._too_many(np.isnan(known).mean(axis=0))
        if self.numeric in TYPICAL or not predicted.any():
            return Filling(typical, predicted, None)
        model = fit_model(self.numeric, known[:, predicted], self._model_parameters())
        if not model.converged:
            self.remarks_.append(f"{', '.join(rows.blocks)}: filled values still moved after {self.rounds} rounds")
        return Filling(typical, predicted, model)

    def apply(self, state: Filling, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Values without a gap; features without any value in training become 0."""
        typical, predicted, model = state
        finite = np.isfinite(values)
        filled = np.where(finite, values, np.where(np.isnan(typical), 0.0, typical))
        if model is not None:
            filled[:, predicted] = model.filled(np.where(finite, values, np.nan)[:, predicted])
        return filled

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``."""
        super().fit(X)
        numeric = [column for columns in self.groups_ for column in columns]
        touched = set(numeric)
        self.levels_ = {
            column: self._level(X[column]) for column in feature_columns(X, self.blocks) if column not in touched
        }
        gaps = _gaps(X, numeric, list(self.levels_))
        self.dropped_ = self._dropped(gaps.mean(), len(X))
        some = gaps.columns[gaps.any()].difference(list(self.dropped_), sort=False)
        self.indicators_ = tuple(some) if self.indicator else ()
        self._remark_cases(gaps)
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
        filled = numbers.assign(**levels).drop(columns=list(self.dropped_))
        gaps = _gaps(X, [c for c in self.indicators_ if c not in levels], [c for c in self.indicators_ if c in levels])
        told = {
            column: pd.DataFrame({column: filled[column], column + INDICATOR: gaps[column].astype(float)})
            for column in self.indicators_
        }
        return insert(self.title, filled, told, self.indicators_) if told else filled

    def _model_parameters(self) -> ModelParameters:
        return ModelParameters(self.neighbours, self.rounds, self.predictors, self.seed)

    def _level(self, column: pd.Series) -> object:
        """What a missing level becomes; None if the column is all missing."""
        found = column.dropna()
        if found.empty:
            return None
        if self.categorical == "missing":
            return MISSING
        counts = found.value_counts(sort=False)
        return min(counts[counts == counts.max()].index, key=str)

    def _too_many(self, share: np.ndarray) -> np.ndarray:
        """(k,) bool: features with more gaps than the limit."""
        return share > (1.0 if self.max_missing_features is None else self.max_missing_features)

    def _dropped(self, share: pd.Series, n_rows: int) -> tuple[str, ...]:
        """The columns that go, by the share of gaps of each touched column; the reasons are remarked."""
        too_many = self._too_many(share.to_numpy())
        above, empty = list(share.index[too_many]), list(share.index[(share == 1.0) & ~too_many])
        if empty and self.all_missing == "error":
            raise DataError(
                f"impute: {first_of(empty)} of {len(share)} features have no value in any of the "
                f"{n_rows} training rows. Set all_missing: drop or zero."
            )
        empty = empty if self.all_missing == "drop" else []
        if above:
            told = (
                f"{first_of(above)} of {len(share)} features are missing in more than {self.max_missing_features:.0%}"
            )
            self.remarks_.append(f"{told} of the training rows: dropped")
        if empty:
            self.remarks_.append(f"{first_of(empty)} of {len(share)} features have no value in training: dropped")
        gone = {*above, *empty}
        return tuple(column for column in share.index if column in gone)

    def _remark_cases(self, gaps: pd.DataFrame) -> None:
        if self.max_missing_cases is not None:
            cases = gaps.index[gaps.mean(axis=1) > self.max_missing_cases]
            if len(cases):
                told = f"{first_of(cases)} of {len(gaps)} training cases lack more than {self.max_missing_cases:.0%}"
                self.remarks_.append(f"{told} of their features: they stay")


def _gaps(X: pd.DataFrame, numeric: list[str], text: list[str]) -> pd.DataFrame:
    """Which values are missing, (n_cases, k) bool."""
    numbers = pd.DataFrame(~np.isfinite(X[numeric].to_numpy(float)), index=X.index, columns=numeric)
    return pd.concat([numbers, X[text].isna()], axis=1)


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
