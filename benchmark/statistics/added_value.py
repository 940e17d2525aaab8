"""What does a family add? Each pair of feature sets of which one is the other and something more, in one table:
difference in AUC, interval, p, adjusted p, and whether the difference is too small to matter.

    D = AUC(together) - AUC(base),   se from the joint covariance of all models;   p of D = 0
    equivalence      |D| >= margin rejected (two one-sided tests)
    non-inferiority  D <= -margin rejected (one-sided: to be read at half the alpha)
    adjusted p       over all rows of the table; that of equivalence too

The verdict, at alpha = 1 - level on the adjusted p values:

    better        p < alpha, D > 0         equivalent    p of equivalence < alpha, and neither better nor worse
    worse         p < alpha, D < 0         open          none of these: the cohort is too small to say

A difference may be real and still within the margin: then it is better (or worse), and ``p_equivalence`` is small too.

Source: joint covariance: DeLong et al. (1988), Biometrics 44:837; equivalence: Schuirmann (1987), Journal of
Pharmacokinetics and Biopharmaceutics 15:657.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, DataError, unknown
from benchmark.estimates import ADDED_VALUE
from benchmark.statistics.aucs import Aucs, compare
from benchmark.statistics.equivalence import equivalence, non_inferiority
from benchmark.statistics.multiplicity import adjust

Recipe = tuple[str, str, str]


def added_value(
    aucs: Aucs,
    recipes: Sequence[Recipe],
    parts: Mapping[str, Collection[str]],
    *,
    margin: float,
    level: float = 0.95,
    adjustment: str = "holm",
) -> pd.DataFrame:
    """The table ``ADDED_VALUE`` of the k models of ``aucs``, named by ``recipes`` (k): (feature set, preprocessing,
    classifier). ``parts``: the families (or blocks) of each feature set. Models of one preprocessing and classifier are
    compared; empty if no feature set contains another. Without variance of a difference: p 1 where it is 0, else NaN.
    ``ConfigError`` for a feature set without parts, or a margin that is not above 0."""
    if len(recipes) != len(aucs.estimate):
        raise DataError(f"added value: {len(recipes)} recipes for {len(aucs.estimate)} AUCs")
    pairs = _nested(list(recipes), parts)
    base, together = (np.array([pair[side] for pair in pairs], int) for side in (0, 1))
    tests = compare(aucs, together, base, level=level)
    spread = aucs.contributions[:, together] - aucs.contributions[:, base]
    # as in compare: identical rankings have difference and variance 0
    error = np.where(
        (tests.statistic == 0) & (tests.difference == 0), 0.0, np.sqrt(np.einsum("ij,ij->j", spread, spread))
    )
    rows = pd.DataFrame(
        {
            **_names([recipes[place] for place in base], [recipes[place] for place in together], parts),
            "auc_base": aucs.estimate[base],
            "auc_together": aucs.estimate[together],
            "difference": tests.difference,
            "low": tests.low,
            "high": tests.high,
            "statistic": tests.statistic,
            "p": tests.p,
        }
    )
    return judged(rows, error, margin=margin, level=level, adjustment=adjustment, df=np.inf)[ADDED_VALUE]


def _nested(recipes: list[Recipe], parts: Mapping[str, Collection[str]]) -> list[tuple[int, int]]:
    """Positions of base and together: smaller bases first, then in the order of the recipes."""
    for name in dict.fromkeys(recipe[0] for recipe in recipes):
        if name not in parts:
            raise ConfigError(unknown("feature set", name, parts))
    has = [frozenset(parts[recipe[0]]) for recipe in recipes]
    pairs = [
        (one, other)
        for one in range(len(recipes))
        for other in range(len(recipes))
        if recipes[one][1:] == recipes[other][1:] and has[one] and has[one] < has[other]
    ]
    return sorted(pairs, key=lambda pair: (len(has[pair[0]]), len(has[pair[1]])))


def _names(base: list[Recipe], together: list[Recipe], parts: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    added = [
        " + ".join(part for part in dict.fromkeys(parts[large[0]]) if part not in set(parts[small[0]]))
        for small, large in zip(base, together, strict=True)
    ]
    return {
        "base": [recipe[0] for recipe in base],
        "added": added,
        "together": [recipe[0] for recipe in together],
        "preprocessing": [recipe[1] for recipe in base],
        "classifier": [recipe[2] for recipe in base],
    }


def judged(
    rows: pd.DataFrame, error: np.ndarray, *, margin: float, level: float, adjustment: str, df: np.ndarray | float
) -> pd.DataFrame:
    """The rows, with ``difference`` and ``p``, and their adjusted p, equivalence and verdict; ``error`` (m,): standard
    error of the differences, with ``df``."""
    alpha = 1 - level
    difference = rows["difference"].to_numpy(float)
    same = equivalence(difference, error, margin, alpha=alpha, df=df)
    not_worse = non_inferiority(difference, error, margin, df=df)
    p_adjusted, p_same = adjust(rows["p"].to_numpy(float), adjustment), adjust(same.p, adjustment)
    verdict = np.select(
        [(p_adjusted < alpha) & (difference > 0), (p_adjusted < alpha) & (difference < 0), p_same < alpha],
        ["better", "worse", "equivalent"],
        "open",
    )
    return rows.assign(
        level=level,
        df=np.where(np.isinf(df), np.nan, df),
        p_adjusted=p_adjusted,
        adjustment=adjustment,
        margin=margin,
        p_equivalence=same.p,
        p_equivalence_adjusted=p_same,
        p_non_inferiority=not_worse.p,
        verdict=verdict,
    )
