"""From finished work to the tables at the waist, with the arms that are chosen inside.

Only complete recipes enter: a recipe with a failed or unfinished fold is in ``failures`` or ``unfinished``, never
averaged over what is left.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmark.cohort import Cohort
from benchmark.frame import block_of, feature_of
from benchmark.plan import Plan, Unit
from benchmark.predictions import (
    CHOSEN_INSIDE,
    FAILURES,
    POLICIES,
    PREDICTIONS,
    SELECTIONS,
    TIMINGS,
    TRAINING_PREDICTIONS,
    TRIALS,
    check_predictions,
    score_column,
)
from benchmark.splits import Split
from benchmark.store import Record, Store

RecipeKey = tuple[str, str, str, str]
"""design, feature set, preprocessing, classifier"""


@dataclass(frozen=True)
class Waist:
    """The tables of a run, columns as in ``benchmark.predictions``. ``unfinished``: how many models are missing yet."""

    predictions: pd.DataFrame
    training_predictions: pd.DataFrame
    trials: pd.DataFrame
    selections: pd.DataFrame
    timings: pd.DataFrame
    policies: pd.DataFrame
    failures: pd.DataFrame
    unfinished: int


@dataclass(frozen=True)
class Model:
    """One fitted model at its place."""

    split: Split
    record: Record


@dataclass
class _Found:
    """What has been read from the store so far."""

    models: dict[RecipeKey, list[Model]] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    selections: list[dict[str, Any]] = field(default_factory=list)
    timings: list[dict[str, Any]] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)
    unfinished: int = 0


def collect(plan: Plan, store: Store) -> Waist:
    """Read the finished work of a plan and lay it out as tables."""
    found = _Found()
    for unit in plan.units:
        _read_unit(found, unit, store)
    n_splits = Counter(unit.split.design for unit in {id(unit.split): unit for unit in plan.units}.values())
    complete = {key: models for key, models in found.models.items() if len(models) == n_splits[key[0]]}
    arms = _chosen_inside(complete, found.models)
    tables = {**complete, **arms}
    order = _order(plan)
    ranked = sorted(tables, key=lambda key: tuple(order[part][name] for part, name in enumerate(key)))
    waist = Waist(
        _predictions(plan.cohort, {key: tables[key] for key in ranked}),
        _training_predictions(plan.cohort, {key: tables[key] for key in ranked}),
        _trials({key: complete[key] for key in ranked if key in complete}),
        pd.DataFrame(found.selections, columns=SELECTIONS),
        pd.DataFrame(found.timings, columns=TIMINGS),
        pd.DataFrame(found.policies, columns=POLICIES),
        pd.DataFrame(found.failures, columns=FAILURES),
        found.unfinished,
    )
    if len(waist.predictions):
        check_predictions(waist.predictions)
    return waist


def _read_unit(found: _Found, unit: Unit, store: Store) -> None:
    place = {
        "design": unit.split.design, "feature_set": unit.feature_set.name, "preprocessing": unit.preprocessing.name,
        "repeat": unit.split.repeat, "fold": unit.split.fold,
    }  # fmt: skip
    steps = store.read(unit.steps_record)
    if steps is not None and not steps.failure:
        found.selections += [
            {**place, "block": block_of(column), "feature": feature_of(column)} for column in steps.facts["features"]
        ]
        found.policies += [{**place, **row} for row in steps.facts["policies"]]
        found.timings.append({**place, "classifier": "", "stage": "steps", "seconds": steps.facts["seconds"]})
    for choice, name in zip(unit.classifiers, unit.records, strict=True):
        record = store.read(name)
        if record is None:
            found.unfinished += 1
        elif record.failure:
            found.failures.append({**place, "classifier": choice.name, "reason": record.failure})
        else:
            key = (unit.split.design, unit.feature_set.name, unit.preprocessing.name, choice.name)
            found.models.setdefault(key, []).append(Model(unit.split, record))
            for stage in ("tuning", "refit"):
                seconds = record.facts[f"{stage}_seconds"]
                found.timings.append({**place, "classifier": choice.name, "stage": stage, "seconds": seconds})


def _chosen_inside(
    complete: Mapping[RecipeKey, list[Model]], models: Mapping[RecipeKey, list[Model]]
) -> dict[RecipeKey, list[Model]]:
    """The arms picked by the inner loop: the classifier within each preprocessing, and, where there are several
    preprocessings, the pair. Only recipes that are complete stand for election."""
    arms: dict[RecipeKey, list[Model]] = {}
    by_preprocessing = _group(complete, lambda key: (*key[:3], CHOSEN_INSIDE))
    by_feature_set = _group(complete, lambda key: (*key[:2], CHOSEN_INSIDE, CHOSEN_INSIDE))
    for arm, keys in {**by_preprocessing, **by_feature_set}.items():
        candidates = len({key[2] for key in keys}) if arm[2] == CHOSEN_INSIDE else len(keys)
        if candidates > 1:
            arms[arm] = [_best(fold) for fold in zip(*(complete[key] for key in keys), strict=True)]
    return arms


def _group(keys: Iterable[RecipeKey], arm_of: Callable[[RecipeKey], RecipeKey]) -> dict[RecipeKey, list[RecipeKey]]:
    groups: dict[RecipeKey, list[RecipeKey]] = {}
    for key in keys:
        groups.setdefault(arm_of(key), []).append(key)
    return groups


def _best(candidates: tuple[Model, ...]) -> Model:
    """The first of the highest inner score; all candidates stand at one split."""
    return max(candidates, key=lambda model: model.record.facts["score"])


def _predictions(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    parts = [
        _rows(cohort, key, model, model.split.test, model.record.arrays["test"], role=list(model.split.roles))
        for key, fitted in models.items()
        for model in fitted
    ]
    return _table(parts, [*PREDICTIONS, *map(score_column, cohort.classes)])


def _training_predictions(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    parts = [
        _rows(cohort, key, model, model.split.train, model.record.arrays[side], side=side)
        for key, fitted in models.items()
        for model in fitted
        for side in ("inner", "train")
    ]
    return _table(parts, [*TRAINING_PREDICTIONS, *map(score_column, cohort.classes)])


def _rows(
    cohort: Cohort, key: RecipeKey, model: Model, cases: pd.Index, scores: np.ndarray, **more: Any
) -> pd.DataFrame:
    design, feature_set, preprocessing, classifier = key
    return pd.DataFrame(
        {
            "design": design, "feature_set": feature_set, "preprocessing": preprocessing, "classifier": classifier,
            "repeat": model.split.repeat, "fold": model.split.fold, **more, "case": cases.to_numpy(),
            "patient": cohort.patient[cases].to_numpy(), "y_true": cohort.outcome[cases].to_numpy(),
            **{score_column(label): scores[:, code] for code, label in enumerate(cohort.classes)},
        }
    )  # fmt: skip


def _trials(models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    rows = []
    for (design, feature_set, preprocessing, classifier), fitted in models.items():
        for model in fitted:
            facts = model.record.facts
            for number, (params, score, seconds, _) in enumerate(facts["trials"]):
                rows.append(
                    (design, feature_set, preprocessing, classifier, model.split.repeat, model.split.fold, number + 1,
                     json.dumps(params, sort_keys=True), score, number == facts["best"], seconds)
                )  # fmt: skip
    return pd.DataFrame(rows, columns=TRIALS)


def _table(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def _order(plan: Plan) -> list[dict[str, int]]:
    """The place of each name in the experiment, for each part of a recipe's key; what is chosen inside comes last."""
    names: list[dict[str, None]] = [{}, {}, {}, {}]
    for unit in plan.units:
        names[0][unit.split.design] = names[1][unit.feature_set.name] = names[2][unit.preprocessing.name] = None
        names[3].update(dict.fromkeys(choice.name for choice in unit.classifiers))
    return [{name: number for number, name in enumerate([*part, CHOSEN_INSIDE])} for part in names]
