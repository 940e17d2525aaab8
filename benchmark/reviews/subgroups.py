"""Studies by something else than their family: modality, year, split, size.

One number per study and subgroup, by the same pooling rule and over all families that it names. For subgroups by split
the rule's order of splits would leave one split per study, so there each split counts on its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from benchmark.errors import ConfigError, did_you_mean
from benchmark.reviews.families import summary, tested
from benchmark.reviews.pooling import pool
from benchmark.reviews.registry import COLUMNS
from benchmark.reviews.review_file import PoolingSection, SubgroupSection
from benchmark.statistics.groups import groups_of
from benchmark.statistics.kruskal_wallis import kruskal_wallis
from benchmark.statistics.one_way import welch

SUBGROUPS = ["subgroup", "metric", "group", "n", "mean", "sd", "low", "high", "level", "p_welch", "p_kruskal", "rho",
             "p_trend", "left_out"]  # fmt: skip
"""One row per subgroup; the p are of the whole column, ``rho`` is Spearman's of the column's numbers where there are
any, ``left_out``: studies without a subgroup."""

GROUP = "subgroup of the row"


def check_columns(subgroups: Mapping[str, SubgroupSection]) -> None:
    """``ConfigError`` for a column that a registry does not have."""
    for name, one in subgroups.items():
        if one.column not in COLUMNS:
            near = did_you_mean(one.column, COLUMNS)
            raise ConfigError(f"no column '{one.column}' in a registry.{near}", path=("subgroups", name, "column"))


def subgroups(
    registry: pd.DataFrame,
    rule: PoolingSection,
    metric: str,
    wanted: Mapping[str, SubgroupSection],
    *,
    level: float,
) -> pd.DataFrame:
    """The table ``SUBGROUPS`` of a metric."""
    tables = [_one(registry, rule, metric, name, one, level) for name, one in wanted.items()]
    return pd.concat([pd.DataFrame(columns=SUBGROUPS), *(one for one in tables if len(one))], ignore_index=True)


def _one(
    registry: pd.DataFrame, rule: PoolingSection, metric: str, name: str, section: SubgroupSection, level: float
) -> pd.DataFrame:
    rows = registry.assign(**{GROUP: labels(registry[section.column], section)})
    asked = rule.model_copy(update={"take": "any_split"}) if section.column == "split" else rule
    pooled = pool(rows, asked, metric, by=GROUP)
    if pooled.empty:
        return pd.DataFrame(columns=SUBGROUPS)
    order = {label: place for place, label in enumerate(_order(section, rule))}
    pooled = pooled.iloc[np.argsort(pooled["group"].map(lambda one: order.get(one, len(order))), kind="stable")]
    every = pool(rows, asked, metric)["study"].nunique()
    rho, p_trend = _trend(rows, asked, metric, section)
    found = summary(pooled.reset_index(drop=True), level=level)
    return found.assign(
        subgroup=name,
        metric=metric,
        **_tests(pooled.reset_index(drop=True)),
        rho=rho,
        p_trend=p_trend,
        left_out=every - pooled["study"].nunique(),
    )[SUBGROUPS]


def labels(column: pd.Series, section: SubgroupSection) -> pd.Series:
    """The subgroup of each row; empty where it has none."""
    if section.cuts:
        edges = [-np.inf, *section.cuts, np.inf]
        found = pd.cut(pd.to_numeric(column), edges, right=False, labels=cut_labels(section.cuts))
        return found.astype(object).where(found.notna(), "")
    if section.groups:
        return column.map(lambda text: _fitting(str(text), section.groups))
    return column.map(lambda value: f"{value:g}" if isinstance(value, float) and np.isfinite(value) else _text(value))


def cut_labels(cuts: tuple[float, ...]) -> list[str]:
    """``below 100``, ``100 to 299``, ``300 and more``; whole numbers are meant."""
    ends = [(f"{low:g}", f"{high - 1:g}") for low, high in pairwise(cuts)]
    middle = [low if low == high else f"{low} to {high}" for low, high in ends]
    return [f"below {cuts[0]:g}", *middle, f"{cuts[-1]:g} and more"]


def _text(value: object) -> str:
    return "" if isinstance(value, float) else str(value)


def _fitting(text: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    return next((name for name, found in groups.items() if any(fnmatchcase(text, one) for one in found)), "")


def _order(section: SubgroupSection, rule: PoolingSection) -> list[str]:
    if section.column == "split":
        return list(rule.splits)
    return cut_labels(section.cuts) if section.cuts else list(section.groups)


def _tests(pooled: pd.DataFrame) -> dict[str, float]:
    large, _ = tested(pooled)
    if large["group"].nunique() < 2:
        return {"p_welch": np.nan, "p_kruskal": np.nan}
    values, group = large["value"].to_numpy(float), large["group"].to_numpy()
    return {"p_welch": welch(groups_of(values, group)).p, "p_kruskal": kruskal_wallis(values, group).p}


def _trend(registry: pd.DataFrame, rule: PoolingSection, metric: str, section: SubgroupSection) -> tuple[float, float]:
    """Spearman's rank correlation of a study's figure with the number in the column; NaN of fewer than four studies."""
    if not section.cuts:
        return np.nan, np.nan
    pooled = pool(registry.assign(**{GROUP: "all"}), rule, metric, by=GROUP)
    numbers = registry.groupby("study_id")[section.column].first()
    x = pooled["study"].map(numbers).to_numpy(float)
    known = np.isfinite(x)
    if known.sum() < 4 or np.ptp(x[known]) == 0:
        return np.nan, np.nan
    found = stats.spearmanr(x[known], pooled["value"].to_numpy(float)[known])
    return float(found.statistic), float(found.pvalue)
