"""Removal of batch effects by a linear model, as limma's removeBatchEffect: location only, nothing is shrunk.

Model, for feature f and row i of batch b with covariates x, fitted by least squares:

    Y_if = alpha_f + gamma_bf + x_i beta_f + e_if,   sum_b gamma_bf = 0,        Y'_if = Y_if - gamma_bf

The effects sum to 0 over the batches and not over the rows, so the level to which all come is the plain mean of the
batches, whatever their sizes. ``covariates`` are limma's ``design`` (kept), not its ``covariates`` (which limma
removes). limma knows only the rows it is fitted on; here new rows lose the effect that training estimated. A second
batch variable is removed after the first, where limma's ``batch2`` is fitted together with it.

Source: Ritchie et al. (2015), Nucleic Acids Research 43:e47; Smyth (2005), Bioinformatics and Computational Biology
Solutions Using R and Bioconductor, chapter 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from benchmark.steps.covariate_design import Missing
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


@dataclass(frozen=True, eq=False)
class Levels:
    """``level`` of all batches (k,), ``gamma`` of each (n_batches, k), ``beta`` (q, k) of covariates in distance from
    ``centre`` (q,)."""

    level: np.ndarray
    gamma: np.ndarray
    beta: np.ndarray
    centre: np.ndarray


class Limma(Harmonizer):
    """Subtracts the effect of the batch. ``small_batches: mean_only`` takes a small batch as any other, as no spread is
    estimated; ``unseen: own_rows`` takes the mean residual of the batch's own rows."""

    title: ClassVar[str] = "limma"

    def __init__(
        self,
        *,
        batch: BatchVariables = ("batch",),
        covariates: tuple[str, ...] = (),
        reference: Reference = None,
        unseen: Unseen = "error",
        small_batches: SmallBatches = "error",
        smallest_batch: SmallestBatch = 3,
        missing_covariates: Missing = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
    ) -> None:
        self.batch = batch
        self.covariates = covariates
        self.reference = reference
        self.unseen = unseen
        self.small_batches = small_batches
        self.smallest_batch = smallest_batch
        self.missing_covariates = missing_covariates
        self.blocks = blocks
        self.per_block = per_block

    def estimate(self, training: Training) -> Levels:
        """The effects by least squares."""
        n_batches, centre = len(training.mean_only), training.coded.mean(axis=0)
        design = np.hstack([np.eye(n_batches)[training.place], training.coded - centre])
        coefficients = np.linalg.lstsq(design, training.values, rcond=None)[0]
        means = coefficients[:n_batches]
        level = means.mean(axis=0) if training.reference is None else means[training.reference]
        return Levels(level, means - level, coefficients[n_batches:], centre)

    def effect(self, estimates: Levels, number: int) -> Effect:
        """gamma of a batch."""
        return (estimates.gamma[number],)

    def own_effect(self, estimates: Levels, values: np.ndarray, coded: np.ndarray, *, mean_only: bool) -> Effect:
        """How far the batch's own rows are from what their covariates let expect."""
        expected = estimates.level + (coded - estimates.centre) @ estimates.beta
        return ((values - expected).mean(axis=0),)

    def adjust(self, estimates: Levels, values: np.ndarray, coded: np.ndarray, effect: Effect) -> np.ndarray:
        """Rows of one batch without its effect."""
        return values - effect[0]
