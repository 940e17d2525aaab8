"""Which cases the arms are compared on where blocks are missing.

Models of a partial cohort predict the cases that have their blocks, so two arms may predict different cases. They are
compared on cases that they share, and the role says which these are:

    out-of-fold, complete cases     cases with every block: all arms
    out-of-fold, cases with PET     cases with the blocks of one feature set: the arms that predict all of these
    out-of-fold, all cases          every case: the arms that predict all of them, late fusions among them
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from benchmark.plan import Plan
from benchmark.predictions import RECIPE


def by_case_set(predictions: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The predictions with the set of cases in their role, a row once for each set that it belongs to; unchanged if
    every case has every block. A set in which fewer than two arms stand, or without cases, is left out."""
    if not plan.cohort.partial or not len(predictions):
        return predictions
    recipe = predictions[["design", *RECIPE]].agg(tuple, axis=1)
    predicted: dict[tuple[str, ...], frozenset[str]] = dict(predictions["case"].groupby(recipe).agg(frozenset))
    parts = []
    for words, cases in _sets(plan):
        tested = {str(design): frozenset(rows["case"]) & cases for design, rows in predictions.groupby("design")}
        able = [key for key, found in predicted.items() if tested[key[0]] and tested[key[0]] <= found]
        here = predictions[recipe.isin(able) & predictions["case"].isin(cases)]
        if here[RECIPE].drop_duplicates().shape[0] > 1:
            parts.append(here.assign(role=here["role"] + ", " + words))
    return pd.concat(parts, ignore_index=True) if parts else predictions.iloc[:0]


def _sets(plan: Plan) -> Iterator[tuple[str, frozenset[str]]]:
    """The sets of cases, each once, under the first of the names that it could have."""
    cohort = plan.cohort
    sets = {unit.feature_set.name: unit.feature_set.blocks for unit in plan.units}
    blocks = tuple(dict.fromkeys(block for of_set in sets.values() for block in of_set))
    named = {"complete cases": frozenset(cohort.cases_with(blocks))}
    named |= {f"cases with {name}": frozenset(cohort.cases_with(of_set)) for name, of_set in sets.items()}
    named["all cases"] = frozenset(cohort.cases)
    seen: set[frozenset[str]] = set()
    for words, cases in named.items():
        if cases not in seen:
            seen.add(cases)
            yield words, cases
