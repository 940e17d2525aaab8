"""Concordance of risk scores with survival times: Harrell's C and Uno's C of several models on the same cases.

    C = sum_ij w_i c_ij psi_ij / sum_ij w_i c_ij,     psi_ij = 1, 1/2, 0 for x_i >, =, < x_j
    c_ij = 1 if case i had its event at t_i <= tau while case j was without it: t_j > t_i, or t_j = t_i and j censored
    Harrell   w_i = 1
    Uno       w_i = 1 / G(t_i-)^2,   G the Kaplan-Meier curve of the censoring, from whose cases at risk at t those
              with an event at t have already left
    var C = sum_g d_g^2,   d_i = [sum_j (w_i c_ij (psi_ij - C) + w_j c_ji (psi_ji - C))] / sum_ij w_i c_ij

d_i is the derivative of C by the weight of case i (the infinitesimal jackknife, as in R's survival), added up within
patients; covariances of models likewise. It takes G for known, so the limits of Uno's C come from the patient
bootstrap, in which each draw has its own G. The score is a risk: higher means an earlier event, never guessed.

Packages differ in Uno's C: R's survival (``timewt = "n/G2"``) is ours; in survC1 the events at t are still at risk in
G and a case censored at t is not known to be without the event, which moves the fourth decimal; survAUC is further
away.

Source: Harrell et al. (1996), Statistics in Medicine 15:361; Uno et al. (2011), Statistics in Medicine 30:1105, eq. 6;
jackknife: Therneau and Watson (2015), Mayo Clinic Technical Report 85.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark.statistics.aucs import Aucs
from benchmark.statistics.clusters import sum_within

Weighting = Literal["harrell", "uno"]
BLOCK = 1_000_000
"""How many pairs are compared at once."""


@dataclass(frozen=True)
class PairCounts:
    """Usable pairs by their scores (``tied_score`` counts one half), and pairs of events at one time by whether the
    scores are tied too."""

    concordant: int
    discordant: int
    tied_score: int
    tied_time: int
    tied_both: int


def concordance(
    time: np.ndarray,
    event: np.ndarray,
    scores: np.ndarray,
    *,
    weighting: Weighting = "harrell",
    tau: float = np.inf,
    patient: np.ndarray | None = None,
) -> Aucs:
    """C of ``scores`` (n_cases, k) for ``time`` and ``event`` (n_cases,), 1 for an event, in the noun that the tests of
    AUCs take. ``patient`` (n_cases,): numbers, if one owns several cases. NaN without a usable pair, and of a model
    with a NaN score."""
    n, k = scores.shape
    weight = _of_events(time, event, np.ones((1, n)), weighting)[0]
    agreed, usable = np.zeros((n, k)), np.zeros(n)
    for rows, later in _pairs(time, event, tau):
        known = weight[rows, None] * later
        usable += known.sum(0)
        usable[rows] += known.sum(1)
        for model in range(k):
            each = known * _wins(scores[:, model], rows)
            agreed[:, model] += each.sum(0)
            agreed[rows, model] += each.sum(1)
    # every pair was counted at both of its cases
    total = usable.sum() / 2
    estimate = agreed.sum(0) / 2 / total if total > 0 else np.full(k, np.nan)
    influence = (agreed - usable[:, None] * estimate) / total if total > 0 else np.full((n, k), np.nan)
    defined = ~np.isnan(scores).any(0)
    contributions = np.where(defined, sum_within(influence, patient), np.nan)
    return Aucs(np.where(defined, estimate, np.nan), contributions, "infinitesimal jackknife")


def concordance_draws(
    time: np.ndarray,
    event: np.ndarray,
    scores: np.ndarray,
    weights: np.ndarray,
    *,
    weighting: Weighting = "harrell",
    tau: float = np.inf,
) -> np.ndarray:
    """C of each model under each row of ``weights`` (n_draws, n_cases), how often each case counts, (n_draws, k). NaN
    without a usable pair, and of a model with a NaN score."""
    of_events = weights * _of_events(time, event, weights, weighting)
    agreed, usable = np.zeros((len(weights), scores.shape[1])), np.zeros(len(weights))
    for rows, later in _pairs(time, event, tau):
        usable += np.einsum("bn,bn->b", of_events[:, rows] @ later, weights)
        for model in range(scores.shape[1]):
            wins = of_events[:, rows] @ (later * _wins(scores[:, model], rows))
            agreed[:, model] += np.einsum("bn,bn->b", wins, weights)
    agreed[:, np.isnan(scores).any(0)] = np.nan
    return np.divide(agreed, usable[:, None], out=np.full(agreed.shape, np.nan), where=usable[:, None] > 0)


def count_pairs(time: np.ndarray, event: np.ndarray, score: np.ndarray) -> PairCounts:
    """The pairs of ``score`` (n_cases,), without a NaN; none without an event."""
    concordant, discordant, tied, at_one_time, both = (0, 0, 0, 0, 0)
    happened = np.asarray(event) == 1
    for rows, later in _pairs(time, event, np.inf):
        known, wins = later > 0, _wins(score, rows)
        concordant += int(np.sum(known & (wins == 1)))
        discordant += int(np.sum(known & (wins == 0)))
        tied += int(np.sum(known & (wins == 0.5)))
        together = (time == time[rows, None]) & happened & (np.arange(len(time)) > rows[:, None])
        at_one_time += int(np.sum(together & (wins != 0.5)))
        both += int(np.sum(together & (wins == 0.5)))
    return PairCounts(concordant, discordant, tied, at_one_time, both)


def _pairs(time: np.ndarray, event: np.ndarray, tau: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cases with an event, (m,), and which cases were without it then, (m, n_cases), 0 or 1, in blocks."""
    censored = np.asarray(event) != 1
    events = np.flatnonzero(~censored & (time <= tau))
    step = max(1, BLOCK // max(1, len(time)))
    for start in range(0, len(events), step):
        rows = events[start : start + step]
        yield rows, ((time > time[rows, None]) | ((time == time[rows, None]) & censored)).astype(float)


def _wins(score: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """psi of the cases ``rows`` against all, (m, n_cases)."""
    return (score[rows, None] > score) + 0.5 * (score[rows, None] == score)


def _of_events(time: np.ndarray, event: np.ndarray, weights: np.ndarray, weighting: Weighting) -> np.ndarray:
    """w_i of every case under each row of ``weights``, (n_draws, n_cases); 0 where G(t-) is 0: nobody is left."""
    if weighting == "harrell":
        return np.ones(weights.shape)
    order = np.argsort(time, kind="stable")
    _, first, place = np.unique(time[order], return_index=True, return_inverse=True)
    happened = np.asarray(event)[order] == 1
    ranked = weights[:, order]
    at_risk = np.cumsum(np.add.reduceat(ranked, first, axis=1)[:, ::-1], axis=1)[:, ::-1]
    at_risk = at_risk - np.add.reduceat(ranked * happened, first, axis=1)
    left = at_risk - np.add.reduceat(ranked * ~happened, first, axis=1)
    kept = np.divide(left, at_risk, out=np.ones(left.shape), where=at_risk > 0)
    before = np.ones(kept.shape)
    np.cumprod(kept[:, :-1], axis=1, out=before[:, 1:])
    inverse = np.divide(1, before**2, out=np.zeros(before.shape), where=before > 0)
    found = np.empty(weights.shape)
    found[:, order] = inverse[:, place]
    return found
