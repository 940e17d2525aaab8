"""The runner: the only place that fits.

A unit of work is (split, feature set, preprocessing). Its steps are fitted once on the outer training rows and once per
inner fold; every classifier and every trial starts from those matrices. Each finished (unit, classifier) is one
record of the store.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from benchmark import classifiers, executors, tuning
from benchmark.cohort import Cohort
from benchmark.errors import BenchmarkError
from benchmark.recipe import (
    ClassifierChoice,
    FeatureSet,
    Preprocessing,
    Recipe,
    build_classifier,
    build_steps,
    skip_reason,
    steps_key,
)
from benchmark.seeds import seed_for
from benchmark.splits import Split
from benchmark.store import Record, Store, key_of, source_hash, versions
from benchmark.tuning import InnerFold, SamplerName


@dataclass(frozen=True)
class Tuning:
    """``trials`` candidates per classifier and outer training set, on ``inner_folds`` folds, drawn by ``sampler``."""

    trials: int = 20
    inner_folds: int = 3
    sampler: SamplerName = "tpe"


@dataclass(frozen=True)
class Unit:
    """A split with its feature set, preprocessing and classifiers, and the names of their records."""

    split: Split
    feature_set: FeatureSet
    preprocessing: Preprocessing
    classifiers: tuple[ClassifierChoice, ...]
    steps_record: str
    records: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Everything to be done: the cohort, the units (one per split, feature set and preprocessing), and what is left out
    with its reason."""

    cohort: Cohort
    units: tuple[Unit, ...]
    tuning: Tuning
    seed: int
    skipped: tuple[Mapping[str, str], ...]


def make_plan(
    cohort: Cohort,
    splits: Sequence[Split],
    feature_sets: Sequence[FeatureSet],
    preprocessings: Sequence[Preprocessing],
    choices: Sequence[ClassifierChoice],
    *,
    tuning: Tuning,
    seed: int,
) -> Plan:
    """The cross product, less the recipes that make no sense. Nothing is fitted."""
    n_train = max(len(split.train) for split in splits)
    divisions = [key_of(_split_content(split)) for split in splits]
    skipped, units = [], []
    for feature_set in feature_sets:
        content = cohort.fingerprint(feature_set.blocks)
        for preprocessing in preprocessings:
            reasons = {
                choice.name: skip_reason(Recipe(feature_set, preprocessing, choice), n_train) for choice in choices
            }
            kept = tuple(choice for choice in choices if reasons[choice.name] is None)
            skipped += [
                {"feature_set": feature_set.name, "preprocessing": preprocessing.name, "classifier": name,
                 "reason": reason}
                for name, reason in reasons.items()
                if reason is not None
            ]  # fmt: skip
            steps = steps_key(feature_set, preprocessing, cohort)
            for split, division in zip(splits, divisions, strict=True):
                names = (cohort.name, steps, split.design, str(split.repeat), split.fold)
                base = key_of(content, names, division, seed, versions(), source_hash())
                records = tuple(_record_name(base, choice, tuning) for choice in kept)
                units.append(Unit(split, feature_set, preprocessing, kept, base, records, names))
    return Plan(cohort, tuple(units), tuning, seed, tuple(skipped))


def run(
    plan: Plan, folder: Path, *, workers: int, retry_failed: bool = False, on_done: Callable[[int], None] | None = None
) -> None:
    """Do what is missing. ``on_done`` is told how many (unit, classifier) pairs each finished unit brings."""
    store = Store(folder)
    if retry_failed:
        _forget_failures(plan, store)
    missing: dict[str, int] = {}
    for number, unit in enumerate(plan.units):
        if not all(map(store.has, (unit.steps_record, *unit.records))):
            missing.setdefault(unit.steps_record, number)
        elif on_done:
            on_done(len(unit.records))
    # The widest units first, so that no worker is left with a long one at the end
    order = sorted(missing.values(), key=lambda number: -_width(plan, plan.units[number]))
    twins = pd.Series([unit.steps_record for unit in plan.units]).value_counts()
    for number, death in executors.run_units(
        _run_unit_number, order, workers=workers, start=_start, args=(plan, folder)
    ):
        unit = plan.units[number]
        if death:
            _record_death(unit, store, death)
        if on_done:
            on_done(len(unit.records) * int(twins[unit.steps_record]))


_PLAN: list[tuple[Plan, Store]] = []  # of this process: set once by _start, read by its units


def _start(plan: Plan, folder: Path) -> None:
    _PLAN[:] = [(plan, Store(folder))]


