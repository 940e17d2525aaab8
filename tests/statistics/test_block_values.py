"""From the long table at the waist to matrices: order, gaps, levels, whole numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.predictions import VALUES
from benchmark.statistics.block_values import as_groups, block_values, whole_numbers
from benchmark.statistics.missing_patterns import missing_patterns

ROWS = [
    ("b", "clinical", "age", "numeric", 70.0, None),
    ("a", "clinical", "age", "numeric", np.nan, None),
    ("a", "clinical", "sex", "categorical", np.nan, "male"),
    ("b", "clinical", "sex", "categorical", np.nan, None),
    ("a", "clinical", "stage", "ordinal", 1.0, "late"),
    ("b", "clinical", "stage", "ordinal", 0.0, "not so late"),
    ("a", "other", "age", "numeric", 3.0, None),
]


def test_a_block_by_cases_and_features() -> None:
    found = block_values(pd.DataFrame(ROWS, columns=VALUES), "clinical", ["a", "b", "c"])
    assert found.names == ("age", "sex", "stage")
    assert found.numeric == ("age", "stage")
    np.testing.assert_array_equal(found.numbers, [[np.nan, 1], [70, 0], [np.nan, np.nan]])
    assert found.categories["sex"].labels == ("male",)
    assert found.categories["sex"].codes.tolist() == [0, -1, -1]
    assert found.categories["stage"].labels == ("not so late", "late")  # as declared, not by name
    assert found.categories["stage"].codes.tolist() == [1, 0, -1]


def test_few_whole_numbers_are_categories() -> None:
    found = whole_numbers(np.array([0, 1, np.nan, 1, 10.0]))
    assert found is not None
    assert found.labels == ("0", "1", "10")
    assert found.codes.tolist() == [0, 1, -1, 1, 2]
    assert whole_numbers(np.array([0, 0.5])) is None
    assert whole_numbers(np.arange(6.0)) is None
    assert whole_numbers(np.array([np.nan])) is None
    assert as_groups(np.array([0.5, 2])).labels == ("0.5", "2")


def test_columns_of_the_same_gaps_go_together() -> None:
    values = np.ones((10, 4))
    values[3, [0, 2]] = np.nan
    values[9, 1] = np.inf
    found = {tuple(columns): np.flatnonzero(~rows).tolist() for rows, columns in missing_patterns(values)}
    assert found == {(0, 2): [3], (1,): [9], (3,): []}
