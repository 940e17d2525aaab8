"""neuroCombat as the engine of the estimates, for papers that must name it.

``neuroCombat()`` sees the training rows only; its estimates are applied by radbench, because its own
``neuroCombatFromTraining`` fails on current NumPy and gives every new row the mean covariate effect of the training
rows. It departs from the radbench engine in rounding covariates to single precision (done here for new rows as well)
and in having no logarithms in its non-parametric weights, which underflow with many rows. Features that do not vary
within a batch, which the radbench engine (like sva) leaves as they are, enter neuroCombat's priors and are changed.

Source: Fortin et al. (2018), NeuroImage 167:104; package neuroCombat 0.2.12.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.steps.combat_estimates import Estimates, Prior, Standard


def neurocombat_estimates(
    values: np.ndarray, batch: np.ndarray, coded: np.ndarray, *, prior: Prior, mean_only: bool
) -> Estimates:
    """The estimates of ``neuroCombat()`` from training rows: ``values`` (n_cases, k), ``batch`` (n_cases,) as 0 ..
    n_batches - 1, ``coded`` (n_cases, q) covariates. ``DataError`` if they are not finite."""
    from neuroCombat import neuroCombat

    used = np.ones(values.shape[1], bool)
    names = [f"covariate {number}" for number in range(coded.shape[1])]
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        found = neuroCombat(
            values.T,
            pd.DataFrame(coded, columns=names).assign(batch=batch),
            "batch",
            continuous_cols=names,
            eb=prior != "none",
            parametric=prior != "nonparametric",
            mean_only=mean_only,
        )["estimates"]
    gamma, delta = np.asarray(found["gamma.star"], float), np.asarray(found["delta.star"], float)
    if not (np.isfinite(gamma).all() and np.isfinite(delta).all()):
        raise DataError(
            f"ComBat: neuroCombat's estimates of {len(used)} features in {batch.max() + 1} batches are not finite "
            "(one feature, or weights that underflow without a parametric prior). Set engine: radbench"
        )
    variance, grand_mean = np.asarray(found["var.pooled"])[:, 0], np.asarray(found["stand.mean"])[:, 0]
    effects = np.linalg.lstsq(single_precision(coded), np.asarray(found["mod.mean"]).T, rcond=None)[0]
    return Estimates(Standard(used, grand_mean, effects, np.zeros(coded.shape[1]), np.sqrt(variance)), gamma, delta)


def single_precision(coded: np.ndarray) -> np.ndarray:
    """Covariates as neuroCombat sees them."""
    return coded.astype(np.float32).astype(float)
