"""One outer fold of one feature set and preprocessing, run for real by the runner, and two such runs compared."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmark.audit.perturb import PERTURBATIONS, flip_outcomes, forget_rows
from benchmark.audit.watch import Fit, watching
from benchmark.cohort import Cohort
from benchmark.plan import Tuning, make_plan
from benchmark.recipe import ClassifierChoice, FeatureSet, Preprocessing
from benchmark.runner import run
from benchmark.splits import Split, restrict
from benchmark.store import Record, Store

LAST_BIT = 1e-12
"""A product of fewer rows may be summed in another order; that alone moves the last bit of a prediction."""


@dataclass(frozen=True, eq=False)
class Spot:
    """Where the audit looks."""

    split: Split
    feature_set: FeatureSet
    preprocessing: Preprocessing
    classifiers: tuple[ClassifierChoice, ...]
    tuning: Tuning
    seed: int

    def __str__(self) -> str:
        fold = f"{self.split.design}, repeat {self.split.repeat}, fold {self.split.fold}"
        return f"{fold}, {self.feature_set.name}, {self.preprocessing.name}"


@dataclass(frozen=True, eq=False)
class Ran:
    """What came of a spot: the ``fits`` in order, the ``features`` that reached the classifiers, and the record of each
    classifier by name; or the ``failure`` of its steps."""

    test: pd.Index
    fits: Sequence[Fit]
    features: tuple[str, ...]
    models: Mapping[str, Record]
    failure: str = ""


def run_spot(cohort: Cohort, spot: Spot) -> Ran:
    """Run a spot in this process, with a store of its own that is thrown away."""
    plan = make_plan(
        cohort,
        [spot.split],
        [spot.feature_set],
        [spot.preprocessing],
        list(spot.classifiers),
        tuning=spot.tuning,
        seed=spot.seed,
    )
    unit = plan.units[0]
    with tempfile.TemporaryDirectory() as folder, watching() as fits:
        run(plan, Path(folder), workers=1)
        store = Store(Path(folder))
        steps = store.read(unit.steps_record) or Record(failure="the record of the steps is lost")
        records = {choice.name: store.read(name) for choice, name in zip(unit.classifiers, unit.records, strict=True)}
    models = {name: record for name, record in records.items() if record is not None}
    return Ran(unit.split.test, fits, tuple(steps.facts.get("features", ())), models, steps.failure)


def difference_when(code: str, cohort: Cohort, spot: Spot, before: Ran) -> str:
    """What a perturbation of held-out cases changes first in the fits of a spot, in words; empty if nothing.

    The cases of the first held-out patient keep their features, and their predictions must not move; their outcomes
    are flipped with the others'. Where a step is transductive by declaration, held-out rows depend on one another's
    features, and only flipped outcomes must leave their predictions alone.
    """
    test, perturb = spot.split.test, PERTURBATIONS[code]
    declared = bool(transductive_steps(spot.preprocessing))
    spared = _of_patient(cohort, test, test[0])
    if perturb is flip_outcomes:
        return difference(before, run_spot(flip_outcomes(cohort, test), spot), spared)
    if declared and perturb is forget_rows:  # enough of each batch must stay for the step to estimate it
        spared = test.difference(_of_patient(cohort, test, _in_largest_batch(cohort, test)))
    others = test.difference(spared)
    compared = spared[:0] if declared else spared
    if perturb is not forget_rows:
        return difference(before, run_spot(perturb(cohort, others), spot), compared)
    fewer = replace(spot, split=restrict(spot.split, cohort.cases.difference(others)))
    return difference(before, run_spot(forget_rows(cohort, others), fewer), compared, tolerance=LAST_BIT)


def transductive_steps(preprocessing: Preprocessing) -> list[str]:
    """The steps that are declared to estimate a batch unseen in training from its own rows."""
    return [choice.name for choice in preprocessing.steps if choice.params.get("unseen") == "own_rows"]


def _in_largest_batch(cohort: Cohort, cases: pd.Index) -> str:
    """A case of the batch that has most of them."""
    if cohort.batch is None:
        return str(cases[-1])
    batch = cohort.batch[cases]
    return str(batch.index[batch == batch.mode()[0]][-1])


def _of_patient(cohort: Cohort, cases: pd.Index, case: str) -> pd.Index:
    """Those of the cases that have the patient of one of them."""
    return cases[(cohort.patient[cases] == cohort.patient[case]).to_numpy()]


def difference(before: Ran, after: Ran, spared: pd.Index, *, tolerance: float = 0.0) -> str:
    """The first thing that differs, in the order in which it is made. ``tolerance``: of the predictions of ``spared``
    cases, relative; all else is compared bit for bit."""
    if before.failure != after.failure:
        return f"the steps fail: {after.failure or before.failure}"
    steps = [fit for fit in before.fits if fit.kind == "step"]
    again = [fit for fit in after.fits if fit.kind == "step"]
    for one, other in zip(steps, again, strict=False):
        if one.state != other.state:
            return f"step {one.what} learned something else from its {len(one.cases)} rows"
    if len(steps) != len(again):
        return f"{len(again)} steps were fitted instead of {len(steps)}"
    if before.features != after.features:
        odd = sorted(set(before.features) ^ set(after.features)) or list(after.features)
        return f"other features were selected: '{odd[0]}'"
    places = before.test.get_indexer(spared), after.test.get_indexer(spared)
    for name, record in before.models.items():
        changed = _model_difference(record, after.models.get(name, Record(failure="no record")), places, tolerance)
        if changed:
            return f"{name}: {changed}"
    return ""


def _model_difference(one: Record, other: Record, places: tuple[np.ndarray, np.ndarray], tolerance: float) -> str:
    if one.failure or other.failure:
        return "" if one.failure == other.failure else f"the model fails: {other.failure or one.failure}"
    if _trials(one) != _trials(other):
        return "other inner scores or hyperparameters"
    for side, words in (("inner", "inner predictions"), ("train", "predictions of training cases")):
        if not np.array_equal(one.arrays[side], other.arrays[side], equal_nan=True):
            return f"other {words}"
    test, again = one.arrays["test"][places[0]], other.arrays["test"][places[1]]
    if len(test) and not np.allclose(again, test, rtol=tolerance, atol=0, equal_nan=True):
        return f"the prediction of an untouched case moved by {np.max(np.abs(again - test)):.2g}"
    return ""


def _trials(record: Record) -> list[Any]:
    """The candidates with their scores, without how long they took, and which one won."""
    return [[trial[0], repr(trial[1])] for trial in record.facts["trials"]] + [record.facts["best"]]