def _run_unit_number(number: int) -> None:
    plan, store = _PLAN[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence and deprecation notes of single fits, thousands of them
        run_unit(plan, plan.units[number], store)


def run_unit(plan: Plan, unit: Unit, store: Store) -> None:
    """Fit the steps of a unit, then each of its classifiers that has no record yet."""
    missing = [
        (choice, record)
        for choice, record in zip(unit.classifiers, unit.records, strict=True)
        if not store.has(record)
    ]
    if not missing and store.has(unit.steps_record):
        return
    try:
        matrices, facts = _fit_steps(plan, unit)
    except Exception as error:  # the reason goes into failures.csv; the other units go on
        failure = f"steps: {_reason(error)}"
        store.write(unit.steps_record, Record(failure=failure))
        for _, record in missing:
            store.write(record, Record(failure=failure))
        return
    store.write(unit.steps_record, Record(facts=facts))
    for choice, record in missing:
        try:
            result = _fit_classifier(plan, unit, choice, matrices)
        except Exception as error:
            result = Record(failure=_reason(error))
        store.write(record, result)


@dataclass(frozen=True)
class Matrices:
    """What the steps of a unit give: the inner folds, and the outer training and test rows."""

    inner: tuple[InnerFold, ...]
    train: np.ndarray
    y_train: np.ndarray
    test: np.ndarray


def _fit_steps(plan: Plan, unit: Unit) -> tuple[Matrices, dict[str, Any]]:
    start = time.perf_counter()
    frame, codes = _frame(plan.cohort, unit.feature_set.blocks), plan.cohort.codes
    seed = seed_for(plan.seed, *unit.names)

    def fit(train: pd.Index, other: pd.Index) -> tuple[np.ndarray, np.ndarray, np.ndarray, Any]:
        steps = build_steps(unit.feature_set, unit.preprocessing, plan.cohort, seed=seed)
        y = codes[train].to_numpy()
        return steps.fit_transform(frame.loc[train], y), y, steps.transform(frame.loc[other]), steps

    train, y_train, test, steps = fit(unit.split.train, unit.split.test)
    inner = []
    for head, tail in unit.split.inner:
        head_values, head_y, tail_values, _ = fit(head, tail)
        positions = unit.split.train.get_indexer(tail)
        inner.append(InnerFold(head_values, head_y, tail_values, codes[tail].to_numpy(), positions))
    facts = {"features": list(steps[-1].columns_), "seconds": time.perf_counter() - start}
    return Matrices(tuple(inner), train, y_train, test), facts


def _fit_classifier(plan: Plan, unit: Unit, choice: ClassifierChoice, matrices: Matrices) -> Record:
    seed = seed_for(plan.seed, *unit.names, choice.name)
    n_classes = len(plan.cohort.classes)

    def build(params: Mapping[str, Any]) -> BaseEstimator:
        return build_classifier(choice, seed=seed, n_classes=n_classes, params=params)

    start = time.perf_counter()
    found = tuning.search(
        build,
        classifiers.space_of(choice.name, choice.params),
        matrices.inner,
        n_trials=plan.tuning.trials,
        n_classes=n_classes,
        seed=seed,
        sampler=plan.tuning.sampler,
    )
    tuned = time.perf_counter()
    estimator = build(found.params).fit(matrices.train, matrices.y_train)
    arrays = {
        "test": tuning.probabilities(estimator, matrices.test, n_classes),
        "train": tuning.probabilities(estimator, matrices.train, n_classes),
        "inner": found.inner_scores,
    }
    if not np.isfinite(arrays["test"]).all():
        return Record(failure="the predicted probabilities are not finite")
    facts = {
        "trials": [[dict(trial.params), trial.score, trial.seconds, trial.failure] for trial in found.trials],
        "best": found.best,
        "score": found.score,
        "tuning_seconds": tuned - start,
        "refit_seconds": time.perf_counter() - tuned,
    }
    return Record(arrays, facts)


@lru_cache(maxsize=2)
def _frame(cohort: Cohort, blocks: tuple[str, ...]) -> pd.DataFrame:
    return cohort.frame(blocks, covariates=cohort.covariates.columns)


def _split_content(split: Split) -> list[Any]:
    inner = [[list(train), list(valid)] for train, valid in split.inner]
    return [list(split.train), list(split.test), inner]


def _record_name(base: str, choice: ClassifierChoice, tuning: Tuning) -> str:
    space = repr(sorted(classifiers.space_of(choice.name, choice.params).items()))
    return key_of(base, choice.name, choice.params, choice.class_weight, tuning.trials, tuning.sampler, space)


def _width(plan: Plan, unit: Unit) -> int:
    return sum(plan.cohort.block(name).table.shape[1] for name in unit.feature_set.blocks)


def _forget_failures(plan: Plan, store: Store) -> None:
    for unit in plan.units:
        for name in (unit.steps_record, *unit.records):
            record = store.read(name) if store.has(name) else None
            if record is not None and record.failure:
                store.forget(name)


def _record_death(unit: Unit, store: Store, death: str) -> None:
    for name in (unit.steps_record, *unit.records):
        if not store.has(name):
            store.write(name, Record(failure=death))


def _reason(error: Exception) -> str:
    kind = "" if isinstance(error, BenchmarkError) else f"{type(error).__name__}: "
    return kind + " ".join(str(error).split())[:500]
