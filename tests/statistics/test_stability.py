"""Stability of selections: the published package's numbers, the definition by loops, and what clusters change."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from benchmark.estimates import STABILITY
from benchmark.predictions import SELECTIONS
from benchmark.statistics.stability import selection_stability, stability


def of_sets(sets: list[list[int]], d: int) -> np.ndarray:
    z = np.zeros((len(sets), d), bool)
    for row, members in enumerate(sets):
        z[row, np.array(members) - 1] = True
    return z


PUBLISHED = [
    # getVarianceofStability and confidenceIntervals of the authors' package (github.com/nogueirs/JMLR2018, python/
    # stability), run on the sets of the vignette and of the help page of R's stabm
    (of_sets([[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 5, 6, 7]], 10),
     (0.4570135746606334, 0.0058550403515826265, 0.30704058907953913, 0.6069865602417277)),
    (of_sets([[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5]], 10),
     (0.7222222222222222, 0.0015479728699893342, 0.6451088379389752, 0.7993356065054692)),
    (np.random.default_rng(20180401).uniform(size=(20, 30)) < np.linspace(0.9, 0.02, 30),
     (0.25705725057090645, 0.0007338086718488395, 0.20396397608933425, 0.31015052505247864)),
]  # fmt: skip


@pytest.mark.parametrize(("z", "expected"), PUBLISHED)
def test_numbers_of_the_published_package(z: np.ndarray, expected: tuple[float, ...]) -> None:
    found = stability(z, z.shape[1])
    assert (found.estimate, found.variance, found.low, found.high) == pytest.approx(expected, rel=1e-12)


def test_is_the_mean_agreement_of_pairs_against_chance() -> None:
    """How many features two models share, less what two draws by lot share, over the most that it can be."""
    z = PUBLISHED[2][0]
    d, share = z.shape[1], z.sum(1).mean() / z.shape[1]
    shared = [sum(1 for a, b in zip(one, other, strict=True) if a and b) for one, other in combinations(z, 2)]
    assert stability(z, d).estimate == pytest.approx((np.mean(shared) / d - share**2) / (share - share**2))


def test_features_that_no_model_has_may_be_left_out() -> None:
    z = of_sets([[1, 2], [2, 3], [1, 3]], 12)
    assert stability(z[:, :3], 12) == stability(z, 12)


def test_ends() -> None:
    same = stability(of_sets([[1, 2]] * 4, 9), 9)
    assert (same.estimate, same.variance, same.high) == pytest.approx((1, 0, 1))
    apart = stability(of_sets([[1], [2], [3]], 3), 3)
    assert apart.estimate == pytest.approx(-1 / 2)
    rng = np.random.default_rng(0)
    by_lot = np.array([rng.permutation(100) < 10 for _ in range(200)])
    assert abs(stability(by_lot, 100).estimate) < 0.01


@pytest.mark.parametrize(
    ("z", "reason"),
    [(of_sets([[1]], 3), "one fitted model"), (np.ones((3, 2), bool), "every model has all candidates"),
     (np.zeros((3, 2), bool), "no model has a feature")],
)  # fmt: skip
def test_undefined(z: np.ndarray, reason: str) -> None:
    found = stability(z, z.shape[1])
    assert np.isnan(found.estimate) and np.isnan(found.low) and found.undefined == reason


def selected(sets: list[list[str]], feature_set: str = "HRF", block: str = "CT") -> pd.DataFrame:
    rows = [
        ("cv", feature_set, "lasso", number // 2, str(number % 2), block, name)
        for number, names in enumerate(sets)
        for name in names
    ]
    return pd.DataFrame(rows, columns=SELECTIONS)


def test_a_table_of_selections() -> None:
    sets = [["a", "b"], ["a", "c"], ["a", "b"], ["a", "d"]]
    both = pd.concat([selected(sets), selected([["age"]] * 4, block="clinical")])
    found = selection_stability(both, {"CT": 10, "clinical": 1})
    assert list(found.columns) == STABILITY
    assert found["block"].tolist() == ["", "CT", "clinical"]
    assert found["n_models"].tolist() == [4, 4, 4]
    assert found["n_candidates"].tolist() == [11, 10, 1]
    ct = stability(of_sets([[1, 2], [1, 3], [1, 2], [1, 4]], 10), 10)
    assert found["stability"].iloc[1] == pytest.approx(ct.estimate)
    assert np.isnan(found["stability"].iloc[2])
    assert found["method"].iloc[2].endswith("; not estimated: every model has all candidates")
    assert found["cluster_stability"].isna().all()
    # columns that a step brought forth: never fewer candidates than were seen
    assert selection_stability(selected(sets), {"CT": 2})["n_candidates"].tolist() == [4]


def test_a_model_without_features_of_a_block_is_counted_in_that_block() -> None:
    both = pd.concat([selected([["a"], ["a"], ["b"]]), selected([["x"], ["y"]], block="PET")])
    pet = selection_stability(both, {"CT": 5, "PET": 5}).set_index("block").loc["PET"]
    assert pet["n_models"] == 3
    assert pet["stability"] == pytest.approx(stability(np.array([[1, 0], [0, 1], [0, 0]], bool), 5).estimate)


def test_features_that_replace_each_other_agree_as_clusters() -> None:
    sets = [["a", "x"], ["b", "y"], ["a", "z"], ["b", "w"]]
    clusters = pd.DataFrame({"block": "CT", "feature": ["a", "b"], "cluster": 1})
    found = selection_stability(selected(sets), {"CT": 20}, clusters=clusters).iloc[0]
    merged = stability(of_sets([[1, 2], [1, 3], [1, 4], [1, 5]], 19), 19)
    assert (found["n_clusters"], found["cluster_stability"]) == (19, pytest.approx(merged.estimate))
    assert found["cluster_stability"] > found["stability"]
    none = selection_stability(selected(sets), {"CT": 20}, clusters=clusters.iloc[:0]).iloc[0]
    assert (none["n_clusters"], none["cluster_stability"]) == (20, pytest.approx(none["stability"]))


def test_nothing_selected_is_an_empty_table() -> None:
    assert list(selection_stability(selected([]), {}).columns) == STABILITY
