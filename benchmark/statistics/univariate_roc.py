"""Every feature alone against the outcome, over all cases: AUC with its interval, and tests of ranks and of means.

    AUC     of the feature as it is, in the direction that is above 1/2 (and which one), DeLong's interval, or
            Obuchowski's where patients own several cases; of several classes each against the others
    ranks   Mann-Whitney, of more classes Kruskal-Wallis
    means   Welch's t, of more classes analysis of variance
    both p  adjusted over all features by Benjamini and Hochberg

To describe: of hundreds of features the best AUC is high by chance, and whoever selects by this table has looked at the
cases that he will be tested on. The tests take cases for independent, the interval of the AUC does not.

Source: see ``delong``, ``obuchowski``, ``group_tests``, ``batch_effects``, ``multiplicity``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmark.estimates import UNIVARIATE
from benchmark.statistics.aucs import Aucs, intervals
from benchmark.statistics.batch_effects import batch_effects
from benchmark.statistics.block_values import BlockValues
from benchmark.statistics.delong import delong
from benchmark.statistics.group_tests import mann_whitney, welch_t
from benchmark.statistics.missing_patterns import missing_patterns
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.obuchowski import obuchowski

OTHERS = "the others"


def univariate_roc(
    blocks: Sequence[BlockValues],
    y: np.ndarray,
    classes: Sequence[str],
    *,
    patient: np.ndarray | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The table ``UNIVARIATE``, one row per numeric feature and class (the positive one, 1, of two), for the class
    codes ``y`` (n_cases,) and the numbers ``patient`` (n_cases,) if one owns several."""
    parts = [_block(block, y, classes, patient, level) for block in blocks if block.numeric]
    if not parts:
        return pd.DataFrame(columns=UNIVARIATE)
    found = pd.concat(parts, ignore_index=True)
    first = found.drop_duplicates(["block", "feature"])
    adjusted = {f"{p}_adjusted": adjust(first[p].to_numpy(), "bh") for p in ("p_ranks", "p_means")}
    found = found.merge(first[["block", "feature"]].assign(**adjusted), on=["block", "feature"], how="left")
    return found[UNIVARIATE]


def _block(
    block: BlockValues, y: np.ndarray, classes: Sequence[str], patient: np.ndarray | None, level: float
) -> pd.DataFrame:
    asked = [1] if len(classes) == 2 else list(range(len(classes)))
    tables = {code: _empty(block, classes[code], level) for code in asked}
    for rows, columns in missing_patterns(block.numbers):
        values, codes = block.numbers[rows][:, columns], y[rows]
        p_ranks, p_means = _tests(values, codes, len(classes))
        for code in asked:
            others = classes[0] if len(classes) == 2 else OTHERS
            aucs = _aucs(codes == code, values, None if patient is None else patient[rows])
            told = _directed(aucs, level, (others, classes[code])) | {
                "p_ranks": p_ranks, "p_means": p_means, "n_cases": len(codes), "n_class": int(np.sum(codes == code)),
            }  # fmt: skip
            for name, column in told.items():
                tables[code][name][columns] = column
    return pd.concat([pd.DataFrame(tables[code]) for code in asked]).sort_index(kind="stable")


def _empty(block: BlockValues, label: str, level: float) -> dict[str, np.ndarray]:
    n = len(block.numeric)
    words = {"block": block.block, "class": label, "higher_in": "", "method": ""}
    return {
        **{name: np.full(n, np.nan) for name in ("auc", "low", "high", "n_cases", "n_class", "p_ranks", "p_means")},
        **{name: np.full(n, word, object) for name, word in words.items()},
        "feature": np.array(block.numeric, object),
        "level": np.full(n, level),
    }


def _directed(aucs: Aucs, level: float, sides: tuple[str, str]) -> dict[str, np.ndarray | str]:
    """The AUCs above 1/2 with their limits, and on which of both sides the feature is higher."""
    low, high = intervals(aucs, level=level)
    flip = aucs.estimate < 0.5
    return {
        "auc": np.where(flip, 1 - aucs.estimate, aucs.estimate),
        "low": np.where(flip, 1 - high, low),
        "high": np.where(flip, 1 - low, high),
        "higher_in": np.where(flip, *np.array(sides, object)),
        "method": aucs.method,
    }


def _aucs(positive: np.ndarray, values: np.ndarray, patient: np.ndarray | None) -> Aucs:
    if patient is None:
        return delong(positive, values)
    return obuchowski(positive, values, patient)


def _tests(values: np.ndarray, codes: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """p of the ranks and of the means, (k,) each; NaN where fewer than two classes are left."""
    found, codes = np.unique(codes, return_inverse=True)
    if len(found) < 2 or len(codes) <= len(found):
        return np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    if n_classes == 2:
        return mann_whitney(values, codes)["p"], welch_t(values, codes)["p"]
    effects = batch_effects(values, codes)
    return effects["p_ranks"].to_numpy(), effects["p"].to_numpy()
