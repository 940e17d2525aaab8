"""The frames of a harmonization audit, from its values, scores and counts.

``effects``: one row per batch variable, stage, rows and feature; ``batches``: the same by family, and of all families
as ``all``; ``predictions``: one row per batch variable, stage and classifier; ``confounding``: one per batch variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.statistics.association import association
from benchmark.statistics.batch_effects import batch_effects, summarize
from benchmark.statistics.batch_prediction import batch_prediction

EVERY_FAMILY = "all"


@dataclass(frozen=True, eq=False)
class Measured:
    """``values`` (n_cases, n_features) of a stage; ``batch`` and ``objects`` as for ``batch_effects``; ``block`` and
    ``feature`` per column."""

    variable: str
    stage: str
    rows: str
    values: np.ndarray
    batch: np.ndarray
    objects: np.ndarray | None
    block: list[str]
    feature: list[str]


def effects_of(stages: list[Measured], families: Mapping[str, str]) -> pd.DataFrame:
    """``effects``. A feature with a missing value in some stage is left undefined there."""
    return pd.concat([_effects(one, families) for one in stages], ignore_index=True)


def batches_of(effects: pd.DataFrame, *, significance: float) -> pd.DataFrame:
    """``batches``."""
    rows = []
    for place, part in effects.groupby(["variable", "stage", "rows"], sort=False):
        families = list(part.groupby("family", sort=False))
        for family, of_family in [*families, *([(EVERY_FAMILY, part)] if len(families) > 1 else [])]:
            told = dict(zip(("variable", "stage", "rows"), place, strict=True))
            rows.append({**told, "family": family, **summarize(of_family, significance=significance)})
    return pd.DataFrame(rows)


def predictions_of(
    scores: list[tuple[tuple[str, str, str], np.ndarray, np.ndarray, np.ndarray]], *, permutations: int, seed: int
) -> pd.DataFrame:
    """``predictions``, from place (variable, stage, classifier), truth, scores and fold of each."""
    rows = []
    for place, truth, score, fold in scores:
        found = batch_prediction(truth, score, fold, permutations=permutations, seed=seed)
        rows.append({**dict(zip(("variable", "stage", "classifier"), place, strict=True)), **found})
    return pd.DataFrame(rows)


def confounding_of(counts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``confounding``, from the cases per level and class of each batch variable."""
    rows = []
    for variable, table in counts.items():
        found = association(table.to_numpy())
        rows.append({"variable": variable, "chi2": found.chi2, "df": found.df, "p": found.p, "v": found.v,
                     "confounded": found.confounded})  # fmt: skip
    return pd.DataFrame(rows)


def _effects(one: Measured, families: Mapping[str, str]) -> pd.DataFrame:
    whole = np.isfinite(one.values).all(axis=0)
    found = batch_effects(one.values[:, whole], one.batch, one.objects)
    found = found.set_axis(np.flatnonzero(whole)).reindex(range(len(whole)))
    place = {"variable": one.variable, "stage": one.stage, "rows": one.rows, "block": one.block,
             "family": [families[block] for block in one.block], "feature": one.feature}  # fmt: skip
    return pd.concat([pd.DataFrame(place), found], axis=1)
