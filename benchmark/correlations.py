"""How the features that some model selected are correlated over all rows: to describe selections, never to select."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.cohort import Cohort
from benchmark.frame import block_of, column_of, feature_of, numeric_features
from benchmark.predictions import CORRELATIONS

SMALLEST = 0.9
"""Pairs that are correlated less than this, in size, are left out."""


def correlations(cohort: Cohort, selections: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``CORRELATIONS`` for the numeric features of the cohort in ``selections``, each pair once. A missing
    value counts as the mean of its feature; what a step has made is no feature of the cohort."""
    frame = cohort.frame(cohort.blocks, batch=False)
    known = set(numeric_features(frame))
    pairs = selections[["block", "feature"]].drop_duplicates().itertuples(index=False, name=None)
    columns = [column for column in (column_of(*pair) for pair in pairs) if column in known]
    values = frame[columns].to_numpy(float)
    values = np.where(np.isfinite(values), values, np.nan)
    apart = np.nan_to_num(values - np.nanmean(values, axis=0, keepdims=True)) if columns else values
    norm = np.linalg.norm(apart, axis=0)
    unit = apart / np.where(norm > 0, norm, np.inf)
    r = unit.T @ unit
    rows = [
        (block_of(columns[i]), feature_of(columns[i]), block_of(columns[j]), feature_of(columns[j]), r[i, j])
        for i, j in zip(*np.nonzero(np.triu(np.abs(r) >= SMALLEST, k=1)), strict=True)
    ]
    return pd.DataFrame(rows, columns=CORRELATIONS)
