"""ComBat: removes location and scale of each batch (scanner, centre), estimated from the training rows alone.

The estimates are those of ``benchmark.steps.combat_estimates``. New rows are standardised with the training rows' mean,
variance and covariate effects, with their own covariates, and lose the effect of their batch as training knew it. What
happens to a batch that training did not know is declared, never guessed.

Source: Johnson, Li and Rabinovic (2007), Biostatistics 8:118.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from sklearn.utils.validation import check_is_fitted

from benchmark.errors import ConfigError, DataError, did_you_mean, first_of
from benchmark.frame import BATCH, covariates_of, feature_of
from benchmark.steps import combat_design
from benchmark.steps.combat_estimates import Estimates, Prior, adjust, estimate, own_estimates
from benchmark.steps.combat_neurocombat import neurocombat_estimates, single_precision
from benchmark.steps.step import Rows, Step

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


@dataclass(frozen=True, eq=False)
class Harmonisation:
    """What was learned of one group of features. ``policy``: what happens to rows of each training batch;
    ``number``: the place in the estimates of each batch that has them."""

    estimates: Estimates
    coding: combat_design.Coding
    policy: dict[str, str]
    number: dict[str, int]


class ComBat(Step):
    """Harmonises batches; a feature that does not vary in the training rows of some batch is returned as it is.

    ``covariates``: what must not be removed with the batch; text is categorical, numbers are linear; never the outcome.
    ``reference``: the batch that stays as it is and to which all others are mapped. ``engine``: whose estimates.

    ``unseen``: rows of a batch without training rows raise ``error``; or are left as they are (``skip``); or count as
    rows of the ``reference`` batch, which must be declared: they too stay as they are, but are said to be comparable;
    or (``own_rows``) the batch's location and scale are estimated, with its own prior, from its rows in the very table
    that is transformed. That is transductive: a row's values then depend on the rows beside it.

    ``small_batches``: what happens to a batch with fewer than ``smallest_batch`` rows: ``error``; ``mean_only``, for
    that batch alone (sva::ComBat does it for all); or ``skip``, which leaves its rows as they are and out of the fit.
    ``missing_covariates``: ``error``, or the training rows' ``mean``.
    """

    title = "ComBat"
    image_only = True
    per_block_default = True
    needs_batch = True

    def __init__(
        self,
        *,
        covariates: tuple[str, ...] = (),
        prior: Prior = "parametric",
        mean_only: bool = False,
        reference: Annotated[str, Field(coerce_numbers_to_str=True)] | None = None,
        engine: Literal["radbench", "neurocombat"] = "radbench",
        unseen: Literal["error", "skip", "reference", "own_rows"] = "error",
        small_batches: Literal["error", "mean_only", "skip"] = "error",
        smallest_batch: Annotated[int, Field(ge=2)] = 3,
        missing_covariates: combat_design.Missing = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
    ) -> None:
        self.covariates = covariates
        self.prior = prior
        self.mean_only = mean_only
        self.reference = reference
        self.engine = engine
        self.unseen = unseen
        self.small_batches = small_batches
        self.smallest_batch = smallest_batch
        self.missing_covariates = missing_covariates
        self.blocks = blocks
        self.per_block = per_block

    def check(self) -> None:
        """``ConfigError`` if the parameters contradict each other."""
        if self.unseen == "reference" and self.reference is None:
            raise ConfigError("ComBat: unseen: reference needs the reference batch. Add reference: <name of a batch>")
        if self.engine == "neurocombat" and self.reference is not None:
            raise ConfigError("ComBat: neuroCombat's reference batch fails on current NumPy. Set engine: radbench")
        if self.engine == "neurocombat" and self.small_batches == "mean_only":
            raise ConfigError("ComBat: neuroCombat has no small_batches: mean_only. Set engine: radbench, or skip")

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``. ``y`` is looked at only to refuse a covariate that equals it."""
        self.check()
        if y is not None:
            combat_design.refuse_outcome(covariates_of(X), self.covariates, np.asarray(y))
        return super().fit(X, y)

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Harmonisation:
        """The estimates from the training rows of batches that are large enough."""
        _require_finite(values, rows)
        batch = _labels(rows)
        names, counts = np.unique(batch, return_counts=True)
        sizes = dict(zip(map(str, names), counts.tolist(), strict=True))
        policy = {name: self._policy_of_size(name, size) for name, size in sizes.items()}
        kept = [name for name in policy if policy[name] != SMALL_SKIP]
        self._require_batches(kept, sizes)
        number = {name: place for place, name in enumerate(kept)}
        inside = np.isin(batch, kept)
        place = np.array([number[name] for name in batch[inside]])
        coding = combat_design.learn_coding(rows.covariates[inside], self.covariates)
        coded = self._coded(coding, rows.covariates[inside])
        combat_design.check_design(np.eye(len(kept))[place], coded, coding)
        values = values if inside.all() else values[inside]
        return Harmonisation(self._estimate(values, place, coded, policy, number), coding, policy, number)

    def apply(self, state: Harmonisation, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The harmonised values of any rows."""
        _require_finite(values, rows)
        estimates = state.estimates
        batches = [each for each in self._batches(state, _labels(rows), rows.cases) if each[1] in ESTIMATED]
        new = values.copy()
        if not batches:
            return new
        changed = np.concatenate([of_batch for _, _, of_batch in batches])
        coded = np.empty((len(values), len(state.coding.owners)))
        coded[changed] = self._coded(state.coding, rows.covariates.iloc[changed])
        for name, policy, of_batch in batches:
            if name in state.number:
                gamma, delta = estimates.gamma[state.number[name]], estimates.delta[state.number[name]]
            else:
                mean_only = self.mean_only or policy == OWN_ROWS_MEAN_ONLY
                gamma, delta = own_estimates(
                    values[of_batch], coded[of_batch], estimates.standard, prior=self.prior, mean_only=mean_only
                )
            new[of_batch] = adjust(values[of_batch], coded[of_batch], estimates.standard, gamma, delta)
        return new

    def policies(self, X: pd.DataFrame) -> pd.Series:
        """Which way each row of ``X`` goes, one of ``POLICIES``, by case."""
        check_is_fitted(self, "states_")
        found = pd.Series("no feature", index=X.index, name="policy", dtype=object)
        if self.states_:
            labels = _labels(Rows(X.index, [], None, X[BATCH].to_numpy(object), pd.DataFrame(index=X.index)))
            for _, policy, of_batch in self._batches(self.states_[0], labels, X.index):
                found.iloc[of_batch] = policy
        return found

    def policy_counts(self, X: pd.DataFrame) -> pd.DataFrame:
        """``batch``, ``policy``, ``rows``: how many rows of ``X`` go which way, for the report."""
        table = pd.DataFrame({"batch": X[BATCH].map(str), "policy": self.policies(X)})
        return table.groupby(["batch", "policy"]).size().rename("rows").reset_index()

    def _batches(
        self, state: Harmonisation, batch: np.ndarray, cases: pd.Index
    ) -> Iterator[tuple[str, str, np.ndarray]]:
        """Name, policy and row numbers of each batch of any rows."""
        for name in map(str, np.unique(batch)):
            of_batch = np.flatnonzero(batch == name)
            policy = state.policy.get(name) or self._policy_of_unseen(name, cases[of_batch], len(batch), state)
            yield name, policy, of_batch

    def _policy_of_size(self, name: str, size: int) -> str:
        if name == self.reference and size >= self.smallest_batch:
            return REFERENCE
        if size >= self.smallest_batch:
            return HARMONISED
        if self.small_batches == "error" or name == self.reference:
            raise DataError(
                f"ComBat: batch '{name}' has {size} training rows, smallest_batch is {self.smallest_batch}. Set "
                "small_batches: mean_only or skip, or merge the batch with one like it"
            )
        return SMALL_MEAN_ONLY if self.small_batches == "mean_only" else SMALL_SKIP

    def _policy_of_unseen(self, name: str, cases: pd.Index, n_rows: int, state: Harmonisation) -> str:
        if self.unseen == "error":
            known = list(state.policy)
            raise DataError(
                f"ComBat: batch '{name}' has no training row, but {len(cases)} of {n_rows} rows to transform (first: "
                f"'{cases[0]}'). Training batches: {', '.join(known)}. Set unseen: skip, reference or own_rows"
            )
        if self.unseen != "own_rows":
            return UNSEEN_SKIP if self.unseen == "skip" else UNSEEN_REFERENCE
        if len(cases) >= self.smallest_batch:
            return UNSEEN_OWN_ROWS
        if self.small_batches == "error":
            raise DataError(
                f"ComBat: unseen batch '{name}' has {len(cases)} rows to transform (first: '{cases[0]}'), own_rows "
                f"needs smallest_batch = {self.smallest_batch}. Set small_batches: mean_only or skip"
            )
        return OWN_ROWS_MEAN_ONLY if self.small_batches == "mean_only" else SMALL_SKIP

    def _require_batches(self, kept: list[str], sizes: dict[str, int]) -> None:
        if self.reference is not None and self.reference not in kept:
            raise DataError(
                f"ComBat: the reference batch '{self.reference}' has no training row."
                f"{did_you_mean(self.reference, sizes)} Training batches: {', '.join(sizes)}"
            )
        if len(kept) < 2:
            told = ", ".join(f"'{name}': {size}" for name, size in sizes.items())
            raise DataError(f"ComBat: needs at least 2 batches to compare; training rows by batch: {told}")

    def _coded(self, coding: combat_design.Coding, covariates: pd.DataFrame) -> np.ndarray:
        coded = combat_design.code(coding, covariates, self.missing_covariates)
        return single_precision(coded) if self.engine == "neurocombat" else coded

    def _estimate(
        self, values: np.ndarray, place: np.ndarray, coded: np.ndarray, policy: dict[str, str], number: dict[str, int]
    ) -> Estimates:
        if self.engine == "neurocombat":
            return neurocombat_estimates(values, place, coded, prior=self.prior, mean_only=self.mean_only)
        mean_only = np.array([self.mean_only or policy[name] == SMALL_MEAN_ONLY for name in number])
        reference = None if self.reference is None else number[self.reference]
        return estimate(values, place, coded, prior=self.prior, mean_only=mean_only, reference=reference)


def _labels(rows: Rows) -> np.ndarray:
    """(n_cases,) batches as text; ``DataError`` if there are none or one is missing."""
    if rows.batch is None:
        raise DataError("ComBat: the rows have no batch. Name the column of the scanner or centre: cohort.batch")
    missing = pd.isna(rows.batch)
    if missing.any():
        raise DataError(f"ComBat: {first_of(rows.cases[missing])} of {len(missing)} rows have no batch")
    return rows.batch.astype(str)


def _require_finite(values: np.ndarray, rows: Rows) -> None:
    bad = ~np.isfinite(values)
    if bad.any():
        case, feature = np.argwhere(bad)[0]
        raise DataError(
            f"ComBat: feature '{feature_of(rows.features[feature])}' of case '{rows.cases[case]}' is "
            f"{values[case, feature]}; {int(bad.sum())} values of {int(bad.any(0).sum())} features are missing or "
            "infinite. Impute before ComBat"
        )
