"""Whether the same features are selected again and again: the stability of Nogueira, Sechidis and Brown.

Of M fitted models and d candidates, Z (M, d) says with 1 which feature reached which model; p_f is the frequency of a
feature, k_i how many features model i has, and k = mean k_i:

    S = 1 - mean_f [M/(M - 1) p_f (1 - p_f)] / [(k/d) (1 - k/d)]
    u_i = [mean_f z_if p_f - k_i k/d^2 + S/2 (2 k_i k/d^2 - k_i/d - k/d + 1)] / [(k/d) (1 - k/d)]
    var(S) = 4/M^2 sum_i (u_i - mean u)^2,    S -+ z sqrt(var)

1: always the same features; 0: as if drawn by lot; at least -1/(M - 1). It is Fleiss' kappa of the models over the
features, and is read alike: below 0.4 poor, above 0.75 excellent. Correlated features stand in for one another, so a
selector may be steady in what it finds and unsteady in names; S of clusters counts a cluster as selected if any of its
features is.

The interval takes the M sets for independent draws. Folds are not: two training sets of V-fold cross-validation share
(V - 2)/(V - 1) of their rows, so that S is that of small changes of one cohort and the interval is too narrow. It
compares selectors on one cohort; another cohort would agree less.

Source: Nogueira, Sechidis and Brown (2018), Journal of Machine Learning Research 18:174, definition 4, theorem 7,
corollary 9 (numbers of their Python package in the tests); bands: Fleiss et al. (2003), Statistical Methods for Rates
and Proportions, 18.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import STABILITY
from benchmark.statistics.aucs import normal_quantile

UNIT = ["design", "feature_set", "preprocessing"]
METHOD = "Nogueira 2018, training sets taken as independent"


@dataclass(frozen=True)
class Stability:
    """S with its variance and limits; NaN, with the reason in ``undefined``, where there is none."""

    estimate: float
    variance: float
    low: float
    high: float
    undefined: str = ""


def stability(selected: np.ndarray, n_candidates: int, *, level: float = 0.95) -> Stability:
    """S of ``selected`` (M, m), True where a model has a feature; of the ``n_candidates`` >= m features those that no
    model ever has may be left out. Undefined for one model, and where every model has none or all."""
    z, d = np.asarray(selected, float), n_candidates
    m = len(z)
    if m < 2:
        return _undefined("one fitted model")
    p, k = z.mean(0), z.sum(1)
    share = k.mean() / d
    if not 0 < share < 1:
        return _undefined("every model has all candidates" if share == 1 else "no model has a feature")
    chance = share * (1 - share)
    estimate = 1 - m / (m - 1) * float(np.sum(p * (1 - p))) / d / chance
    u = z @ p / d - k * share / d + estimate / 2 * (2 * k * share / d - k / d - share + 1)
    variance = 4 / m**2 * float(np.sum((u - u.mean()) ** 2)) / chance**2
    margin = normal_quantile(level) * np.sqrt(variance)
    return Stability(estimate, variance, estimate - margin, min(estimate + margin, 1.0))


def selection_stability(
    selections: pd.DataFrame,
    candidates: Mapping[str, int],
    *,
    level: float = 0.95,
    clusters: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The table ``STABILITY`` of the table ``SELECTIONS``: of each feature set and preprocessing as a whole, and where
    it has several blocks of each block. ``candidates``: features of each block (a block that brings forth new columns
    has at least as many as were ever selected). ``clusters``: columns ``block``, ``feature``, ``cluster``; a feature
    that is not among them is a cluster of its own. A model without any feature has no row and is not counted."""
    rows = []
    for unit, part in selections.groupby(UNIT, sort=False, observed=True):
        blocks = [str(block) for block in dict.fromkeys(part["block"])]
        models = pd.MultiIndex.from_frame(part[["repeat", "fold"]].astype(str)).unique()
        for block in ["", *(blocks if len(blocks) > 1 else [])]:
            within = part[part["block"].astype(str) == block] if block else part
            told = _of_features(within, models, candidates, clusters, level)
            rows.append(dict(zip(UNIT, map(str, unit), strict=True)) | {"block": block, "level": level} | told)
    return pd.DataFrame(rows, columns=STABILITY)


def _of_features(
    part: pd.DataFrame,
    models: pd.MultiIndex,
    candidates: Mapping[str, int],
    clusters: pd.DataFrame | None,
    level: float,
) -> dict[str, Any]:
    row = models.get_indexer(pd.MultiIndex.from_frame(part[["repeat", "fold"]].astype(str)))
    names = pd.MultiIndex.from_frame(part[["block", "feature"]].astype(str))
    z = _incidence(row, pd.factorize(names)[0], len(models))
    seen = pd.Series(names.unique().get_level_values(0)).value_counts()
    d = sum(max(int(candidates.get(str(block), 0)), int(count)) for block, count in seen.items())
    found = stability(z, d, level=level)
    told = {"n_models": len(models), "n_candidates": d, "mean_selected": float(z.sum(1).mean()),
            "stability": found.estimate, "variance": found.variance, "low": found.low, "high": found.high,
            "method": METHOD + (f"; not estimated: {found.undefined}" if found.undefined else "")}  # fmt: skip
    if clusters is None:
        return told
    number = _cluster_of(names, clusters)
    merged = d - len(names.unique()) + len(pd.unique(number))  # candidates that no model has are clusters of their own
    grouped = stability(_incidence(row, pd.factorize(number)[0], len(models)), merged, level=level)
    return told | {"n_clusters": merged, "cluster_stability": grouped.estimate, "cluster_low": grouped.low,
                   "cluster_high": grouped.high}  # fmt: skip


def _incidence(row: np.ndarray, column: np.ndarray, n_models: int) -> np.ndarray:
    z = np.zeros((n_models, int(column.max(initial=-1)) + 1), bool)
    z[row, column] = True
    return z


def _cluster_of(names: pd.MultiIndex, clusters: pd.DataFrame) -> np.ndarray:
    """A name of the cluster of each row; a feature's own name if it has none."""
    keys = pd.MultiIndex.from_frame(clusters[["block", "feature"]].astype(str))
    place = keys.get_indexer(names)
    own = np.array([f"feature {block}::{feature}" for block, feature in names], object)
    told = np.array([f"cluster {name}" for name in clusters["cluster"]], object)
    return np.where(place >= 0, told[place] if len(told) else own, own)


def _undefined(reason: str) -> Stability:
    return Stability(np.nan, np.nan, np.nan, np.nan, reason)
