"""ComBat: removes location and scale of each batch (scanner, centre), estimated from the training rows alone.

The estimates are those of ``benchmark.steps.combat_estimates``. New rows are standardised with the training rows' mean,
variance and covariate effects, with their own covariates, and lose the effect of their batch as training knew it. What
happens to a batch that training did not know is declared, never guessed (see ``benchmark.steps.harmonizer``).

Where neuroCombat departs from this: it rounds covariates to single precision, lets features that do not vary within a
batch into its priors and changes them (sva and this leave them as they are), and its non-parametric weights underflow.
Both stop the iteration where sva does, when no estimate moves by more than 1e-4 of itself, so that all agree; the fixed
point itself is up to 2e-5 SD away on small batches.

Source: Johnson, Li and Rabinovic (2007), Biostatistics 8:118.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError
from benchmark.steps.combat_estimates import Estimates, Prior, adjust, estimate, own_estimates
from benchmark.steps.combat_neurocombat import neurocombat_estimates, single_precision
from benchmark.steps.covariate_design import Coding, Missing
from benchmark.steps.harmonizer import (
    BatchVariables,
    Effect,
    Harmonizer,
    Reference,
    SmallBatches,
    SmallestBatch,
    Training,
    Unseen,
)


class ComBat(Harmonizer):
    """Harmonises batches; a feature that does not vary in the training rows of some batch is returned as it is.

    ``engine``: whose estimates. ``small_batches: mean_only`` is for that batch alone (sva::ComBat does it for all).
    ``unseen: own_rows`` estimates the batch's location and scale with its own prior. The other parameters are those of
    every ``Harmonizer``.
    """

    title: ClassVar[str] = "ComBat"

    def __init__(
        self,
        *,
        batch: BatchVariables = ("batch",),
        covariates: tuple[str, ...] = (),
        prior: Prior = "parametric",
        mean_only: bool = False,
        reference: Reference = None,
        engine: Literal["radbench", "neurocombat"] = "radbench",
        unseen: Unseen = "error",
        small_batches: SmallBatches = "error",
        smallest_batch: SmallestBatch = 3,
        missing_covariates: Missing = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
    ) -> None:
        self.batch = batch
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
        super().check()
        if self.engine == "neurocombat" and self.reference is not None:
            raise ConfigError("ComBat: neuroCombat's reference batch fails on current NumPy. Set engine: radbench")
        if self.engine == "neurocombat" and self.small_batches == "mean_only":
            raise ConfigError("ComBat: neuroCombat has no small_batches: mean_only. Set engine: radbench, or skip")

    def code(self, coding: Coding, covariates: pd.DataFrame) -> np.ndarray:
        """Covariates as columns, (n_cases, q), in the precision of the engine."""
        coded = super().code(coding, covariates)
        return single_precision(coded) if self.engine == "neurocombat" else coded

    def estimate(self, training: Training) -> Estimates:
        """The estimates of the engine."""
        values, place, coded = training.values, training.place, training.coded
        if self.engine == "neurocombat":
            return neurocombat_estimates(values, place, coded, prior=self.prior, mean_only=self.mean_only)
        mean_only = training.mean_only | self.mean_only
        return estimate(values, place, coded, prior=self.prior, mean_only=mean_only, reference=training.reference)

    def effect(self, estimates: Estimates, number: int) -> Effect:
        """gamma* and delta* of a batch."""
        return estimates.gamma[number], estimates.delta[number]

    def own_effect(self, estimates: Estimates, values: np.ndarray, coded: np.ndarray, *, mean_only: bool) -> Effect:
        """gamma* and delta* of a new batch, with a prior over its own features."""
        mean_only = mean_only or self.mean_only
        return own_estimates(values, coded, estimates.standard, prior=self.prior, mean_only=mean_only)

    def adjust(self, estimates: Estimates, values: np.ndarray, coded: np.ndarray, effect: Effect) -> np.ndarray:
        """Rows of one batch without its location and scale."""
        gamma, delta = effect
        return adjust(values, coded, estimates.standard, gamma, delta, overwrite=True)
