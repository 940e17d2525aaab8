"""The audit of a cohort: everything that the statistics, tables and figures of a harmonization need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError, unknown
from benchmark.harmonization.objects import agreement_of_batches, crossed
from benchmark.harmonization.plan import BEFORE, AuditPlan
from benchmark.harmonization.prediction import BatchScores, batch_scores
from benchmark.harmonization.stages import ALL, HELD_OUT, Fold, audited_blocks, folds_of, on_all_cases
from benchmark.projection import check_projections, projections
from benchmark.readers.load import load_cohort
from benchmark.recipe import StepChoice
from benchmark.steps import STEPS
from benchmark.steps.batch_labels import BATCH_OF_COHORT, as_labels, batch_of
from benchmark.yaml_file import Path_


@dataclass(frozen=True, eq=False)
class Stage:
    """Values of the cases that have a label of one batch variable: ``rows`` says whether the harmonization saw them."""

    variable: str
    stage: str
    rows: str
    values: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Audit:
    """``labels`` per batch variable, of the cases in levels that are large enough; ``left_out``: the sizes of the other
    levels; ``objects`` per batch variable: the object of each case if objects and batches are crossed, else None."""

    cohort: Cohort
    blocks: tuple[str, ...]
    labels: dict[str, pd.Series]
    left_out: dict[str, dict[str, int]]
    objects: dict[str, pd.Series | None]
    stages: list[Stage] = field(default_factory=list)
    scores: list[BatchScores] = field(default_factory=list)
    projections: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)


def audit(plan: AuditPlan, on_done: Callable[[str], None] = lambda _: None) -> Audit:
    """Load the cohort and audit it. ``on_done`` is told what was finished. Raises ``ConfigError`` for what the file
    says wrongly, ``DataError`` for what the tables do not allow."""
    cohort = _cohort(plan)
    labels, left_out = {}, {}
    for variable in plan.section.batches:
        labels[variable], left_out[variable] = _labels(plan, cohort, variable)
    objects = {
        name: cohort.patient[one.index] if crossed(cohort.patient, one) else None for name, one in labels.items()
    }
    found = Audit(cohort, audited_blocks(plan.methods, cohort), labels, left_out, objects)
    whole = on_all_cases(plan.methods, cohort, seed=plan.seed)
    on_done("harmonized all cases")
    for variable, one in labels.items():
        found.stages.extend(Stage(variable, stage, ALL, values.loc[one.index]) for stage, values in whole.items())
        _held_out(plan, found, one)
        on_done(f"predicted {variable}")
    pictures = projections(whole, plan.section.projections, seed=plan.seed)
    on_done("projected")
    first = next(iter(labels.values()))
    return Audit(
        **{**vars(found), "projections": pictures, "agreement": agreement_of_batches(whole, cohort.patient, first)}
    )


def _held_out(plan: AuditPlan, found: Audit, labels: pd.Series) -> None:
    """The values of each stage over the folds of one batch variable, and the scores for its levels."""
    by_stage: dict[str, list[Fold]] = {}
    for fold in folds_of(plan.methods, found.cohort, labels, folds=plan.section.folds, seed=plan.seed):
        by_stage.setdefault(fold.stage, []).append(fold)
    for stage, folds in by_stage.items():
        found.scores.extend(
            batch_scores(folds, labels, classifier=name, seed=plan.seed) for name in plan.section.classifiers
        )
        if stage != BEFORE:
            values = pd.concat([fold.test for fold in folds]).loc[labels.index]
            found.stages.append(Stage(str(labels.name), stage, HELD_OUT, values))


def _cohort(plan: AuditPlan) -> Cohort:
    try:
        check_projections(plan.section.projections, "harmonization")
        cohort = load_cohort(plan.cohort, plan.file.path.parent, unlabelled=True)
        for method in plan.methods:
            for step in method.after:
                _check_step(step, cohort, ("preprocessings", method.name))
    except ConfigError as error:
        raise plan.file.locate(error) from None
    return cohort


def _check_step(step: StepChoice, cohort: Cohort, path: Path_) -> None:
    try:
        STEPS[step.name](**step.params).check_cohort(cohort)
    except ConfigError as error:
        raise ConfigError(str(error), path=path) from None


def _labels(plan: AuditPlan, cohort: Cohort, variable: str) -> tuple[pd.Series, dict[str, int]]:
    """The labels of cases in levels of ``least`` cases or more, and the sizes of the others."""
    column = batch_of(cohort, variable)
    if column is None:
        known = [*([BATCH_OF_COHORT] if cohort.batch is not None else []), *cohort.covariates.columns]
        message = unknown("batch variable", variable, known) if known else "the cohort has no batch: add cohort.batch"
        raise plan.file.locate(ConfigError(message, path=("harmonization", "batches")))
    there = column.dropna()
    labels = pd.Series(as_labels(there.to_numpy()), index=there.index, name=variable, dtype=object)
    sizes = labels.value_counts().sort_index()
    small = sizes[sizes < plan.section.least]
    kept = labels[~labels.isin(small.index)]
    if kept.nunique() < 2:
        told = ", ".join(f"'{name}': {n}" for name, n in sizes.items())
        raise DataError(
            f"batch variable '{variable}': fewer than 2 levels have {plan.section.least} cases or more ({told}). Two "
            "are needed to compare; see harmonization.least"
        )
    return kept, {str(name): int(n) for name, n in small.items()}


def about(plan: AuditPlan, found: Audit) -> dict[str, Any]:
    """What the tables and the page must know of the audit."""
    cohort = found.cohort
    return {
        "experiment": plan.name,
        "title": plan.title,
        "study": plan.study and plan.study.model_dump(exclude={"shape"}),
        "cohort": cohort.name,
        "n_cases": len(cohort.cases),
        "n_patients": int(cohort.patient.nunique()),
        "families": {name: cohort.block(name).family for name in found.blocks},
        "variables": {
            name: {"levels": labels.value_counts().sort_index().to_dict(), "left_out": found.left_out[name],
                   "crossed": found.objects[name] is not None}
            for name, labels in found.labels.items()
        },
        "methods": {method.name: [step.words() for step in method.after] for method in plan.methods},
        "before": [step.words() for step in plan.methods[0].before],
        "stages": [BEFORE, *(method.name for method in plan.methods)],
        "folds": plan.section.folds,
        "classifiers": list(plan.section.classifiers),
        "permutations": plan.section.permutations,
        "significance": plan.section.significance,
        "n_features": len({column for stage in found.stages for column in stage.values.columns}),
        "seed": plan.seed,
    }  # fmt: skip


def outcome_by_batch(found: Audit) -> dict[str, pd.DataFrame]:
    """Cases per level and class, of each batch variable; empty without an outcome."""
    if len(found.cohort.classes) < 2:
        return {}
    outcome = pd.Categorical(found.cohort.outcome, categories=list(found.cohort.classes))
    known = pd.Series(outcome, index=found.cohort.cases)
    return {name: pd.crosstab(labels, known[labels.index].astype(object)) for name, labels in found.labels.items()}


def codes_of(labels: pd.Series) -> np.ndarray:
    """(n_cases,) numbers of the levels in sorted order."""
    return pd.Categorical(labels).codes.astype(np.int64)
