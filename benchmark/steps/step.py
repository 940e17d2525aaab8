"""What every step is: an estimator that learns from, and changes, only the features it touches.

A step is a scikit-learn transformer from frame to frame (see ``benchmark.frame``). It touches the numeric features of
``blocks`` (all blocks if None); every other column passes as it is. With ``per_block`` it is fitted apart for each
block. A subclass writes two plain functions of arrays, and everything else (which columns, which order, which rows) is
here, once.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from benchmark.cohort import Cohort
from benchmark.errors import DataError, first_of
from benchmark.frame import (
    BATCH,
    PATIENT,
    block_of,
    column_of,
    covariates_of,
    feature_of,
    numeric_features,
    owner_of,
)

HARNESS_PARAMETERS = ("blocks", "per_block", "seed", "readings")
"""Constructor parameters that the recipe sets; the others are what the YAML may say."""


@dataclass(frozen=True)
class Rows:
    """What travels with the rows of one group of features.

    ``cases`` (n_cases,); ``features``: columns of the values as ``block::feature``, (k,); ``patient`` (n_cases,) or
    None; ``batch`` (n_cases,) text or None; ``covariates`` (n_cases, n_covariates).
    """

    cases: pd.Index
    features: list[str]
    patient: np.ndarray | None
    batch: np.ndarray | None
    covariates: pd.DataFrame

    @property
    def blocks(self) -> list[str]:
        """The blocks that the features come from, in order."""
        return list(dict.fromkeys(block_of(column) for column in self.features))


class Step(TransformerMixin, BaseEstimator):
    """A transformer of the touched features. Subclasses give ``learn`` and ``apply``.

    Class attributes say what the harness must know: ``title`` for the report; ``image_only``: touches only image
    families unless told; ``per_block_default``; ``needs_readings``: what the cohort must have;
    ``supervised``: looks at the outcome.
    """

    title: ClassVar[str]
    image_only: ClassVar[bool] = False
    per_block_default: ClassVar[bool] = False
    needs_readings: ClassVar[bool] = False
    supervised: ClassVar[bool] = False

    blocks: tuple[str, ...] | None
    per_block: bool

    def check(self) -> None:
        """``ConfigError`` if the parameters contradict each other; asked before any work."""

    def check_cohort(self, cohort: Cohort) -> None:
        """``ConfigError`` if the step cannot work on this cohort; asked before any work."""

    @abstractmethod
    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        """The state learned from the training rows. ``values``: (n_cases, k) float64, maybe with NaN;
        ``y``: (n_cases,) class codes, None unless ``supervised``."""

    @abstractmethod
    def apply(self, state: Any, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The changed values of any rows, (n_cases, k), by the learned state alone."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``; ``y`` holds class codes. ``remarks_`` says what the report must tell,
        ``cases_`` which rows these were."""
        self.cases_ = X.index
        self.remarks_: list[str] = []
        self.groups_ = self._groups(X)
        outcome = None if y is None or not self.supervised else np.asarray(y)
        self.states_ = [
            self.learn(X[columns].to_numpy(float), rows_of(X, columns), outcome) for columns in self.groups_
        ]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame with the touched features changed."""
        check_is_fitted(self, "states_")
        changed = X.copy(deep=False)
        for columns, state in zip(self.groups_, self.states_, strict=True):
            _require(X, columns, self.title)
            values = self.apply(state, X[columns].to_numpy(float), rows_of(X, columns))
            changed = _replace(changed, columns, values)
        return changed

    def _groups(self, X: pd.DataFrame) -> list[list[str]]:
        """The touched columns, block by block or all together; groups without a column are left out."""
        touched = numeric_features(X, self.blocks)
        if not self.per_block:
            return [touched] if touched else []
        groups: dict[str, list[str]] = {}
        for column in touched:
            groups.setdefault(block_of(column), []).append(column)
        return list(groups.values())


@dataclass(frozen=True)
class Choice:
    """What a selector decided: ``keep`` (k,) bool, and a ``score`` (k,) by which the best single feature is known."""

    keep: np.ndarray
    score: np.ndarray


class Selector(Step):
    """A step that drops features. Subclasses give ``select``.

    ``when_empty`` says what happens if nothing is left of a group: ``best`` keeps the single feature with the highest
    score, ``error`` raises ``DataError``.
    """

    when_empty: Literal["best", "error"]

    @abstractmethod
    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """Which of the k features of ``values`` (n_cases, k) stay."""

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """(k,) bool: what stays."""
        choice = self.select(values, rows, y)
        keep = choice.keep
        if not keep.any():
            if self.when_empty == "error":
                raise DataError(f"{self.title}: none of {len(keep)} features is left of {', '.join(rows.blocks)}")
            if np.isnan(choice.score).all():
                raise DataError(f"{self.title}: none of {len(keep)} features of {', '.join(rows.blocks)} has a score")
            keep = np.zeros(len(keep), bool)
            keep[int(np.nanargmax(choice.score))] = True
            self.remarks_.append(f"nothing was left of {', '.join(rows.blocks)}: the best single feature was kept")
        return keep

    def apply(self, state: np.ndarray, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The values of the kept features."""
        return values[:, state]

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame without the dropped features."""
        check_is_fitted(self, "states_")
        dropped: set[str] = set()
        for columns, keep in zip(self.groups_, self.states_, strict=True):
            _require(X, columns, self.title)
            dropped.update(column for column, kept in zip(columns, keep, strict=True) if not kept)
        return X[[column for column in X.columns if column not in dropped]]


class Reducer(Step):
    """A step that makes new features from the touched ones, and puts them in their place. Subclasses give ``learn``,
    ``apply`` and ``names``; with ``keep`` the touched features stay beside the new ones.

    Features made from one block belong to it; those made from several blocks jointly belong to ``HRF+DRF``, and a later
    step touches them if it touches all of these blocks.
    """

    keep: bool = False

    @abstractmethod
    def names(self, state: Any, features: list[str]) -> list[str]:
        """The names of the new features, in the order of the columns that ``apply`` gives."""

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """The frame with the new features where the first touched feature of their group was."""
        check_is_fitted(self, "states_")
        made: dict[str, pd.DataFrame] = {}
        for columns, state in zip(self.groups_, self.states_, strict=True):
            _require(X, columns, self.title)
            rows = rows_of(X, columns)
            owner = owner_of(rows.blocks)
            names = [column_of(owner, name) for name in self.names(state, columns)]
            values = self.apply(state, X[columns].to_numpy(float), rows)
            made[columns[0]] = pd.DataFrame(values, index=X.index, columns=names)
        gone = set() if self.keep else {column for columns in self.groups_ for column in columns}
        return insert(self.title, X, made, gone)


def insert(title: str, frame: pd.DataFrame, made: Mapping[str, pd.DataFrame], gone: Iterable[str]) -> pd.DataFrame:
    """The frame without the columns ``gone``, and each table of ``made`` before the column it is named by, or in its
    place. ``DataError`` in the name of the step ``title`` for a new column whose name is taken."""
    left_out = set(gone)
    order: list[str] = []
    for column in frame.columns:
        order += list(made[column].columns) if column in made else []
        order += [] if column in left_out else [column]
    require_apart(title, order)
    return pd.concat([frame.drop(columns=list(left_out)), *made.values()], axis=1)[order]


def require_apart(title: str, columns: Iterable[str]) -> None:
    """``DataError`` if a step named ``title`` would give two columns one name."""
    after = pd.Index(list(columns))
    clash = after[after.duplicated()]
    if len(clash):
        raise DataError(
            f"{title}: {first_of(clash)} of the new columns have a name that is taken. Rename the features."
        )


def rows_of(X: pd.DataFrame, columns: list[str]) -> Rows:
    """What travels with the rows of ``X`` for the features ``columns``."""
    patient = X[PATIENT].to_numpy(object) if PATIENT in X.columns else None
    batch = X[BATCH].to_numpy(object) if BATCH in X.columns else None
    return Rows(X.index, columns, patient, batch, covariates_of(X))


def _require(X: pd.DataFrame, columns: list[str], title: str) -> None:
    missing = set(columns).difference(X.columns.tolist())
    if missing:
        raise DataError(f"{title}: the rows have no feature '{feature_of(min(missing))}' that training had")


def _replace(frame: pd.DataFrame, columns: list[str], values: np.ndarray) -> pd.DataFrame:
    """The frame with the values of ``columns`` (all present) changed and the order of columns kept."""
    new = pd.DataFrame(values, index=frame.index, columns=columns)
    rest = frame.drop(columns=columns)
    changed = pd.concat([new, rest], axis=1)
    return changed if changed.columns.equals(frame.columns) else changed[frame.columns.tolist()]
