"""ICI, E50, E90 and Emax of cases that count several times or not at all, for many sets of weights at once.

    d_bi = |p_i - c_b(p_i)|,   c_b the loess of the cases counted u_bi times
    ICI = sum_i u_bi d_bi / N_b;   E50, E90: quantiles (type 7) and Emax: maximum of the d_bi, each counted u_bi times

With the counts of a bootstrap draw these are the indices of that draw: what their intervals are made of.

Source: Austin, Steyerberg (2019), Statistics in Medicine 38:4051 (indices, and the bootstrap for their intervals).
"""

from __future__ import annotations

import numpy as np

from benchmark.metrics.confusion import ratio
from benchmark.statistics.weighted_loess import weighted_loess

SHARES = (0.5, 0.9, 1.0)
"""Of E50, E90 and Emax."""


def weighted_calibration_indices(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The four indices, (n_draws, 4, k), of ``scores`` (n_cases, k) in [0, 1] for ``y`` (n_cases,), 1 for positive,
    under each row of ``weights`` (n_draws, n_cases), whole numbers. NaN where ``calibration_indices`` are."""
    event = (np.asarray(y) == 1).astype(float)
    events, total = weights @ event, weights.sum(1)
    found = np.full((len(weights), 1 + len(SHARES), scores.shape[1]), np.nan)
    same: dict[bytes, int] = {}  # steps that touch none of the blocks leave models with the same scores
    for model in np.flatnonzero(~np.isnan(scores).any(0)).tolist():
        first = same.setdefault(scores[:, model].tobytes(), model)
        if first != model:
            found[:, :, model] = found[:, :, first]
            continue
        apart = np.abs(scores[:, model] - weighted_loess(scores[:, model], event, weights))
        found[:, 0, model] = ratio(np.einsum("bi,bi->b", weights, apart), total)
        found[:, 1:, model] = _quantiles(apart, weights, total)
    found[(events == 0) | (events == total)] = np.nan
    return found


def _quantiles(values: np.ndarray, weights: np.ndarray, total: np.ndarray) -> np.ndarray:
    """The quantiles at ``SHARES`` of ``values`` (n_draws, n_cases), each counted as often as ``weights`` say, (n_draws,
    3). A NaN, which is sorted to the end, makes the largest NaN, and those that it is counted in."""
    order = np.argsort(values, axis=1)
    upto = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    ranked = np.take_along_axis(values, order, axis=1)
    found = []
    for share in SHARES:
        place = share * np.maximum(total - 1, 0)
        floor = np.floor(place)
        below, above = (
            np.take_along_axis(ranked, np.minimum((upto <= rank[:, None]).sum(1), values.shape[1] - 1)[:, None], 1)
            for rank in (floor, np.minimum(floor + 1, total - 1))
        )
        between = (place - floor)[:, None]
        found.append(((1 - between) * below + between * above)[:, 0])
    return np.stack(found, axis=1)
