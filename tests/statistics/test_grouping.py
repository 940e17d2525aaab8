"""Numbers of groups against pandas' groupby."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.statistics.grouping import number_rows


def test_equals_groupby() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.choice(["x", "y", ""], 60), "b": rng.integers(0, 4, 60), "c": rng.random(60)})
    table["d"] = pd.Categorical(rng.choice(["u", "v"], 60), categories=["v", "unused", "u"])
    columns = ["a", "b", "d"]
    numbers, keys = number_rows(table, columns)
    groups = table.groupby(columns, sort=False, observed=True)
    assert numbers.tolist() == groups.ngroup().tolist()
    assert keys == list(groups.groups) or set(keys) == set(groups.groups)
    assert keys == [tuple(row) for row in table[columns].drop_duplicates().itertuples(index=False)]


def test_missing_values_are_a_group_and_no_row_is_none() -> None:
    numbers, keys = number_rows(pd.DataFrame({"a": ["x", None, "x", None]}), ["a"])
    assert numbers.tolist() == [0, 1, 0, 1] and len(keys) == 2
    numbers, keys = number_rows(pd.DataFrame({"a": [], "b": []}), ["a", "b"])
    assert len(numbers) == 0 and keys == []
