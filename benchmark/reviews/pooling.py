"""From the registry to one number per study and family, by a rule that is declared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.reviews.registry import HIGH, IDENTITY, LEAVE_OUT, LOW
from benchmark.reviews.review_file import PoolingSection

POOLED = ["study", "group", "value", "split", "model", "models", "n_cases", "ci_low", "ci_high", "year"]
"""One row per study and group: the number that stands for it, from how many ``models`` it was taken, and on how many
cases it was measured (those of the test set where the registry has them, else all of the study)."""


def pool(registry: pd.DataFrame, rule: PoolingSection, metric: str, *, by: str = "family") -> pd.DataFrame:
    """The table ``POOLED`` of a metric, a group for each value of the column ``by`` (a family: as joined by the rule).
    Rows without a group are left out."""
    rows = usable(registry, rule, metric)
    rows = rows.assign(group=rows["pooled_family"] if by == "family" else rows[by])
    rows = rows[rows["group"].notna() & (rows["group"] != "")]
    rank = rows["split"].map({name: place for place, name in enumerate(rule.splits)})
    if rule.take == "first_split":
        rows = rows[rank == rank.groupby([rows["study_id"], rows["group"]]).transform("min")]
    groups = rows.groupby(["study_id", "group"], sort=False)
    chosen = rows.loc[groups["value"].idxmax()] if rule.model == "best" else groups.head(1)
    keys = pd.MultiIndex.from_frame(chosen[["study_id", "group"]])
    values = groups["value"].mean().reindex(keys).to_numpy() if rule.model == "mean" else chosen["value"].to_numpy()
    several = groups.size().reindex(keys).to_numpy()
    alone = (rule.model != "mean") | (several == 1)
    found = pd.DataFrame(
        {
            "study": chosen["study_id"].to_numpy(),
            "group": chosen["group"].to_numpy(),
            "value": values,
            "split": chosen["split"].to_numpy(),
            "model": np.where(alone, chosen["model"], "mean of several"),
            "models": several,
            "n_cases": cases_of(chosen),
            "ci_low": np.where(alone, chosen["ci_low"], np.nan),
            "ci_high": np.where(alone, chosen["ci_high"], np.nan),
            "year": chosen["year"].to_numpy(),
        },
        columns=POOLED,
    )
    return _ordered(found, list(rule.families) if by == "family" else [])


def usable(registry: pd.DataFrame, rule: PoolingSection, metric: str) -> pd.DataFrame:
    """The rows of a metric that the rule admits, ranges made to one row, with their ``pooled_family``."""
    family = {one: name for name, parts in rule.families.items() for one in parts}
    rows = registry[(registry["metric"] == metric) & registry["value"].notna()]
    rows = rows.assign(pooled_family=rows["family"].map(family))
    kept = rows["pooled_family"].notna() & rows["split"].isin(rule.splits) & rows["endpoint_type"].isin(rule.endpoints)
    if rule.flagged == "leave_out":
        kept &= ~_flagged(rows, LEAVE_OUT)
    return _without_ranges(rows[kept], rule.ranges)


def cases_of(rows: pd.DataFrame) -> np.ndarray:
    """On how many cases a figure was measured: ``n_test`` unless it is of training or cross-validated, else
    ``n_total``; NaN where the registry does not say."""
    apart = rows["split"].isin(["external", "test", "internal"])
    return np.where(apart & rows["n_test"].notna(), rows["n_test"], rows["n_total"]).astype(float)


def _without_ranges(rows: pd.DataFrame, ranges: str) -> pd.DataFrame:
    low, high = _flagged(rows, LOW), _flagged(rows, HIGH)
    if ranges == "low":
        return rows[~high]
    if ranges == "high":
        return rows[~low]
    middle = rows[low | high].groupby(list(IDENTITY), sort=False)["value"].transform("mean")
    return rows.assign(value=middle.reindex(rows.index).fillna(rows["value"]))[~high]


def _flagged(rows: pd.DataFrame, flag: str) -> pd.Series:
    return rows["flags"].map(lambda flags: flag in flags).astype(bool)


def _ordered(pooled: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Groups as declared, studies as the registry has them."""
    place = {name: number for number, name in enumerate(groups)}
    order = pooled["group"].map(lambda name: place.get(name, 0)).to_numpy()
    return pooled.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
