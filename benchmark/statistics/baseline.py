"""Who the cases are: every feature of some blocks in all cases and in groups of them, with a test and a difference.

    numbers      mean and SD (n - 1), median and quartiles (R's type 7); tests of ``group_tests``
    categories   counts and shares of the known values; tests of ``contingency``
    both         standardized mean difference of ``imbalance``, the largest of all pairs of groups

Numbers that are whole and have five values at most are categories. Missing values are counted and left out. p is not
adjusted: the table describes. Cases count as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import BASELINE
from benchmark.statistics.block_values import BlockValues, Categories, whole_numbers
from benchmark.statistics.contingency import count_test
from benchmark.statistics.group_tests import group_tests
from benchmark.statistics.imbalance import of_counts, of_numbers

ALL = ""
"""The name of the group of all cases."""


def baseline(blocks: Sequence[BlockValues], groups: Categories, *, seed: int = 0) -> pd.DataFrame:
    """The table ``BASELINE``, one row per feature, level and group; cases without a group (-1) do not count."""
    rows: list[dict[str, Any]] = []
    for block in blocks:
        for feature in block.names:
            told = {"block": block.block, "feature": feature}
            rows.extend({**told, **row} for row in _feature(block, feature, groups, seed))
    return pd.DataFrame(rows, columns=BASELINE)


def _feature(block: BlockValues, feature: str, groups: Categories, seed: int) -> Iterator[dict[str, Any]]:
    categories = block.categories.get(feature) or whole_numbers(block.number(feature))
    if categories is None:
        return _number(block.number(feature), groups)
    return _category(categories, groups, seed)


def _number(values: np.ndarray, groups: Categories) -> Iterator[dict[str, Any]]:
    known = np.isfinite(values) & (groups.codes >= 0)
    parts = {name: rows & known for name, rows in _members(groups)}
    found = group_tests(values[known][:, None], groups.codes[known])
    spread = np.array([_mean_sd(values[rows]) for name, rows in parts.items() if name != ALL])
    told = {name: column[0] for name, column in found.items() if name not in ("effect", "effect_name")}
    told |= {"kind": "number", "level": "", "smd": of_numbers(spread[:, 0], spread[:, 1])}
    for name, rows in _members(groups):
        mean, sd = _mean_sd(values[parts[name]])
        quartiles = np.quantile(values[parts[name]], [0.25, 0.5, 0.75]) if parts[name].any() else [np.nan] * 3
        yield {**told, **_size(name, rows, known), "mean": mean, "sd": sd,
               **dict(zip(("q1", "median", "q3"), quartiles, strict=True))}  # fmt: skip


def _category(categories: Categories, groups: Categories, seed: int) -> Iterator[dict[str, Any]]:
    known = (categories.codes >= 0) & (groups.codes >= 0)
    shape = (len(categories.labels), len(groups.labels))
    counts = np.zeros(shape, int)
    np.add.at(counts, (categories.codes[known], groups.codes[known]), 1)
    test = count_test(counts, seed=seed)
    told = {"kind": "category", "test": test.test, "statistic": test.statistic, "df1": test.df, "p": test.p,
            "smd": of_counts(counts)}  # fmt: skip
    every = {ALL: counts.sum(axis=1), **dict(zip(groups.labels, counts.T, strict=True))}
    for place, level in enumerate(categories.labels):
        for name, rows in _members(groups):
            count, total = int(every[name][place]), int(every[name].sum())
            share = count / total if total else np.nan
            yield {**told, "level": level, **_size(name, rows, known), "count": count, "share": share}


def _members(groups: Categories) -> list[tuple[str, np.ndarray]]:
    """The names of all groups, all cases first, and their rows, (n_cases,) bool."""
    return [(ALL, groups.codes >= 0), *((label, groups.codes == code) for code, label in enumerate(groups.labels))]


def _size(name: str, rows: np.ndarray, known: np.ndarray) -> dict[str, Any]:
    return {"group": name, "n_cases": int(rows.sum()), "n_missing": int((rows & ~known).sum())}


def _mean_sd(values: np.ndarray) -> tuple[float, float]:
    mean = float(values.mean()) if len(values) else np.nan
    return mean, float(values.std(ddof=1)) if len(values) > 1 else np.nan
