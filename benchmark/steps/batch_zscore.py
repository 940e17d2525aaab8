"""z-scores within each batch, in the units of the feature.

    x' = m + s (x - m_b) / s_b        m = sum_b n_b m_b / N,  s^2 = sum_b n_b s_b^2 / N

with mean m_b and standard deviation s_b (ddof 0) of the training rows of batch b, and m and s those of the reference
batch if there is one. The usual z-score is (x' - m) / s: the same numbers for all batches, which any later scaling
makes of it, while rows that a policy leaves as they are stay comparable. Every batch ends with equal mean and variance,
so a difference between the patients of two centres is removed with that of their scanners: only ComBat and limma can
keep covariates.

Source: Chatterjee et al. (2019), IEEE Transactions on Radiation and Plasma Medical Sciences 3:210 (radiomics of two
institutions, each normalised by itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

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
from benchmark.steps.moments import moments


@dataclass(frozen=True, eq=False)
class Scores:
    """``mean`` and ``sd`` of each batch, (n_batches, k), and what they are brought to, (k,)."""

    mean: np.ndarray
    sd: np.ndarray
    to_mean: np.ndarray
    to_sd: np.ndarray


class BatchZScore(Harmonizer):
    """Brings each batch to one mean and SD. In a batch in which a feature does not vary it is shifted only, as it is in
    all of a batch under ``mean_only``. ``unseen: own_rows`` takes mean and SD of the batch's own rows."""

    title: ClassVar[str] = "z-score per batch"

    def __init__(
        self,
        *,
        batch: BatchVariables = ("batch",),
        reference: Reference = None,
        unseen: Unseen = "error",
        small_batches: SmallBatches = "error",
        smallest_batch: SmallestBatch = 3,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
    ) -> None:
        self.batch = batch
        self.reference = reference
        self.unseen = unseen
        self.small_batches = small_batches
        self.smallest_batch = smallest_batch
        self.blocks = blocks
        self.per_block = per_block

    def estimate(self, training: Training) -> Scores:
        """Mean and SD of each batch."""
        n = np.bincount(training.place)
        found = [moments(training.values[training.place == number]) for number in range(len(n))]
        mean, sd = np.stack([one.mean for one in found]), np.stack([one.sd for one in found])
        share = n / n.sum() if training.reference is None else np.eye(len(n))[training.reference]
        to_mean, to_sd = share @ mean, np.sqrt(share @ np.square(sd))
        flat = (sd == 0) | training.mean_only[:, None]
        return Scores(mean, np.where(flat, to_sd, sd), to_mean, to_sd)

    def effect(self, estimates: Scores, number: int) -> Effect:
        """Mean and SD of a batch."""
        return estimates.mean[number], estimates.sd[number]

    def own_effect(self, estimates: Scores, values: np.ndarray, coded: np.ndarray, *, mean_only: bool) -> Effect:
        """Mean and SD of the batch's own rows."""
        mean, sd = moments(values)
        return mean, np.where((sd == 0) | mean_only, estimates.to_sd, sd)

    def adjust(self, estimates: Scores, values: np.ndarray, coded: np.ndarray, effect: Effect) -> np.ndarray:
        """Rows of one batch at the common mean and SD."""
        mean, sd = effect
        ratio = np.where(sd > 0, estimates.to_sd / np.where(sd > 0, sd, 1.0), 1.0)
        return estimates.to_mean + (values - mean) * ratio
