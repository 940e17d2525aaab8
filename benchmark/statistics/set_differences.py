"""Does a model rank worse in another set of patients? The unpaired DeLong test of one model in two held-out sets.

Source: as ``delong``; sets must not share a patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of
from benchmark.estimates import FURTHER_TESTS
from benchmark.statistics.aucs import Aucs
from benchmark.statistics.delong import unpaired_test
from benchmark.statistics.discrimination import discriminate
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.settings import Settings

UNPAIRED = "unpaired delong"


def set_differences(every: Sequence[HeldOut], predictions: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Rows of ``FURTHER_TESTS`` if the test is asked for: each model in a set minus itself in a later one of the same
    design; p is adjusted within a pair of sets. ``DataError`` for patients in both."""
    if UNPAIRED not in settings.tests:
        return pd.DataFrame(columns=FURTHER_TESTS)
    tables = [
        _rows(first, second, settings)
        for first, second in combinations(every, 2)
        if first.design == second.design and _apart(first, second, predictions)
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=FURTHER_TESTS)


def _apart(first: HeldOut, second: HeldOut, predictions: pd.DataFrame) -> bool:
    both = set.intersection(*(patients_of(held, predictions) for held in (first, second)))
    if both:
        sets = f"{first.role} and {second.role}"
        raise DataError(f"test '{UNPAIRED}' of {sets}: patients in both sets: {first_of(sorted(both))}")
    return True


def patients_of(held: HeldOut, predictions: pd.DataFrame) -> set[str]:
    """The names of the patients of a set."""
    own = (predictions["design"] == held.design) & (predictions["role"] == held.role)
    return set(predictions.loc[own.to_numpy(bool), "patient"].astype(str))


def _rows(first: HeldOut, second: HeldOut, settings: Settings) -> pd.DataFrame:
    here, there = (discriminate(held).by_measure["auc"] for held in (first, second))
    common = [recipe for recipe in first.recipes if recipe in second.recipes]
    pairs = [(first.recipes.index(recipe), second.recipes.index(recipe)) for recipe in common]
    tests = [unpaired_test(_one(here, i), _one(there, j), level=settings.level) for i, j in pairs]
    told = pd.DataFrame([vars(test) for test in tests]).assign(
        design=first.design,
        role=first.role,
        test=UNPAIRED,
        measure="auc",
        first=[first.labels[i] for i, _ in pairs],
        second=[f"{second.labels[j]}, {second.role} cases" for _, j in pairs],
        level=settings.level,
        adjustment=settings.adjustment,
        caution="",
        method=f"{first.role} minus {second.role} cases, Student's t",
    )
    return told.assign(p_adjusted=adjust(told["p"].to_numpy(float), settings.adjustment))[FURTHER_TESTS]


def _one(aucs: Aucs, place: int) -> Aucs:
    estimate, contributions = np.array([aucs.estimate[place]]), aucs.contributions[:, [place]]
    return Aucs(estimate, contributions, aucs.method, independent=aucs.n_units)
