"""What the experiment asks to be told of its cohort: from the values at the waist to tidy tables. No model is involved.

The values are those of all cases, before any step, and the outcome is looked at: nothing of this may be used to choose
features or models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import ASSOCIATIONS_OF_RUN, BALANCE, BASELINE, UNIVARIATE
from benchmark.statistics.associations import associations
from benchmark.statistics.baseline import baseline
from benchmark.statistics.block_values import BlockValues, Categories, block_values
from benchmark.statistics.univariate_roc import univariate_roc

SIDES = ("train", "tune", "test", "internal", "external")
OUTCOME = "outcome"


def describe_cohort(
    run: Mapping[str, Any], cases: pd.DataFrame, values: pd.DataFrame, projections: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables ``baseline``, ``balance``, ``univariate`` and ``associations`` of ``benchmark.estimates``, and the
    ``projections`` with outcome and centre of each case. ``cases``, ``values`` and ``projections`` are those of
    ``benchmark.predictions``; ``run["describe"]`` says of which blocks."""
    asked, everyone = run.get("describe") or {}, cases[cases["design"] == ""]
    names = dict.fromkeys(_blocks_of(asked))
    blocks = {name: block_values(values, name, everyone["case"].tolist()) for name in names}
    classes = [str(label) for label in run.get("classes") or ()]
    outcome = _coded(everyone["y_true"], classes)
    seed = int(run.get("seed") or 0)
    described = [blocks[name] for name in asked.get("baseline") or ()]
    return {
        "baseline": baseline(described, outcome, seed=seed) if described else pd.DataFrame(columns=BASELINE),
        "balance": _balance(cases, everyone, described, outcome, seed),
        "univariate": _univariate(run, everyone, [blocks[name] for name in asked.get("univariate") or ()], outcome),
        "associations": _associations(asked, blocks, seed),
        "projections": projections.merge(everyone[["case", "y_true", "centre"]], on="case", how="left"),
    }


def _blocks_of(asked: Mapping[str, Any]) -> list[str]:
    pairs = [name for one in asked.get("associations") or () for name in (*one["of_blocks"], *one["with_blocks"])]
    return [*(asked.get("baseline") or ()), *(asked.get("univariate") or ()), *pairs]


def _coded(column: pd.Series, labels: Sequence[str]) -> Categories:
    return Categories(pd.Index(labels).get_indexer(pd.Index(column.astype(object))), tuple(labels))


def _balance(
    cases: pd.DataFrame, everyone: pd.DataFrame, blocks: Sequence[BlockValues], outcome: Categories, seed: int
) -> pd.DataFrame:
    """The outcome and the blocks on both sides of every design with one split."""
    parts = [pd.DataFrame(columns=BALANCE)]
    designs = cases[cases["design"] != ""]
    for design, part in designs.groupby("design", sort=False, observed=True) if blocks else ():
        side = everyone["case"].map(part.set_index("case")["side"])
        sides = _coded(side, [name for name in SIDES if (side == name).any()])
        first = BlockValues("", (OUTCOME,), categories={OUTCOME: outcome})
        parts.append(baseline([first, *blocks], sides, seed=seed).assign(design=design))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)[BALANCE]


def _univariate(
    run: Mapping[str, Any], everyone: pd.DataFrame, blocks: Sequence[BlockValues], outcome: Categories
) -> pd.DataFrame:
    if not blocks:
        return pd.DataFrame(columns=UNIVARIATE)
    patient = everyone["patient"]
    numbers = np.unique(patient.astype(str), return_inverse=True)[1] if patient.duplicated().any() else None
    level = float((run.get("statistics") or {}).get("level", 0.95))
    return univariate_roc(blocks, outcome.codes, outcome.labels, patient=numbers, level=level)


def _associations(asked: Mapping[str, Any], blocks: Mapping[str, BlockValues], seed: int) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=ASSOCIATIONS_OF_RUN)]
    for one in asked.get("associations") or ():
        of, others = ([blocks[name] for name in one[side]] for side in ("of_blocks", "with_blocks"))
        found = associations(of, others, method=one["method"], adjustment=one["adjust"], seed=seed)
        parts.append(found.assign(question=one["question"]))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)[ASSOCIATIONS_OF_RUN]
