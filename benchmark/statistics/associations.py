"""Features of one block against features of another, as between images and genes: every pair, all p adjusted together.

    number with number       the correlation that was asked for (``pair_correlations``)
    number with category     the test of its assumptions, with its effect size (``group_tests``)
    category with category   chi-square or Fisher's test, with Cramer's V (``contingency``)

An ordered category counts as a number by its rank. Each pair over the cases that have both; cases count as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import ASSOCIATIONS
from benchmark.statistics.block_values import BlockValues, Categories, as_groups
from benchmark.statistics.contingency import count_test
from benchmark.statistics.group_tests import group_tests
from benchmark.statistics.missing_patterns import missing_patterns
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.pair_correlations import pair_correlations

BY_KIND, GROUPS = "by_kind", "groups"
MEASURES = {"spearman": "Spearman's rho", "pearson": "Pearson's r", "kendall": "Kendall's tau-b"}

Part = dict[str, Any]
NUMBERS = ("estimate", "statistic", "df1", "df2", "p")
WORDS = ("test", "measure", "contrast", "n_cases")


def associations(
    of: Sequence[BlockValues], others: Sequence[BlockValues], *, method: str, adjustment: str = "bh", seed: int = 0
) -> pd.DataFrame:
    """The table ``ASSOCIATIONS`` but for the question. ``method``: a correlation; ``groups`` takes every value of the
    ``others`` for a group; ``by_kind`` is Spearman's rho between numbers."""
    correlation = "spearman" if method in (BY_KIND, GROUPS) else method
    found = [pd.DataFrame(columns=ASSOCIATIONS)]
    for one in of:
        for other in map(_grouped, others) if method == GROUPS else others:
            for part in _parts(one, other, correlation, seed):
                found.append(pd.DataFrame({"block": one.block, "other_block": other.block, **part}))
    table = pd.concat([part for part in found if len(part)] or found, ignore_index=True)
    p_adjusted = adjust(table["p"].to_numpy(float), adjustment)
    return table.assign(p_adjusted=p_adjusted, adjustment=adjustment).reindex(columns=ASSOCIATIONS)


def _parts(one: BlockValues, other: BlockValues, correlation: str, seed: int) -> Iterator[Part]:
    if one.numeric and other.numeric:
        yield _correlated(one, other, correlation)
    for feature, categories in _unordered(other).items():
        if one.numeric:
            told = _by_groups(one.numbers, categories)
            yield {"feature": list(one.numeric), "other_feature": feature, **told}
    for feature, categories in _unordered(one).items():
        if other.numeric:
            told = _by_groups(other.numbers, categories)
            yield {"feature": feature, "other_feature": list(other.numeric), **told}
        for name, others in _unordered(other).items():
            yield {"feature": [feature], "other_feature": name, **_both_categories(categories, others, seed)}


def _unordered(block: BlockValues) -> dict[str, Categories]:
    return {name: found for name, found in block.categories.items() if name not in block.numeric}


def _grouped(block: BlockValues) -> BlockValues:
    groups = {name: as_groups(block.number(name)) for name in block.numeric if name not in block.categories}
    return replace(block, numeric=(), numbers=block.numbers[:, :0], categories={**groups, **block.categories})


def _correlated(one: BlockValues, other: BlockValues, method: str) -> Part:
    found = pair_correlations(one.numbers, other.numbers, method)
    return {
        "feature": np.repeat(np.array(one.numeric, object), len(other.numeric)),
        "other_feature": np.tile(np.array(other.numeric, object), len(one.numeric)),
        "measure": MEASURES[method], "estimate": found.estimate.ravel(), "test": "", "contrast": "",
        "statistic": found.statistic.ravel(), "df1": np.nan if method == "kendall" else found.n.ravel() - 2.0,
        "df2": np.nan, "p": found.p.ravel(), "n_cases": found.n.ravel(),
    }  # fmt: skip


def _by_groups(numbers: np.ndarray, categories: Categories) -> Part:
    """Every column of ``numbers`` (n_cases, p) by the categories."""
    known = categories.codes >= 0
    told = {name: np.full(numbers.shape[1], np.nan) for name in NUMBERS}
    told |= {name: np.full(numbers.shape[1], "", object) for name in WORDS}
    for rows, columns in missing_patterns(numbers[known]):
        codes = categories.codes[known][rows]
        tests = group_tests(numbers[known][rows][:, columns], codes)
        labels = [categories.labels[code] for code in np.unique(codes)]
        part = {
            **{name: tests[name] for name in ("test", "statistic", "df1", "df2", "p")},
            "measure": tests["effect_name"], "estimate": tests["effect"], "n_cases": len(codes),
            "contrast": f"{labels[1]} minus {labels[0]}" if len(labels) == 2 else "",
        }  # fmt: skip
        for name, column in part.items():
            told[name][columns] = column
    return told


def _both_categories(one: Categories, other: Categories, seed: int) -> Part:
    known = (one.codes >= 0) & (other.codes >= 0)
    counts = np.zeros((len(one.labels), len(other.labels)), int)
    np.add.at(counts, (one.codes[known], other.codes[known]), 1)
    test = count_test(counts, seed=seed)
    return {"measure": "Cramer's V", "estimate": test.v, "test": test.test, "contrast": "", "statistic": test.statistic,
            "df1": test.df, "df2": np.nan, "p": test.p, "n_cases": int(known.sum())}  # fmt: skip
