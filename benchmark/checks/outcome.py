"""Checks of the outcome and of the roles."""

from __future__ import annotations

from collections.abc import Iterator

from benchmark.checks.finding import Finding, found
from benchmark.cohort import ROLES, Cohort
from benchmark.errors import first_of

RATIO = 10  # features per event


def rare_class(cohort: Cohort, *, folds: int) -> Iterator[Finding]:
    """RB060: a class with fewer patients than folds, among the training cases if there are roles."""
    training = cohort.outcome if cohort.role is None else cohort.outcome[cohort.role == "train"]
    for label in cohort.classes:
        n = cohort.patient[training.index[training == label]].nunique()
        if n < folds:
            yield found("RB060", "cohort", f"class '{label}' has {n} patients to train on, fewer than {folds} folds")


def events(cohort: Cohort) -> Iterator[Finding]:
    """RB061: more than ten features per case of the smallest class."""
    n = int(cohort.outcome.value_counts().min())
    many = [f"{name} {len(block.table.columns)}" for name, block in cohort.blocks.items()
            if len(block.table.columns) > RATIO * n]  # fmt: skip
    if many:
        yield found("RB061", "cohort", f"{n} cases in the smallest class, but features: {', '.join(many)}")


def roles(cohort: Cohort) -> Iterator[Finding]:
    """RB062: a role without some class. RB063: a patient with cases in several roles."""
    if cohort.role is None:
        return
    for role in ROLES:
        present = cohort.outcome[cohort.role == role]
        absent = [label for label in cohort.classes if label not in set(present)]
        if len(present) and absent:
            message = f"none of the {len(present)} cases with role {role} has class {', '.join(absent)}"
            yield found("RB062", "cohort", message)
    several = cohort.role.groupby(cohort.patient).nunique()
    shared = several.index[several > 1]
    if len(shared):
        yield found("RB063", "cohort", f"{first_of(shared)} patients have cases in several roles")
