"""How the verdict depends on the pooling rule: every combination of the declared choices, with its tests.

One rule chosen after the results are known is a hidden degree of freedom; here all are shown.

Source: Steegen et al. (2016), Perspectives on Psychological Science 11:702 (multiverse analysis).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from benchmark.reviews.families import tested
from benchmark.reviews.pooling import pool
from benchmark.reviews.review_file import PoolingSection, SensitivitySection
from benchmark.statistics.groups import groups_of
from benchmark.statistics.kruskal_wallis import kruskal_wallis
from benchmark.statistics.one_way import one_way, welch

OPTIONS = ("splits", "take", "model", "flagged", "ranges", "endpoints", "families")
TESTS = {"p_anova": "ANOVA", "p_welch": "Welch", "p_kruskal": "Kruskal-Wallis"}

RULES = ["metric", *OPTIONS, "declared", "n_values", "n_studies", "n_families", *TESTS, "highest", "lowest", "spread",
         "reason"]  # fmt: skip
"""One row per metric and rule: the options by name, whether it is the ``declared`` one, what was pooled, the p of three
tests, the families with the highest and lowest mean, their distance, and why there is no p where there is none."""

VERDICTS = ["metric", "test", "n_rules", "n_tested", "n_below", "share", "lowest_p", "highest_p", "declared_p"]
"""One row per metric and test: how many rules can be tested, and in how many p is below alpha."""

HIGHEST = ["metric", "family", "n_rules", "share"]
"""One row per metric and family: in how many rules it has the highest mean."""


def rules(
    registry: pd.DataFrame, base: PoolingSection, grid: SensitivitySection, metrics: Sequence[str]
) -> pd.DataFrame:
    """The table ``RULES``; p equal to those of another rule with the same numbers are kept, as each is a rule."""
    rows = [
        {"metric": metric, **names, "declared": rule == base, **_tested(pool(registry, rule, metric))}
        for names, rule in _combinations(base, grid)
        for metric in metrics
    ]
    table = pd.DataFrame(rows, columns=RULES)
    return table.sort_values(
        "metric", key=lambda column: column.map(list(metrics).index), kind="stable", ignore_index=True
    )


def verdicts(table: pd.DataFrame, *, alpha: float) -> pd.DataFrame:
    """The table ``VERDICTS`` of ``RULES``."""
    rows = []
    for metric, part in table.groupby("metric", sort=False):
        for column, test in TESTS.items():
            p = part[column].dropna()
            below = int((p < alpha).sum())
            declared = part.loc[part["declared"], column]
            share = below / len(p) if len(p) else np.nan
            ends = (p.min(), p.max()) if len(p) else (np.nan, np.nan)
            rows.append(
                (metric, test, len(part), len(p), below, share, *ends, declared.iloc[0] if len(declared) else np.nan)
            )
    return pd.DataFrame(rows, columns=VERDICTS)


def highest(table: pd.DataFrame) -> pd.DataFrame:
    """The table ``HIGHEST`` of ``RULES``, rules that can be tested alone."""
    able = table[table["highest"] != ""]
    rows = [
        (metric, family, n, n / len(part))
        for metric, part in able.groupby("metric", sort=False)
        for family, n in part["highest"].value_counts().items()
    ]
    return pd.DataFrame(rows, columns=HIGHEST)


def _combinations(base: PoolingSection, grid: SensitivitySection) -> Iterator[tuple[dict[str, str], PoolingSection]]:
    """Every rule with the names of its options."""
    choices: list[list[tuple[str, Any]]] = []
    for option in OPTIONS:
        told, usual = getattr(grid, option), getattr(base, option)
        if isinstance(told, dict):
            choices.append(list(told.items()) or [("as declared", usual)])
        else:
            choices.append([(str(one).replace("_", " "), one) for one in told or (usual,)])
    for combination in product(*choices):
        values = {option: value for option, (_, value) in zip(OPTIONS, combination, strict=True)}
        names = {option: name for option, (name, _) in zip(OPTIONS, combination, strict=True)}
        yield names, base.model_copy(update=values)


def _tested(pooled: pd.DataFrame) -> dict[str, Any]:
    large, _ = tested(pooled)
    told: dict[str, Any] = {
        "n_values": len(large),
        "n_studies": large["study"].nunique(),
        "n_families": large["group"].nunique(),
        "highest": "",
        "lowest": "",
        "reason": "",
    }
    if told["n_families"] < 2:
        return told | {"reason": "fewer than two families with two studies or more"}
    values, group = large["value"].to_numpy(float), large["group"].to_numpy()
    groups = groups_of(values, group)
    top, bottom = int(np.argmax(groups.mean)), int(np.argmin(groups.mean))
    return told | {
        "p_anova": one_way(groups).p,
        "p_welch": welch(groups).p,
        "p_kruskal": kruskal_wallis(values, group).p,
        "highest": groups.names[top],
        "lowest": groups.names[bottom],
        "spread": float(groups.mean[top] - groups.mean[bottom]),
    }
