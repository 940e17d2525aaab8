"""The runner: the only place that fits.

A unit of work is (split, feature set, preprocessing). Its steps are fitted once on the outer training rows and once per
inner fold; every classifier and every trial starts from those matrices. Each finished (unit, classifier) is one
record of the store.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from benchmark import classifiers, executors, tuning
from benchmark.cohort import Cohort
from benchmark.errors import BenchmarkError
from benchmark.explain.attributions import attributions
from benchmark.explain.axes import axes_of
from benchmark.explain.coefficients import coefficients, intercepts
from benchmark.explain.unwrapped import unwrapped
from benchmark.plan import Plan, Unit
from benchmark.recipe import ClassifierChoice, build_classifier, build_steps
from benchmark.seeds import seed_for
from benchmark.splits import Split
from benchmark.steps.seen import fits_of
from benchmark.store import Record, Store
from benchmark.tuning import InnerFold

Task = tuple[int, int]
"""The number of a unit, and of its classifier; ``STEPS`` for the steps before them."""

STEPS = -1


def run(
    plan: Plan, folder: Path, *, workers: int, retry_failed: bool = False, on_done: Callable[[int], None] | None = None
) -> None:
    """Do what is missing. ``on_done`` is told how many more (unit, classifier) pairs are done."""
    store = Store(folder)
    if retry_failed:
        _forget_failures(plan, store)
    agenda = _Agenda(plan, store, on_done or (lambda count: None))
    job = executors.Job(_work, _start, (plan, folder), agenda.done)
    executors.run_tasks(job, agenda.first(), workers=workers)


class _Agenda:
    """What is to be done next: the steps of a unit, then its classifiers, the slowest first, then the next unit."""

    def __init__(self, plan: Plan, store: Store, on_done: Callable[[int], None]) -> None:
        self.plan, self.store, self.on_done = plan, store, on_done
        self.twins = Counter(unit.steps_record for unit in plan.work)
        self.left: dict[int, set[int]] = {}
        self.seconds: dict[str, float] = {}

    def first(self) -> list[Task]:
        """The units with something missing, once where several are one piece of work, the widest first."""
        finished, missing = 0, dict[str, int]()
        for number, unit in enumerate(self.plan.work):
            here = [place for place, record in enumerate(unit.records) if not self.store.has(record)]
            finished += len(unit.records) - len(here)
            if here or not self.store.has(unit.steps_record):
                missing.setdefault(unit.steps_record, number)
                self.left[number] = set(here)
        self.on_done(finished)
        order = sorted(missing.values(), key=lambda number: -_width(self.plan, self.plan.work[number]))
        return [(number, STEPS) for number in order]

    def done(self, task: Task, death: str) -> list[Task]:
        """What follows from a finished task."""
        number, place = task
        unit, left = self.plan.work[number], self.left[number]
        if death:
            self.store.write(unit.steps_record if place == STEPS else unit.records[place], Record(failure=death))
        steps = self.store.read(unit.steps_record)
        if steps is None or steps.failure:
            for missing in left:
                self.store.write(
                    unit.records[missing], Record(failure=steps.failure if steps else "the steps were lost")
                )
            self.on_done(len(left) * self.twins[unit.steps_record])
            left.clear()
            return []
        follow: list[Task] = []
        if place == STEPS:
            follow = [(number, classifier) for classifier in sorted(left, key=lambda c: -self._cost(unit, c))]
        else:
            self._learn_cost(unit, place)
            left.discard(place)
            self.on_done(self.twins[unit.steps_record])
        if not left:
            self.store.forget(matrices_record(unit))
        return follow

    def _cost(self, unit: Unit, place: int) -> float:
        return self.seconds.get(unit.classifiers[place].name, float("inf"))

    def _learn_cost(self, unit: Unit, place: int) -> None:
        record = self.store.read(unit.records[place])
        if record is not None and not record.failure:
            self.seconds[unit.classifiers[place].name] = record.facts["tuning_seconds"]


_PLAN: list[tuple[Plan, Store]] = []  # of this process: set once by _start, read by its tasks


def _start(plan: Plan, folder: Path) -> None:
    _PLAN[:] = [(plan, Store(folder))]


def _work(task: Task) -> None:
    plan, store = _PLAN[0]
    number, place = task
    unit = plan.work[number]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence and deprecation notes of single fits, thousands of them
        if place == STEPS:
            fit_unit_steps(plan, unit, store)
        else:
            fit_unit_classifier(plan, unit, unit.classifiers[place], unit.records[place], store)


def matrices_record(unit: Unit) -> str:
    """The record that holds what the steps of a unit give, while its classifiers are being fitted."""
    return f"{unit.steps_record}-matrices"


def fit_unit_steps(plan: Plan, unit: Unit, store: Store) -> None:
    """Fit the steps of a unit on its outer training rows and on each inner fold, and keep the matrices. A failure is
    kept with its reason: the other units go on."""
    try:
        matrices, told = _fit_steps(plan, unit)
    except Exception as error:
        store.write(unit.steps_record, Record(failure=f"steps: {_reason(error)}"))
        return
    store.write(matrices_record(unit), Record(matrices), compress=False)
    store.write(unit.steps_record, told)


def fit_unit_classifier(plan: Plan, unit: Unit, choice: ClassifierChoice, name: str, store: Store) -> None:
    """Tune and fit one classifier on the matrices of a unit, and keep its record or the reason why there is none."""
    matrices = store.read(matrices_record(unit))
    if matrices is None:  # a crash between the two: do the steps again
        fit_unit_steps(plan, unit, store)
        matrices = store.read(matrices_record(unit))
    try:
        if matrices is None:
            raise FileNotFoundError("the matrices of the steps cannot be read")
        result = _fit_classifier(plan, unit, choice, matrices.arrays)
    except Exception as error:
        result = Record(failure=_reason(error))
    store.write(name, result)


def _fit_steps(plan: Plan, unit: Unit) -> tuple[dict[str, np.ndarray], Record]:
    """The matrices by name: ``train``, ``test``, and ``train0``, ``test0`` ... of the inner folds; and the record of
    the steps."""
    start = time.perf_counter()
    frame, codes = _frame(plan.cohort, unit.feature_set.blocks), plan.cohort.codes
    seed = seed_for(plan.seed, *unit.names)
    matrices: dict[str, np.ndarray] = {}
    outer, fits = Record(), []
    sides = [("", unit.split.train, unit.split.test), *_inner(unit.split)]
    for inner_fold, (name, train, test) in enumerate(sides):
        steps = build_steps(unit.feature_set, unit.preprocessing, plan.cohort, seed=seed)
        matrices[f"train{name}"] = steps.fit_transform(frame.loc[train], codes[train].to_numpy())
        matrices[f"test{name}"] = steps.transform(frame.loc[test])
        fits += [{"inner_fold": inner_fold, **row} for row in fits_of(steps)]
        if not name:
            outer = _outer_record(steps, frame, train, test, drawn=unit.drawn)
    return matrices, replace(outer, facts={**outer.facts, "fits": fits, "seconds": time.perf_counter() - start})


def _outer_record(steps: Pipeline, frame: pd.DataFrame, train: pd.Index, test: pd.Index, *, drawn: bool) -> Record:
    """What the steps that were fitted on the outer training rows tell: features, policies, remarks and scores, and
    where models are ``drawn`` the units in which these are read."""
    scores: dict[str, list[np.ndarray]] = {"train": [], "test": []}
    columns: list[str] = []
    for number, (_, step) in enumerate(steps.steps, start=1):
        if hasattr(step, "training_scores_"):
            columns += step.score_columns
            scores["train"].append(step.training_scores_.to_numpy())
            until_here = Pipeline(steps.steps[:number]).transform(frame.loc[test])
            scores["test"].append(until_here[step.score_columns].to_numpy())
    facts = {
        "features": list(steps[-1].columns_),
        "policies": _policies(steps, frame, train=train, test=test),
        "remarks": _remarks(steps),
        "scores": columns,
        "axes": [asdict(axis) for axis in axes_of(steps, frame.loc[train])] if drawn else [],
    }
    return Record({f"scores_{side}": np.hstack(parts) for side, parts in scores.items() if parts}, facts)


def _policies(steps: Pipeline, frame: pd.DataFrame, **sides: pd.Index) -> list[dict[str, Any]]:
    """How many rows of each side and batch went which way, in each step that has policies."""
    return [
        {"step": name.partition(" ")[2], "side": side, **row}
        for name, step in steps.steps
        if hasattr(step, "policy_counts")
        for side, cases in sides.items()
        for row in step.policy_counts(frame.loc[cases]).to_dict("records")
    ]


def _remarks(steps: Pipeline) -> list[dict[str, str]]:
    """What the steps have to tell of their fit."""
    return [
        {"step": name.partition(" ")[2] or name, "remark": remark}
        for name, step in steps.steps
        for remark in getattr(step, "remarks_", ())
    ]


def _told_by(choice: ClassifierChoice, estimator: BaseEstimator) -> list[dict[str, str]]:
    """What the resampler and the classifier have to tell of their fit."""
    resampled = _remarks(estimator[:-1]) if isinstance(estimator, Pipeline) else []
    own = getattr(unwrapped(estimator), "remarks_", ())
    return [*resampled, *({"step": choice.name, "remark": remark} for remark in own)]


def _inner(split: Split) -> list[tuple[str, pd.Index, pd.Index]]:
    return [(str(number), train, valid) for number, (train, valid) in enumerate(split.inner)]


def _inner_folds(plan: Plan, unit: Unit, matrices: Mapping[str, np.ndarray]) -> list[InnerFold]:
    codes, validated = plan.cohort.codes, unit.split.validated
    return [
        InnerFold(
            matrices[f"train{name}"],
            codes[train].to_numpy(),
            matrices[f"test{name}"],
            codes[valid].to_numpy(),
            np.flatnonzero(validated.isin(valid)),
        )
        for name, train, valid in _inner(unit.split)
    ]


def _fit_classifier(plan: Plan, unit: Unit, choice: ClassifierChoice, matrices: Mapping[str, np.ndarray]) -> Record:
    seed = seed_for(plan.seed, *unit.names, choice.name)
    n_classes = len(plan.cohort.classes)

    def build(params: Mapping[str, Any]) -> BaseEstimator:
        return build_classifier(choice, unit.preprocessing, seed=seed, n_classes=n_classes, params=params)

    start = time.perf_counter()
    found = tuning.search(
        build,
        classifiers.space_of(choice.name, choice.params),
        _inner_folds(plan, unit, matrices),
        n_trials=plan.tuning.trials,
        n_classes=n_classes,
        seed=seed,
        sampler=plan.tuning.sampler,
        candidates=choice.try_first,
    )
    tuned = time.perf_counter()
    estimator = build(found.params).fit(matrices["train"], plan.cohort.codes[unit.split.train].to_numpy())
    arrays = {
        "test": tuning.probabilities(estimator, matrices["test"], n_classes),
        "train": tuning.probabilities(estimator, matrices["train"], n_classes),
        "inner": found.inner_scores,
    }
    told = _explained(plan, unit, choice, estimator, matrices, seed)
    if not np.isfinite(arrays["test"]).all():
        return Record(failure="the predicted probabilities are not finite")
    facts = {
        "trials": [[dict(trial.params), trial.score, trial.seconds, trial.failure] for trial in found.trials],
        "best": found.best,
        "score": found.score,
        "tuning_seconds": tuned - start,
        "refit_seconds": time.perf_counter() - tuned,
        "remarks": [*told.facts["remarks"], *_told_by(choice, estimator)],
    }
    return Record({**arrays, **told.arrays}, {**told.facts, **facts})


def _explained(
    plan: Plan,
    unit: Unit,
    choice: ClassifierChoice,
    estimator: BaseEstimator,
    matrices: Mapping[str, np.ndarray],
    seed: int,
) -> Record:
    """The coefficients of a linear model with the intercepts of its log-odds, and the SHAP values of tested rows (never
    those of the training) if they are asked for. What cannot be explained is a remark, and no reason to lose the
    model."""
    arrays: dict[str, np.ndarray] = {}
    facts: dict[str, Any] = {"remarks": [], "scale": ""}
    found = coefficients(estimator)
    if found is not None:
        arrays["coefficients"] = found
    starts = intercepts(estimator)
    if starts is not None:
        arrays["intercepts"] = starts
    if choice.name in plan.explain.shap and len(matrices["test"]) and not unit.split.apparent:
        try:
            told = attributions(estimator, matrices["train"], matrices["test"], n_classes=len(plan.cohort.classes),
                                background=plan.explain.background, seed=seed)  # fmt: skip
        except Exception as error:
            facts["remarks"].append({"step": choice.name, "remark": f"not explained: {_reason(error)}"})
        else:
            arrays |= {"shap": told.values, "shap_base": told.base, "shap_rows": matrices["test"]}
            facts["scale"] = told.scale
    return Record(arrays, facts)


@lru_cache(maxsize=2)
def _frame(cohort: Cohort, blocks: tuple[str, ...]) -> pd.DataFrame:
    return cohort.frame(blocks, covariates=cohort.covariates.columns)


def _width(plan: Plan, unit: Unit) -> int:
    return sum(plan.cohort.block(name).table.shape[1] for name in unit.feature_set.blocks)


def _forget_failures(plan: Plan, store: Store) -> None:
    for unit in plan.work:
        for name in (unit.steps_record, *unit.records):
            record = store.read(name) if store.has(name) else None
            if record is not None and record.failure:
                store.forget(name)


def _reason(error: Exception) -> str:
    kind = "" if isinstance(error, BenchmarkError) else f"{type(error).__name__}: "
    return kind + " ".join(str(error).split())[:500]
