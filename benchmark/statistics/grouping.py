"""Number the rows of a long table by what several of its columns say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd


def number_rows(table: pd.DataFrame, columns: Sequence[str]) -> tuple[np.ndarray, list[tuple[Any, ...]]]:
    """The number of each row's group, (n_rows,), and the values of the ``columns`` of each group, in the order in which
    the groups appear. (pandas' own ``groupby`` takes some ten times as long on a million rows of text.)"""
    combined = np.zeros(len(table), np.int64)
    for column in columns:
        codes, labels = pd.factorize(table[column], use_na_sentinel=False)
        combined = combined * max(len(labels), 1) + codes
    numbers, found = pd.factorize(combined)
    first = np.empty(len(found), np.int64)
    first[numbers[::-1]] = np.arange(len(table))[::-1]
    return numbers, list(table.iloc[first][list(columns)].itertuples(index=False, name=None))
