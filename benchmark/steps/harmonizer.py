"""What all harmonizations share: effects of batches that are estimated from training rows and taken out of any rows.

Which way the rows of a batch go is declared, never guessed: of one that training did not know (``unseen``), and of one
with few training rows (``small_batches``). Several batch variables are harmonized one after the other, each on what
the one before left.

Source of the sequence: Horng et al. (2022), Scientific Reports 12:4493 (nested ComBat).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, WithJsonSchema
from sklearn.utils.validation import check_is_fitted

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError, did_you_mean, unknown
from benchmark.frame import covariates_of, feature_of
from benchmark.steps.batch_labels import BATCH_OF_COHORT, as_labels, batch_labels, batch_of
from benchmark.steps.covariate_design import (
    Coding,
    Missing,
    check_design,
    code,
    is_outcome,
    learn_coding,
    refuse_outcome,
)
from benchmark.steps.step import Rows, Step, rows_of

HARMONISED = "harmonised"
REFERENCE = "reference"
SMALL_MEAN_ONLY, SMALL_SKIP = "small: mean_only", "small: skip"
UNSEEN_OWN_ROWS, UNSEEN_SKIP, UNSEEN_REFERENCE = "unseen: own_rows", "unseen: skip", "unseen: reference"
OWN_ROWS_MEAN_ONLY = "unseen: own_rows, small: mean_only"
POLICIES = (
    HARMONISED, REFERENCE, SMALL_MEAN_ONLY, SMALL_SKIP,
    UNSEEN_OWN_ROWS, OWN_ROWS_MEAN_ONLY, UNSEEN_SKIP, UNSEEN_REFERENCE,
)  # fmt: skip
ESTIMATED = (HARMONISED, SMALL_MEAN_ONLY, UNSEEN_OWN_ROWS, OWN_ROWS_MEAN_ONLY)  # the others leave rows as they are

Unseen = Literal["error", "skip", "reference", "own_rows"]
SmallBatches = Literal["error", "mean_only", "skip"]
SmallestBatch = Annotated[int, Field(ge=2)]
Reference = Annotated[str, Field(coerce_numbers_to_str=True)] | None
Effect = tuple[np.ndarray, ...]
"""What a batch does to each of the features, as the method counts it."""


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
BatchVariables = Annotated[
    tuple[str, ...], BeforeValidator(_listed), Field(min_length=1), WithJsonSchema(_TEXTS)
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Training:
    """The training rows of batches that are large enough: ``values`` (n_cases, k), ``place`` (n_cases,) the number of
    each row's batch, ``coded`` (n_cases, q) covariates, ``mean_only`` (n_batches,) bool: spread is left, ``reference``:
    the number of the batch that stays."""

    values: np.ndarray
    place: np.ndarray
    coded: np.ndarray
    mean_only: np.ndarray
    reference: int | None


@dataclass(frozen=True, eq=False)
class Harmonisation:
    """What was learned of one group of features and one batch variable. ``policy``: what happens to rows of each
    training batch; ``number``: the place in the estimates of each batch that has them."""

    estimates: Any
    coding: Coding
    policy: dict[str, str]
    number: dict[str, int]


class Harmonizer(Step):
    """A step that takes out effects of batches. Subclasses give ``estimate``, ``effect``, ``own_effect``, ``adjust``.

    ``batch``: the batch variable, or several in the order in which they are harmonized: ``batch`` is the cohort's,
    other names are covariates of the cohort. ``covariates``: what must not be removed with the batch; text is
    categorical, numbers are linear; never the outcome. ``reference``: the batch that stays as it is and to which all
    others are mapped (with several batch variables: of the first).

    ``unseen``: rows of a batch without training rows raise ``error``; or are left as they are (``skip``); or count as
    rows of the ``reference`` batch, which must be declared: they too stay as they are, but are said to be comparable;
    or (``own_rows``) the batch's effect is estimated from its rows in the very table that is transformed. That is
    transductive: a row's values then depend on the rows beside it.

    ``small_batches``: what happens to a batch with fewer than ``smallest_batch`` training rows: ``error``;
    ``mean_only``: its location is harmonized and its spread left; or ``skip``, which leaves its rows as they are and
    out of the fit. ``missing_covariates``: ``error``, or the training rows' ``mean``.
    """

    image_only: ClassVar[bool] = True
    per_block_default: ClassVar[bool] = True

    batch: tuple[str, ...]
    covariates: tuple[str, ...] = ()
    reference: str | None
    unseen: Unseen
    small_batches: SmallBatches
    smallest_batch: int
    missing_covariates: Missing = "error"

    @abstractmethod
    def estimate(self, training: Training) -> Any:
        """What is learned from the training rows."""

    @abstractmethod
    def effect(self, estimates: Any, number: int) -> Effect:
        """The effect of a batch of the training rows."""

    @abstractmethod
    def own_effect(self, estimates: Any, values: np.ndarray, coded: np.ndarray, *, mean_only: bool) -> Effect:
        """The effect of a new batch by its own rows (n_cases, k)."""

    @abstractmethod
    def adjust(self, estimates: Any, values: np.ndarray, coded: np.ndarray, effect: Effect) -> np.ndarray:
        """Rows of one batch without its effect, (n_cases, k); ``values`` may be overwritten."""

    def code(self, coding: Coding, covariates: pd.DataFrame) -> np.ndarray:
        """Covariates as columns, (n_cases, q)."""
        return code(coding, covariates, self.missing_covariates)

    def check(self) -> None:
        """``ConfigError`` if the parameters contradict each other."""
        if self.unseen == "reference" and self.reference is None:
            raise ConfigError(
                f"{self.title}: unseen: reference needs the reference batch. Add reference: <name of a batch>"
            )
        both = [name for name in self.covariates if name in self.batch]
        if both:
            raise ConfigError(
                f"{self.title}: '{both[0]}' is a batch and a covariate: its effect cannot be removed and kept. Leave "
                "it out of the covariates"
            )
        twice = [name for name in self.batch if self.batch.count(name) > 1]
        if twice:
            raise ConfigError(f"{self.title}: the batch variable '{twice[0]}' is named twice")

    def check_cohort(self, cohort: Cohort) -> None:
        """``ConfigError`` if the cohort lacks a batch variable, or if outcome, batch and covariates are one thing."""
        outcome = cohort.outcome.to_numpy()
        for variable in self.batch:
            batch = batch_of(cohort, variable)
            if batch is None and variable == BATCH_OF_COHORT:
                raise ConfigError(f"{self.title}: needs a batch, and the cohort declares none: add cohort.batch")
            if batch is None:
                known = [BATCH_OF_COHORT, *cohort.covariates.columns]
                raise ConfigError(f"{self.title}: {unknown('batch variable', variable, known)}")
            if is_outcome(batch, outcome):
                raise ConfigError(
                    f"{self.title}: the batch '{variable}' tells the outcome of every case: removing it removes the "
                    "outcome, and no step can tell the two apart"
                )
            for name in self.covariates:
                self._check_covariate(name, cohort, variable, batch)

    def _check_covariate(self, name: str, cohort: Cohort, variable: str, batch: pd.Series) -> None:
        column = cohort.covariates.get(name)
        if column is None:
            return  # the experiment names the nearest one
        if is_outcome(column, cohort.outcome.to_numpy()):
            raise ConfigError(
                f"{self.title}: covariate '{name}' equals the outcome in all {column.notna().sum()} cases that have "
                "it. The outcome cannot be a covariate: no test row could be harmonised without knowing it"
            )
        there = column.notna() & batch.notna()
        levels = column[there].groupby(as_labels(batch[there].to_numpy())).nunique()
        if len(levels) and levels.max() == 1:
            raise ConfigError(
                f"{self.title}: covariate '{name}' is determined by the batch '{variable}', so the two effects cannot "
                "be told apart: leave it out"
            )

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``. ``y`` is looked at only to refuse a covariate that equals it."""
        self.check()
        if y is not None:
            refuse_outcome(covariates_of(X), self.covariates, np.asarray(y), title=self.title)
        return super().fit(X, y)

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> tuple[Harmonisation, ...]:
        """One harmonisation per batch variable, each learned from what the one before left."""
        self._require_finite(values, rows)
        learned: list[Harmonisation] = []
        for variable in self.batch:
            if learned:
                values = self._apply(learned[-1], values, self._labels(rows, self.batch[len(learned) - 1]), rows)
            learned.append(self._learn(values, variable, rows))
        return tuple(learned)

    def apply(self, state: tuple[Harmonisation, ...], values: np.ndarray, rows: Rows) -> np.ndarray:
        """The harmonised values of any rows."""
        self._require_finite(values, rows)
        for variable, learned in zip(self.batch, state, strict=True):
            values = self._apply(learned, values, self._labels(rows, variable), rows)
        return values

    def policies(self, X: pd.DataFrame, variable: str | None = None) -> pd.Series:
        """Which way each row of ``X`` goes by a batch variable (the first by default), one of ``POLICIES``, by case."""
        check_is_fitted(self, "states_")
        found = pd.Series("no feature", index=X.index, name="policy", dtype=object)
        if self.states_:
            variable = variable or self.batch[0]
            learned = self.states_[0][self.batch.index(variable)]
            for _, policy, of_batch in self._batches(learned, self._labels(rows_of(X, []), variable), X.index):
                found.iloc[of_batch] = policy
        return found

    def policy_counts(self, X: pd.DataFrame) -> pd.DataFrame:
        """``batch``, ``policy``, ``rows``: how many rows of ``X`` go which way, for the report. A batch of a variable
        beside the cohort's is told with it: ``scanner: A``."""
        tables = []
        for variable in self.batch:
            labels = pd.Series(self._labels(rows_of(X, []), variable), index=X.index, dtype=object)
            named = labels if variable == BATCH_OF_COHORT else f"{variable}: " + labels
            table = pd.DataFrame({"batch": named, "policy": self.policies(X, variable)})
            tables.append(table.groupby(["batch", "policy"]).size().rename("rows").reset_index())
        return pd.concat(tables, ignore_index=True)

    def _learn(self, values: np.ndarray, variable: str, rows: Rows) -> Harmonisation:
        batch = self._labels(rows, variable)
        names, counts = np.unique(batch, return_counts=True)
        sizes = dict(zip(map(str, names), counts.tolist(), strict=True))
        reference = self.reference if variable == self.batch[0] else None
        policy = {name: self._policy_of_size(name, size, reference) for name, size in sizes.items()}
        kept = [name for name in policy if policy[name] != SMALL_SKIP]
        self._require_batches(kept, sizes, reference)
        number = {name: place for place, name in enumerate(kept)}
        inside = np.isin(batch, kept)
        place = np.array([number[name] for name in batch[inside]])
        coding = learn_coding(rows.covariates[inside], self.covariates, title=self.title)
        coded = self.code(coding, rows.covariates[inside])
        check_design(np.eye(len(kept))[place], coded, coding)
        training = Training(
            values if inside.all() else values[inside],
            place,
            coded,
            np.array([policy[name] == SMALL_MEAN_ONLY for name in kept]),
            None if reference is None else number[reference],
        )
        return Harmonisation(self.estimate(training), coding, policy, number)

    def _apply(self, learned: Harmonisation, values: np.ndarray, labels: np.ndarray, rows: Rows) -> np.ndarray:
        batches = [each for each in self._batches(learned, labels, rows.cases) if each[1] in ESTIMATED]
        changed = np.concatenate([np.empty(0, np.intp), *(of_batch for _, _, of_batch in batches)])
        coded = self.code(learned.coding, rows.covariates.iloc[changed])
        order = np.concatenate([changed, np.setdiff1d(np.arange(len(values)), changed)])
        new, start = _rows_of(values, order), 0  # batch by batch, then what no batch changes
        for name, policy, of_batch in batches:
            mine = slice(start, start + len(of_batch))
            if name in learned.number:
                effect = self.effect(learned.estimates, learned.number[name])
            else:
                mean_only = policy == OWN_ROWS_MEAN_ONLY
                effect = self.own_effect(learned.estimates, new[mine], coded[mine], mean_only=mean_only)
            adjusted = self.adjust(learned.estimates, new[mine], coded[mine], effect)
            if not np.may_share_memory(adjusted, new):
                new[mine] = adjusted
            start += len(of_batch)
        return _rows_of(new, np.argsort(order))

    def _labels(self, rows: Rows, variable: str) -> np.ndarray:
        return batch_labels(rows, variable, self.title)

    def _batches(
        self, learned: Harmonisation, batch: np.ndarray, cases: pd.Index
    ) -> Iterator[tuple[str, str, np.ndarray]]:
        """Name, policy and row numbers of each batch of any rows."""
        for name in map(str, np.unique(batch)):
            of_batch = np.flatnonzero(batch == name)
            policy = learned.policy.get(name) or self._policy_of_unseen(name, cases[of_batch], len(batch), learned)
            yield name, policy, of_batch

    def _policy_of_size(self, name: str, size: int, reference: str | None) -> str:
        if name == reference and size >= self.smallest_batch:
            return REFERENCE
        if size >= self.smallest_batch:
            return HARMONISED
        if self.small_batches == "error" or name == reference:
            raise DataError(
                f"{self.title}: batch '{name}' has {size} training rows, smallest_batch is {self.smallest_batch}. Set "
                "small_batches: mean_only or skip, or merge the batch with one like it"
            )
        return SMALL_MEAN_ONLY if self.small_batches == "mean_only" else SMALL_SKIP

    def _policy_of_unseen(self, name: str, cases: pd.Index, n_rows: int, learned: Harmonisation) -> str:
        if self.unseen == "error":
            known = ", ".join(learned.policy)
            raise DataError(
                f"{self.title}: batch '{name}' has no training row, but {len(cases)} of {n_rows} rows to transform "
                f"(first: '{cases[0]}'). Training batches: {known}. Set unseen: skip, reference or own_rows"
            )
        if self.unseen != "own_rows":
            return UNSEEN_SKIP if self.unseen == "skip" else UNSEEN_REFERENCE
        if len(cases) >= self.smallest_batch:
            return UNSEEN_OWN_ROWS
        if self.small_batches == "error":
            raise DataError(
                f"{self.title}: unseen batch '{name}' has {len(cases)} rows to transform (first: '{cases[0]}'), "
                f"own_rows needs smallest_batch = {self.smallest_batch}. Set small_batches: mean_only or skip"
            )
        return OWN_ROWS_MEAN_ONLY if self.small_batches == "mean_only" else SMALL_SKIP

    def _require_batches(self, kept: list[str], sizes: dict[str, int], reference: str | None) -> None:
        if reference is not None and reference not in kept:
            raise DataError(
                f"{self.title}: the reference batch '{reference}' has no training row."
                f"{did_you_mean(reference, sizes)} Training batches: {', '.join(sizes)}"
            )
        if len(kept) < 2:
            told = ", ".join(f"'{name}': {size}" for name, size in sizes.items())
            raise DataError(f"{self.title}: needs at least 2 batches to compare; training rows by batch: {told}")

    def _require_finite(self, values: np.ndarray, rows: Rows) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(values.sum()):  # half the time of asking every value
                return
        bad = ~np.isfinite(values)
        if bad.any():
            case, feature = np.argwhere(bad)[0]
            raise DataError(
                f"{self.title}: feature '{feature_of(rows.features[feature])}' of case '{rows.cases[case]}' is "
                f"{values[case, feature]}; {int(bad.sum())} values of {int(bad.any(0).sum())} features are missing or "
                f"infinite. Impute before {self.title}"
            )


def _rows_of(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Some rows, taken along the order in which the values lie: a frame's columns are each in one piece."""
    return values.T.take(rows, axis=1).T if values.flags.f_contiguous else values.take(rows, axis=0)
