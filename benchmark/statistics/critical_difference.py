"""The critical difference of mean ranks, and which conditions it cannot tell apart.

    CD = q_(level; k, inf) / sqrt 2 * sqrt(k (k + 1) / (6 n))        (Nemenyi)

Conditions whose mean ranks lie less than CD from each other form a group; a group that lies within another is not
shown. With infinite degrees of freedom, as Demsar has it, the groups agree with the p values of ``friedman.nemenyi``;
R's scmamp takes k (n - 1) degrees of freedom instead, so that its CD is a little longer.

Source: Nemenyi (1963), Distribution-free multiple comparisons, Princeton; Demsar (2006), JMLR 7:1, 3.2.2.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.statistics.friedman import friedman, ranks_within
from benchmark.statistics.studentized_range import studentized_range_quantile

RANKS = ["name", "mean_rank", "groups", "n_sets", "critical_difference", "level", "p"]
"""One row per condition, best (lowest mean rank) first. ``groups``: letters; conditions that share one are not told
apart. ``n_sets``: how many data sets; ``p`` of the test of Iman and Davenport, the same in all rows."""


def critical_difference(n: int, k: int, *, level: float = 0.95, df: float = np.inf) -> float:
    """Of ``k`` >= 2 conditions over ``n`` data sets; ``df`` > 1 of the studentized range."""
    if n < 1 or k < 2:
        raise DataError(f"critical difference: found {k} conditions over {n} data sets, expected at least 2 over 1")
    q = float(studentized_range_quantile(level, k, np.array([df]))[0])
    return float(q / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n)))


def groups_within(mean_ranks: np.ndarray, distance: float) -> list[np.ndarray]:
    """The largest sets of positions in ``mean_ranks`` (k,) whose ranks are all less than ``distance`` apart, from the
    lowest rank on; every position is in one or more."""
    order = np.argsort(mean_ranks, kind="stable")
    ranks = np.asarray(mean_ranks, float)[order]
    ends = np.maximum(np.searchsorted(ranks, ranks + distance, side="left"), np.arange(len(ranks)) + 1)
    starts = np.flatnonzero(np.diff(ends, prepend=0) > 0)
    return [order[start : ends[start]] for start in starts]


def rank_table(table: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """The table ``RANKS`` of a row per data set and a column per condition, higher values better. ``DataError`` for a
    missing value."""
    mean = ranks_within(table).mean().to_numpy()
    distance = critical_difference(len(table), len(mean), level=level)
    letters = [""] * len(mean)
    for number, members in enumerate(groups_within(mean, distance)):
        for place in members:
            letters[place] += _letter(number)
    found = pd.DataFrame({"name": table.columns, "mean_rank": mean, "groups": letters})
    found = found.assign(
        n_sets=len(table), critical_difference=distance, level=level, p=friedman(table).iman_davenport.p
    )
    return found.sort_values("mean_rank", kind="stable", ignore_index=True)[RANKS]


def _letter(number: int) -> str:
    """a to z, then A to Z, then the letters of other scripts: always one character."""
    return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[number] if number < 52 else chr(0x3B1 + number - 52)
