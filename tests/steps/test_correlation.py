"""Of correlated features one stays."""

import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from benchmark.errors import DataError
from benchmark.steps import correlation
from benchmark.steps.correlation import Correlation, correlation_ratio, mean_correlation, unit_columns


def table(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"HRF::f{number}" for number in range(values.shape[1])])


def correlated(seed: int, n: int, k: int, noise: float = 0.6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.normal(size=(n, k // 4 + 1)), 4, axis=1)[:, :k] + noise * rng.normal(size=(n, k))


def outcome(seed: int, n: int, classes: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, classes, n)


def by_loops(r: np.ndarray, preference: list[float], threshold: float) -> list[int]:
    """The definition: visit by preference, keep unless correlated with a kept one."""
    stay: list[int] = []
    for feature in sorted(range(len(r)), key=lambda number: (-preference[number], number)):
        if all(abs(r[feature, other]) <= threshold for other in stay):
            stay.append(feature)
    return sorted(stay)


@pytest.mark.parametrize("width", [3, 512])
@pytest.mark.parametrize("method", ["pearson", "spearman"])
@pytest.mark.parametrize("keep", ["first", "variance", "mean", "outcome"])
def test_equal_to_the_definition_with_loops(
    keep: str, method: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correlation, "WIDTH", width)
    values, y = correlated(1, 50, 23), outcome(2, 50, 3)
    r = spearmanr(values).statistic if method == "spearman" else np.corrcoef(values.T)
    ranked = pd.DataFrame(values).rank().to_numpy() if method == "spearman" else values
    if keep == "first":
        preference = [0.0] * 23
    elif keep == "variance":
        preference = list(values.var(axis=0))
    elif keep == "mean":
        preference = [-np.mean([abs(r[i, j]) for j in range(23) if j != i]) for i in range(23)]
    else:
        preference = []
        for x in ranked.T:
            between = sum((y == c).sum() * (x[y == c].mean() - x.mean()) ** 2 for c in range(3))
            preference.append((between / ((x - x.mean()) ** 2).sum()) ** 0.5)
    step = Correlation(threshold=0.6, method=method, keep=keep).fit(table(values), y)
    assert np.flatnonzero(step.states_[0]).tolist() == by_loops(r, preference, 0.6)
    assert 5 < step.states_[0].sum() < 23


@pytest.mark.parametrize("width", [3, 512])
def test_caret_decides_pair_by_pair(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correlation, "WIDTH", width)
    values = correlated(14, 40, 23, noise=1.0)
    values[:, 5] = values[:, 4]
    r = np.abs(np.corrcoef(values.T))
    gone = set()
    for row in range(23):
        for column in range(row + 1, 23):
            if r[row, column] > 0.4:
                gone.add(column if r[:, column].mean() > r[:, row].mean() + 1e-15 else row)
    keep = Correlation(threshold=0.4, keep="caret").fit(table(values)).states_[0]
    assert set(np.flatnonzero(~keep)) == gone
    assert keep.sum() < Correlation(threshold=0.4, keep="mean").fit(table(values)).states_[0].sum()


def test_for_two_classes_the_ratio_is_the_point_biserial_correlation() -> None:
    values, y = correlated(3, 40, 6), outcome(4, 40)
    expected = [abs(np.corrcoef(x, y)[0, 1]) for x in values.T]
    np.testing.assert_allclose(correlation_ratio(unit_columns(values), y), expected, rtol=1e-12)


def test_mean_correlation_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correlation, "WIDTH", 4)
    values = correlated(5, 30, 11)
    r = np.abs(np.corrcoef(values.T))
    np.testing.assert_allclose(mean_correlation(unit_columns(values)), (r.sum(0) - 1) / 10, rtol=1e-12)


def test_sign_and_scale_do_not_matter_but_monotone_ones_do_for_pearson() -> None:
    x = np.random.default_rng(6).normal(size=60)
    values = np.column_stack([x, -1e200 * x, np.exp(4 * x)])
    assert list(Correlation().fit_transform(table(values)).columns) == ["HRF::f0", "HRF::f2"]
    assert list(Correlation(method="spearman").fit_transform(table(values)).columns) == ["HRF::f0"]


def test_exact_copies_pass_a_threshold_of_one() -> None:
    x = np.random.default_rng(7).normal(size=(60, 1))
    assert Correlation(threshold=1.0).fit_transform(table(np.hstack([x, x]))).shape[1] >= 1
    assert Correlation(threshold=0.9999).fit_transform(table(np.hstack([x, x, x]))).shape[1] == 1


def test_a_constant_feature_stays() -> None:
    x = np.random.default_rng(8).normal(size=20)
    values = np.column_stack([np.full(20, 0.1), x, x, np.full(20, 3.0)])
    for keep in ("first", "variance", "mean", "outcome"):
        out = Correlation(keep=keep).fit(table(values), outcome(1, 20)).transform(table(values))
        assert list(out.columns) == ["HRF::f0", "HRF::f1", "HRF::f3"]


def test_the_outcome_is_looked_at_only_by_its_rule() -> None:
    values, y = correlated(9, 60, 20), outcome(10, 60)
    for keep in ("first", "mean"):
        one, other = (Correlation(keep=keep, threshold=0.5).fit(table(values), labels) for labels in (y, None))
        assert (one.states_[0] == other.states_[0]).all()
    with pytest.raises(DataError, match="keep: outcome needs the outcome"):
        Correlation(keep="outcome").fit(table(values))


def test_apart_for_each_block() -> None:
    x = np.random.default_rng(11).normal(size=30)
    frame = pd.DataFrame({"HRF::a": x, "DRF::a": x, "DRF::b": -x})
    assert list(Correlation().fit_transform(frame).columns) == ["HRF::a"]
    assert list(Correlation(per_block=True).fit_transform(frame).columns) == ["HRF::a", "DRF::a"]


def test_missing_values_are_refused() -> None:
    values = correlated(12, 20, 4)
    values[3, 2] = np.nan
    with pytest.raises(
        DataError, match=r"1 of 4 features have missing .*first: 'f2' of block 'HRF'\). Put impute before"
    ):
        Correlation().fit(table(values))


def test_a_thousand_features_are_fast() -> None:
    values = correlated(13, 300, 1000)
    start = time.perf_counter()
    for keep in ("first", "mean"):
        Correlation(keep=keep, threshold=0.5).fit(table(values))
    assert time.perf_counter() - start < 2
