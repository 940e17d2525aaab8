"""On which side of each split a case stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmark.splits import Split

NEITHER, TRAIN, TEST = 0, 1, 2


def sides_of(splits: Sequence[Split], cases: pd.Index) -> np.ndarray:
    """(n_splits, n_cases): NEITHER, TRAIN or TEST; a case on both sides is TEST here, and LA401 tells of it."""
    sides = np.zeros((len(splits), len(cases)), np.int8)
    for row, split in zip(sides, splits, strict=True):
        row[cases.isin(split.train)] = TRAIN
        row[cases.isin(split.test)] = TEST
    return sides


def parted(sides: np.ndarray, places: Sequence[int]) -> tuple[int, int, int] | None:
    """The first split in which these cases (positions) stand on both sides: its number and a training and a tested
    case; None if there is none."""
    here = sides[:, list(places)]
    both = np.flatnonzero((here == TRAIN).any(axis=1) & (here == TEST).any(axis=1))
    if not len(both):
        return None
    first = int(both[0])
    train, test = int(np.argmax(here[first] == TRAIN)), int(np.argmax(here[first] == TEST))
    return first, places[train], places[test]


def name_of(split: Split) -> str:
    """A split in words."""
    return f"{split.design}, repeat {split.repeat}, fold {split.fold}"
