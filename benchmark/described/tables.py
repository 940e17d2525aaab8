"""The tables at the waist that describe the cohort: values as they were read, sides of the cases, pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmark.cohort import Block, Cohort
from benchmark.described.asked import Described
from benchmark.predictions import DESCRIBED_CASES, PROJECTIONS, VALUES
from benchmark.projection import projections
from benchmark.recipe import FeatureSet, Preprocessing, StepChoice, build_steps
from benchmark.splits import Split

Orders = Mapping[str, Mapping[str, Sequence[Any]]]

NUMBERS = Preprocessing("picture", (StepChoice("impute"), StepChoice("encode")))
"""What makes numbers of all features for a picture, learned from all cases; ``projections`` standardizes."""


def description_tables(
    described: Described, cohort: Cohort, splits: Sequence[Split], orders: Orders, *, seed: int
) -> dict[str, pd.DataFrame]:
    """``values``, ``cases`` and ``projections`` as ``benchmark.predictions`` says. ``orders``: the levels of ordinal
    features by block, lowest first."""
    found = [_values(cohort.block(name), orders.get(name, {})) for name in described.blocks]
    return {
        "values": pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=VALUES),
        "cases": _cases(cohort, splits) if described.told() else pd.DataFrame(columns=DESCRIBED_CASES),
        "projections": _projections(described, cohort, seed),
    }


def _values(block: Block, orders: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """One row per feature and case, feature by feature."""
    names, n_cases = np.array(block.table.columns, object), len(block.table)
    kinds = np.array(["categorical" if name in block.categorical else "ordinal" if name in orders else "numeric"
                      for name in names], object)  # fmt: skip
    value, level = np.full((len(names), n_cases), np.nan), np.full((len(names), n_cases), None, object)
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        column = block.table[name]
        if kind == "categorical":
            level[place] = column.astype(object).where(column.notna(), None)
        else:
            value[place] = column.to_numpy(float)
        if kind == "ordinal":
            labels = dict(enumerate(map(str, orders[name])))
            level[place] = [labels.get(rank) for rank in value[place]]
    told = {
        "case": np.tile(block.table.index.to_numpy(object), len(names)),
        "block": block.name,
        "feature": np.repeat(names, n_cases),
        "kind": np.repeat(kinds, n_cases),
        "value": value.ravel(),
        "level": level.ravel(),
    }
    return pd.DataFrame(told, columns=VALUES)


def _cases(cohort: Cohort, splits: Sequence[Split]) -> pd.DataFrame:
    designs: dict[str, list[Split]] = {}
    for split in splits:
        designs.setdefault(split.design, []).append(split)
    parts = [pd.DataFrame({"design": "", "side": "", "case": cohort.cases})]
    for design, found in designs.items():
        if len(found) == 1:
            parts.append(_sides(found[0], design))
    table = pd.concat(parts, ignore_index=True)
    centre = None if cohort.batch is None else cohort.batch[table["case"]].to_numpy()
    told = {"patient": cohort.patient[table["case"]].to_numpy(), "y_true": cohort.outcome[table["case"]].to_numpy()}
    return table.assign(**told, centre=centre)[DESCRIBED_CASES]


def _sides(split: Split, design: str) -> pd.DataFrame:
    """The cases of the only split of a design; cases on which hyperparameters were chosen have a side of their own."""
    train = split.train
    tune = split.validated if len(split.inner) == 1 else train[:0]
    sides = dict.fromkeys(train, "train") | dict.fromkeys(tune, "tune")
    sides |= dict(zip(split.test, split.roles, strict=True))
    return pd.DataFrame({"design": design, "side": list(sides.values()), "case": list(sides)})


def _projections(described: Described, cohort: Cohort, seed: int) -> pd.DataFrame:
    """Pictures of the feature sets, one thread, so that they have the same bits everywhere."""
    if not described.projections:
        return pd.DataFrame(columns=PROJECTIONS)
    with threadpool_limits(1):
        numbers = {one.name: _numbers(one, cohort, seed) for one in described.shown}
        wide = {name: table for name, table in numbers.items() if table.shape[1] > 1}
        found = projections(wide, described.projections, seed=seed)
    return found.rename(columns={"stage": "feature_set"})[PROJECTIONS]


def _numbers(one: FeatureSet, cohort: Cohort, seed: int) -> pd.DataFrame:
    """The features of all cases that have the blocks, as numbers without gaps."""
    cases = cohort.cases_with(one.blocks)
    values = build_steps(one, NUMBERS, cohort, seed=seed).fit_transform(cohort.frame(one.blocks).loc[cases])
    return pd.DataFrame(values, index=cases)
