"""Clusters of features that stand in for one another: all that are joined by a chain of correlations |r| >= t.

Only the pairs above the threshold are needed. A chain may join features whose own correlation is lower (single
linkage), as it should be here: fold by fold any of them may be taken for its neighbour. Descriptive: the clusters are
of all rows, and nothing that is fitted ever sees them.

Source: single linkage as connected components: Gower and Ross (1969), Applied Statistics 18:54.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmark.errors import DataError
from benchmark.predictions import CORRELATIONS

CLUSTERS = ["block", "feature", "cluster"]
"""The number of each feature's cluster, from 1, in the order in which the features come."""


def correlated_clusters(correlations: pd.DataFrame, *, threshold: float = 0.9) -> pd.DataFrame:
    """The table ``CLUSTERS`` of the table ``CORRELATIONS``; a feature without a correlation of ``threshold`` in size is
    not in it. ``DataError`` for a missing column."""
    missing = [column for column in CORRELATIONS if column not in correlations.columns]
    if missing:
        raise DataError(f"correlations: no column '{missing[0]}'. Found: {', '.join(map(str, correlations.columns))}")
    pairs = correlations[correlations["correlation"].abs() >= threshold]
    first, second = (
        list(pairs[ends].astype(str).itertuples(index=False, name=None))
        for ends in (CORRELATIONS[:2], CORRELATIONS[2:4])
    )
    names = list(dict.fromkeys([*first, *second]))
    place = {name: number for number, name in enumerate(names)}
    joined = coo_array(
        (np.ones(len(first)), ([place[name] for name in first], [place[name] for name in second])),
        shape=(len(names), len(names)),
    )
    number = connected_components(joined, directed=False)[1] if names else []
    rows = [(*name, int(cluster) + 1) for name, cluster in zip(names, number, strict=True)]
    return pd.DataFrame(rows, columns=CLUSTERS)
