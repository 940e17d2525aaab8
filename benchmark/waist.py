"""From finished work to the tables at the waist.

Only complete recipes enter: a recipe with a failed or unfinished fold is in ``failures`` or ``unfinished``, never
averaged over what is left.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmark.arms import Model, Models, RecipeKey, made_arms
from benchmark.case_sets import by_case_set
from benchmark.cohort import Cohort
from benchmark.correlations import correlations
from benchmark.explanations import attribution_rows, coefficient_rows, nomogram_rows
from benchmark.frame import block_of, feature_of
from benchmark.plan import Plan, Unit
from benchmark.predictions import (
    ALL_CASES,
    CENTRE,
    CHOSEN_INSIDE,
    FAILURES,
    FITS,
    FOLLOW_UP,
    FUSIONS,
    POLICIES,
    PREDICTIONS,
    REMARKS,
    SCORES,
    SELECTIONS,
    SUBGROUPS,
    TIMINGS,
    TRAINING_PREDICTIONS,
    TRIALS,
    check_predictions,
    score_column,
)
from benchmark.store import Record, Store


@dataclass(frozen=True)
class Waist:
    """The tables of a run, columns as in ``benchmark.predictions``. ``unfinished``: how many models are missing yet."""

    predictions: pd.DataFrame
    training_predictions: pd.DataFrame
    trials: pd.DataFrame
    selections: pd.DataFrame
    correlations: pd.DataFrame
    scores: pd.DataFrame
    coefficients: pd.DataFrame
    attributions: pd.DataFrame
    nomograms: pd.DataFrame
    timings: pd.DataFrame
    fusions: pd.DataFrame
    fits: pd.DataFrame
    policies: pd.DataFrame
    remarks: pd.DataFrame
    failures: pd.DataFrame
    follow_up: pd.DataFrame
    subgroups: pd.DataFrame
    unfinished: int


@dataclass
class _Found:
    """What has been read from the store so far."""

    models: Models = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    scores: list[pd.DataFrame] = field(default_factory=list)
    unfinished: int = 0

    def add(self, table: str, rows: list[dict[str, Any]], place: Mapping[str, Any]) -> None:
        self.rows.setdefault(table, []).extend({**place, **row} for row in rows)

    def table(self, name: str, columns: list[str]) -> pd.DataFrame:
        return pd.DataFrame(self.rows.get(name, []), columns=columns)


def collect(plan: Plan, store: Store) -> Waist:
    """Read the finished work of a plan and lay it out as tables."""
    found = _Found()
    for unit in plan.work:
        _read_unit(found, unit, plan.cohort, store)
    n_splits = Counter(split.design for split in plan.splits)
    complete = {key: models for key, models in found.models.items() if len(models) == n_splits[key[0]]}
    tables = {**complete, **made_arms(plan, complete)}
    order = _order(plan)
    ranked = {key: tables[key] for key in sorted(tables, key=lambda key: _rank(key, order))}
    selections = found.table("selections", SELECTIONS)
    nomograms, not_drawn = nomogram_rows(plan, store)
    waist = Waist(
        predictions=by_case_set(_predictions(plan.cohort, ranked), plan),
        training_predictions=_training_predictions(plan.cohort, ranked),
        trials=_trials({key: models for key, models in ranked.items() if key in complete}),
        selections=selections,
        correlations=correlations(plan.cohort, selections),
        scores=_table(found.scores, SCORES),
        coefficients=coefficient_rows(plan.cohort, ranked),
        attributions=attribution_rows(plan.cohort, {key: ranked[key] for key in ranked if key in complete}),
        nomograms=nomograms,
        timings=found.table("timings", TIMINGS),
        fusions=_fusions(ranked),
        fits=found.table("fits", FITS),
        policies=found.table("policies", POLICIES),
        remarks=_table([found.table("remarks", REMARKS), not_drawn], REMARKS),
        failures=found.table("failures", FAILURES),
        follow_up=_follow_up(plan.cohort),
        subgroups=_subgroups(plan.cohort),
        unfinished=found.unfinished,
    )
    if len(waist.predictions):
        check_predictions(waist.predictions)
    return waist


def _read_unit(found: _Found, unit: Unit, cohort: Cohort, store: Store) -> None:
    """What a unit left. Of one that was fitted on all cases, which is no part of any result, what it had to tell."""
    whole = unit.split.design == ALL_CASES
    place = {
        "design": unit.split.design, "feature_set": unit.feature_set.name, "preprocessing": unit.preprocessing.name,
        "repeat": unit.split.repeat, "fold": unit.split.fold,
    }  # fmt: skip
    steps = store.read(unit.steps_record)
    if steps is not None and not steps.failure:
        columns = steps.facts["features"]
        found.add("remarks", steps.facts["remarks"], place)
        found.add("timings", [{"classifier": "", "stage": "steps", "seconds": steps.facts["seconds"]}], place)
        if not whole:
            found.add("selections", [{"block": block_of(name), "feature": feature_of(name)} for name in columns], place)
            found.add("policies", steps.facts["policies"], place)
            found.add("fits", steps.facts["fits"], place)
            found.scores += _scores(unit, steps, cohort, place)
    features = tuple(steps.facts["features"]) if steps is not None and not steps.failure else ()
    for choice, name in zip(unit.classifiers, unit.records, strict=True):
        record = store.read(name)
        if record is None:
            found.unfinished += 1
        elif record.failure:
            found.add("failures", [{"classifier": choice.name, "reason": record.failure}], place)
        else:
            key = (unit.split.design, unit.feature_set.name, unit.preprocessing.name, choice.name)
            if not whole:
                found.models.setdefault(key, []).append(Model(unit.split, record, features))
            found.add("remarks", record.facts["remarks"], place)
            seconds = [{"classifier": choice.name, "stage": stage, "seconds": record.facts[f"{stage}_seconds"]}
                       for stage in ("tuning", "refit")]  # fmt: skip
            found.add("timings", seconds, place)


def _scores(unit: Unit, steps: Record, cohort: Cohort, place: Mapping[str, Any]) -> list[pd.DataFrame]:
    """The scores that a step of the unit made of its blocks, one row per case."""
    parts = []
    for side in ("test", "train"):
        cases = getattr(unit.split, side)
        for number, column in enumerate(steps.facts["scores"]):
            about = {
                **place,
                "side": side,
                "block": block_of(column),
                "name": feature_of(column),
                "score": steps.arrays[f"scores_{side}"][:, number],
            }
            parts.append(_of_cases(cohort, cases, about))
    return parts


def _predictions(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    centre = {} if cohort.batch is None else {CENTRE: cohort.batch}
    parts = []
    for key, fitted in models.items():
        for model in fitted:
            cases = model.split.test
            more = {name: column[cases].to_numpy() for name, column in centre.items()}
            parts.append(_rows(cohort, key, model, cases, "test", role=list(model.split.roles), **more))
    return _table(parts, [*PREDICTIONS, *centre, *map(score_column, cohort.classes)])


def _training_predictions(cohort: Cohort, models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    parts = [
        _rows(cohort, key, model, cases, side, side=side)
        for key, fitted in models.items()
        for model in fitted
        if len(model.record.arrays["train"])
        for side, cases in (("inner", model.split.validated), ("train", model.split.train))
    ]
    return _table(parts, [*TRAINING_PREDICTIONS, *map(score_column, cohort.classes)]).dropna(ignore_index=True)


def _rows(cohort: Cohort, key: RecipeKey, model: Model, cases: pd.Index, array: str, **more: Any) -> pd.DataFrame:
    design, feature_set, preprocessing, classifier = key
    scores = model.record.arrays[array]
    about = {
        "design": design, "feature_set": feature_set, "preprocessing": preprocessing, "classifier": classifier,
        "repeat": model.split.repeat, "fold": model.split.fold, **more,
        **{score_column(label): scores[:, code] for code, label in enumerate(cohort.classes)},
    }  # fmt: skip
    return _of_cases(cohort, cases, about)


def _of_cases(cohort: Cohort, cases: pd.Index, about: Mapping[str, Any]) -> pd.DataFrame:
    """One row per case with its patient and outcome."""
    who = {"case": cases.to_numpy(), "patient": cohort.patient[cases].to_numpy()}
    return pd.DataFrame({**about, **who, "y_true": cohort.outcome[cases].to_numpy()})


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


def _fusions(models: Mapping[RecipeKey, list[Model]]) -> pd.DataFrame:
    rows = []
    for key, fitted in models.items():
        for model in fitted:
            facts = model.record.facts
            for part, weight in facts.get("weights", {}).items():
                rows.append(
                    (*key, model.split.repeat, model.split.fold, part, weight, facts["score"], facts["apparent"])
                )
    return pd.DataFrame(rows, columns=FUSIONS)


def _follow_up(cohort: Cohort) -> pd.DataFrame:
    """Of the cases that have one."""
    if cohort.follow_up is None:
        return pd.DataFrame(columns=FOLLOW_UP)
    return cohort.follow_up.table.dropna().astype({"event": int}).reset_index(names="case")[FOLLOW_UP]


def _subgroups(cohort: Cohort) -> pd.DataFrame:
    levels = cohort.subgroups.astype(str)
    return levels.melt(var_name="subgroup", value_name="level", ignore_index=False).reset_index(names="case")[SUBGROUPS]


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
    names[1] |= dict.fromkeys([*(fusion.name for fusion in plan.arms.fusions), *plan.arms.imported])
    names[3] |= dict.fromkeys(ensemble.name for ensemble in plan.arms.ensembles)
    return [{name: number for number, name in enumerate([*part, CHOSEN_INSIDE])} for part in names]


def _rank(key: RecipeKey, order: list[dict[str, int]]) -> tuple[int, ...]:
    return tuple(order[part].get(name, -1) for part, name in enumerate(key))
