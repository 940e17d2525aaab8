"""Clusters of correlated features."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.predictions import CORRELATIONS
from benchmark.statistics.correlated_clusters import CLUSTERS, correlated_clusters

PAIRS = pd.DataFrame(
    [("CT", "a", "CT", "b", 0.95), ("CT", "b", "PET", "a", -0.92), ("CT", "c", "CT", "d", 0.9),
     ("CT", "d", "CT", "a", 0.89)],
    columns=CORRELATIONS,
)  # fmt: skip


def test_chains_join_whatever_the_sign() -> None:
    found = correlated_clusters(PAIRS)
    assert list(found.columns) == CLUSTERS
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("CT", "a", 1), ("CT", "b", 1), ("CT", "c", 2), ("CT", "d", 2), ("PET", "a", 1)
    ]  # fmt: skip
    assert correlated_clusters(PAIRS, threshold=0.8)["cluster"].nunique() == 1
    assert correlated_clusters(PAIRS, threshold=0.99).empty


def test_a_missing_column() -> None:
    with pytest.raises(DataError, match="correlations: no column 'correlation'"):
        correlated_clusters(PAIRS.drop(columns="correlation"))
