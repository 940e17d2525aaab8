"""A meta-analysis as a tidy table: a row per cohort, one of their mean, one of the prediction interval.

The limits of a cohort are y_i -+ z sqrt(v_i), for AUCs on the scale on which they were combined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from benchmark.errors import DataError
from benchmark.estimates import META
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.meta_analysis import Array, MetaAnalysis


def meta_table(found: MetaAnalysis, names: Sequence[str], estimate: Array, variance: Array) -> pd.DataFrame:
    """The table ``META`` of a meta-analysis and of the ``names``, ``estimate`` and ``variance`` (k,) that went into it.
    ``DataError`` if these are not k."""
    y, v = np.asarray(estimate, float), np.asarray(variance, float)
    if {len(names), len(y), len(v)} != {found.k}:
        raise DataError(
            f"meta-analysis of {found.k} cohorts: {len(names)} names, {len(y)} estimates, {len(v)} variances"
        )
    margin = normal_quantile(found.level) * np.sqrt(v)
    low, high = y - margin, y + margin
    if found.scale == "logit":
        wide = margin / (y * (1 - y))
        low, high = special.expit(special.logit(y) - wide), special.expit(special.logit(y) + wide)
    cohorts = pd.DataFrame(
        {"kind": "cohort", "name": list(names), "estimate": y, "low": low, "high": high, "weight": found.weight}
    )
    told = {"p": found.p, "tau2": found.tau2, "i2": found.i2, "q": found.q, "q_p": found.q_p}
    limits = {"mean": (found.low, found.high), "prediction": (found.prediction_low, found.prediction_high)}
    rows = [
        {"kind": kind, "name": kind, "estimate": found.estimate, "low": ends[0], "high": ends[1]}
        | (told if kind == "mean" else {})
        for kind, ends in limits.items()
        if kind == "mean" or not np.isnan(ends[0])
    ]
    table = pd.concat([cohorts, pd.DataFrame(rows)], ignore_index=True)
    return table.assign(level=found.level, n_cohorts=found.k, method=found.method)[META]
