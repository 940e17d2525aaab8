"""The critical difference and its groups: R, tables of Demsar, the pairs of Nemenyi."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.statistics.critical_difference import RANKS, critical_difference, groups_within, rank_table
from benchmark.statistics.friedman import friedman, nemenyi
from tests.statistics.r_numbers import FAMILIES, R

EXPECTED = R["family_auc_repeated_measures"]["friedman"]


def test_equals_scmamp() -> None:
    expected = EXPECTED["nemenyi_critical_difference_alpha_0.05"]
    assert critical_difference(21, 5, df=5 * 20) == pytest.approx(expected, rel=1e-8)
    assert critical_difference(21, 5) < expected


@pytest.mark.parametrize(("k", "q05", "q10"), [(2, 1.960, 1.645), (5, 2.728, 2.459), (10, 3.164, 2.920)])
def test_equals_demsar_table_5(k: int, q05: float, q10: float) -> None:
    scale = np.sqrt(k * (k + 1) / (6 * 14))
    assert critical_difference(14, k) / scale == pytest.approx(q05, abs=6e-4)
    assert critical_difference(14, k, level=0.9) / scale == pytest.approx(q10, abs=6e-4)


def test_groups() -> None:
    ranks = np.array([4.0, 1.0, 1.8, 2.7, 6.5])
    found = [sorted(group.tolist()) for group in groups_within(ranks, 1.5)]
    assert found == [[1, 2], [2, 3], [0, 3], [4]]
    assert [group.tolist() for group in groups_within(ranks, 10.0)] == [[1, 2, 3, 0, 4]]
    assert [len(group) for group in groups_within(ranks, 0.1)] == [1] * 5
    # as far apart as the critical difference is told apart
    assert [len(group) for group in groups_within(np.array([1.0, 2.0]), 1.0)] == [1, 1]


@pytest.mark.parametrize("seed", range(4))
def test_groups_are_what_nemenyi_does_not_tell_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(15, 6)) + np.linspace(0, 1.5, 6), columns=list("abcdef"))
    letters = rank_table(table).set_index("name")["groups"]
    for row in nemenyi(table).itertuples():
        together = bool(set(letters[row.first]) & set(letters[row.second]))
        assert together == (row.p_adjusted > 0.05)


def test_table_of_families() -> None:
    found = rank_table(FAMILIES)
    assert list(found.columns) == RANKS
    assert found["name"][0] == "glrlm" and found["mean_rank"].is_monotonic_increasing
    assert dict(zip(found["name"], found["mean_rank"], strict=True)) == pytest.approx(
        EXPECTED["mean_ranks_1_is_highest_value"]
    )
    assert set(found["groups"]) == {"a"} and set(found["n_sets"]) == {21}
    assert found["p"][0] == friedman(FAMILIES).iman_davenport.p


def test_more_data_sets_tell_more_apart() -> None:
    assert critical_difference(84, 5) == pytest.approx(critical_difference(21, 5) / 2)
    assert critical_difference(21, 5, level=0.99) > critical_difference(21, 5)


def test_wrong_input() -> None:
    with pytest.raises(DataError, match="1 conditions over 5 data sets"):
        critical_difference(5, 1)
    with pytest.raises(DataError, match="without a value"):
        rank_table(FAMILIES.mask(FAMILIES < 0.32))
