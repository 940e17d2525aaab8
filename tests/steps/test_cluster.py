"""Of each cluster of correlated features one stays."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist

from benchmark.errors import DataError
from benchmark.steps import cluster
from benchmark.steps.cluster import Cluster, distances
from benchmark.steps.correlation import correlation_ratio, unit_columns


def table(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


def correlated(seed: int, n: int, k: int, noise: float = 0.5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.normal(size=(n, k // 4 + 1)), 4, axis=1)[:, :k] + noise * rng.normal(size=(n, k))


def by_loops(apart: np.ndarray, cut: float, method: str) -> list[list[int]]:
    """Merge the two nearest clusters until they are further apart than the cut."""
    reduce = {"average": np.mean, "complete": np.max, "single": np.min}[method]
    groups = [[number] for number in range(len(apart))]
    while len(groups) > 1:
        between = {
            (one, other): reduce(apart[np.ix_(groups[one], groups[other])])
            for one, other in itertools.combinations(range(len(groups)), 2)
        }
        one, other = min(between, key=between.__getitem__)
        if between[one, other] > cut:
            break
        groups[one] += groups.pop(other)
    return groups


@pytest.mark.parametrize("method", ["average", "complete", "single"])
def test_medoids_equal_the_definition_with_loops(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WIDTH", 5)
    values = correlated(1, 60, 21)
    r = np.abs(np.corrcoef(values.T))
    expected = []
    for group in by_loops(1 - r, 0.3, method):
        expected.append(max(group, key=lambda member: sum(r[member, other] for other in group if other != member)))
    step = Cluster(threshold=0.7, linkage=method).fit(table(values))
    assert np.flatnonzero(step.states_[0]).tolist() == sorted(expected)
    assert 4 < len(expected) < 21


def test_the_other_rules() -> None:
    values = correlated(2, 60, 12, noise=0.1) * np.arange(1, 13)
    y = np.random.default_rng(3).integers(0, 2, 60)
    groups = [range(start, start + 4) for start in (0, 4, 8)]
    association = correlation_ratio(unit_columns(values), y)
    expected = {
        "first": [0, 4, 8],
        "variance": [max(group, key=lambda member: values[:, member].std()) for group in groups],
        "outcome": [max(group, key=lambda member: association[member]) for group in groups],
    }
    for keep, members in expected.items():
        assert np.flatnonzero(Cluster(keep=keep).fit(table(values), y).states_[0]).tolist() == members
    with pytest.raises(DataError, match="cluster: keep: outcome needs the outcome"):
        Cluster(keep="outcome").fit(table(values))


def test_distances_are_those_of_pdist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WIDTH", 4)
    values = correlated(4, 30, 11)
    expected = pdist(values.T, lambda x, y: 1 - abs(np.corrcoef(x, y)[0, 1]))
    np.testing.assert_allclose(distances(unit_columns(values)), expected, rtol=0, atol=1e-12)


def test_signs_ranks_constants_and_one_feature() -> None:
    x = np.random.default_rng(5).normal(size=40)
    values = np.column_stack([np.full(40, 2.0), x, -3 * x, np.exp(4 * x)])
    assert list(Cluster().fit_transform(table(values)).columns) == ["HRF::f0", "HRF::f1", "HRF::f3"]
    assert list(Cluster(method="spearman").fit_transform(table(values)).columns) == ["HRF::f0", "HRF::f1"]
    assert Cluster().fit_transform(table(values[:, 1:2])).shape[1] == 1


def test_apart_for_each_block_and_without_gaps() -> None:
    x = np.random.default_rng(6).normal(size=30)
    frame = pd.DataFrame({"HRF::a": x, "DRF::a": x, "DRF::b": -x})
    assert list(Cluster().fit_transform(frame).columns) == ["HRF::a"]
    assert list(Cluster(per_block=True).fit_transform(frame).columns) == ["HRF::a", "DRF::a"]
    frame.iloc[2, 1] = np.nan
    with pytest.raises(DataError, match=r"1 of 3 features .*first: 'a' of block 'DRF'\). Put impute before cluster"):
        Cluster().fit(frame)
