"""Splits: who trains and who is tested, as case names. Made once, shared by every recipe, written to ``splits.csv``.

A patient is never on both sides. Splits depend on the cohort's cases, outcome and patients, the design and the
experiment's seed, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError, first_of
from benchmark.seeds import seed_for

SharedPatients = Literal["error", "drop_training"]
Kind = Literal["kfold", "holdout", "roles", "leave_one_centre_out"]


@dataclass(frozen=True)
class Design:
    """How cases are split. ``folds``, ``repeats``: of ``kfold`` (``holdout`` may repeat too); ``test_size``: the share
    tested by ``holdout``; ``inner_folds``: of the tuning within the training rows. ``shared_patients``: what ``roles``
    and ``leave_one_centre_out`` do with a patient on both sides: ``error``, or ``drop_training`` leaves the patient's
    rows out of training."""

    name: str
    kind: Kind
    folds: int = 5
    repeats: int = 1
    test_size: float = 0.3
    inner_folds: int = 3
    shared_patients: SharedPatients = "error"


@dataclass(frozen=True, eq=False)
class Split:
    """One division of the cases, by name. ``roles``: of each tested case. ``inner``: (train, valid) pairs that divide
    the training cases."""

    design: str
    repeat: int
    fold: str
    train: pd.Index
    test: pd.Index
    roles: tuple[str, ...]
    inner: tuple[tuple[pd.Index, pd.Index], ...]


def make_splits(cohort: Cohort, design: Design, *, seed: int) -> list[Split]:
    """All splits of a design. Raises ``ConfigError`` if the cohort cannot be split that way."""
    makers = {"kfold": _kfold, "holdout": _holdout, "roles": _roles, "leave_one_centre_out": _leave_one_centre_out}
    splits = []
    for repeat, fold, train, test, roles in makers[design.kind](cohort, design, seed):
        _check_training(cohort, design, fold, train)
        inner_seed = seed_for(seed, cohort.name, design.name, repeat, fold, "inner")
        inner = tuple(_folds(cohort, train, design.inner_folds, inner_seed, f"inner folds of {design.name}"))
        splits.append(Split(design.name, repeat, fold, train, test, roles, inner))
    return splits


def splits_table(splits: list[Split]) -> pd.DataFrame:
    """One row per split and case: design, repeat, fold, case, side, role (of tested cases) and inner fold (of training
    cases, numbered from 1)."""
    parts = []
    for split in splits:
        inner = pd.Series(0, index=split.train)
        for number, (_, valid) in enumerate(split.inner, start=1):
            inner[valid] = number
        for side, cases, roles in (("train", split.train, "train"), ("test", split.test, split.roles)):
            parts.append(
                pd.DataFrame(
                    {
                        "design": split.design, "repeat": split.repeat, "fold": split.fold, "case": cases,
                        "side": side, "role": roles, "inner_fold": inner[cases].to_numpy() if side == "train" else 0,
                    }
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


Division = tuple[int, str, pd.Index, pd.Index, tuple[str, ...]]


def _kfold(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    for repeat in range(1, design.repeats + 1):
        repeat_seed = seed_for(seed, cohort.name, design.name, repeat)
        folds = _folds(cohort, cohort.cases, design.folds, repeat_seed, f"folds of {design.name}")
        for fold, (train, test) in enumerate(folds, start=1):
            yield repeat, str(fold), train, test, ("out-of-fold",) * len(test)


def _holdout(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    for repeat in range(1, design.repeats + 1):
        repeat_seed = seed_for(seed, cohort.name, design.name, repeat)
        train, test = _divide(cohort, design, repeat_seed)
        yield repeat, "1", train, test, ("test",) * len(test)


def _roles(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    if cohort.role is None:
        raise ConfigError("splits of kind 'roles' need cohort.role (train, internal, external): none is declared")
    train = cohort.cases[cohort.role == "train"]
    test = cohort.cases[cohort.role.isin(["internal", "external"])]
    for what, cases in (("train", train), ("internal or external", test)):
        if len(cases) == 0:
            found = ", ".join(sorted(cohort.role.unique()))
            raise ConfigError(f"splits of kind 'roles': no case has the role {what}. Found: {found}")
    train = _without_tested_patients(cohort, design, train, test, "roles")
    yield 1, "1", train, test, tuple(cohort.role[test])


def _leave_one_centre_out(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    if cohort.batch is None:
        raise ConfigError("splits of kind 'leave_one_centre_out' need cohort.batch (the centre): none is declared")
    centres = sorted(cohort.batch.unique())
    if len(centres) < 2:
        raise ConfigError(f"splits of kind 'leave_one_centre_out' need two centres or more, found only '{centres[0]}'")
    for centre in centres:
        here = (cohort.batch == centre).to_numpy()
        train, test = cohort.cases[~here], cohort.cases[here]
        train = _without_tested_patients(cohort, design, train, test, f"centre {centre} and the others")
        yield 1, str(centre), train, test, ("out-of-fold",) * len(test)


def _folds(cohort: Cohort, cases: pd.Index, k: int, seed: int, what: str) -> Iterator[tuple[pd.Index, pd.Index]]:
    """Stratified k-fold over the cases, patients kept together."""
    y, groups = cohort.codes[cases].to_numpy(), cohort.patient[cases].to_numpy()
    for code, label in enumerate(cohort.classes):
        count = len(np.unique(groups[y == code]))
        if count < k:
            owners = "patients" if cohort.grouped else "cases"
            raise ConfigError(f"{what}: class '{label}' has {count} {owners}, fewer than the {k} folds")
    splitter = (StratifiedGroupKFold if cohort.grouped else StratifiedKFold)(k, shuffle=True, random_state=seed)
    for train, test in splitter.split(np.zeros(len(y)), y, groups if cohort.grouped else None):
        yield cases[train], cases[test]


def _divide(cohort: Cohort, design: Design, seed: int) -> tuple[pd.Index, pd.Index]:
    """A stratified hold-out; with several cases per patient, the fold of a grouped k-fold nearest to the size asked."""
    cases, y = cohort.cases, cohort.codes.to_numpy()
    if cohort.grouped:
        k = max(2, round(1 / design.test_size))
        return next(_folds(cohort, cases, k, seed, f"hold-out of {design.name}"))
    try:
        splitter = StratifiedShuffleSplit(1, test_size=design.test_size, random_state=seed)
        train, test = next(splitter.split(np.zeros(len(y)), y))
    except ValueError as error:
        raise ConfigError(f"hold-out of {design.name}: {error}") from error
    return cases[np.sort(train)], cases[np.sort(test)]


def _check_training(cohort: Cohort, design: Design, fold: str, train: pd.Index) -> None:
    found = cohort.outcome[train].value_counts()
    for label in cohort.classes:
        if found.get(label, 0) < design.inner_folds:
            raise ConfigError(
                f"{design.name}, fold {fold}: {found.get(label, 0)} training cases of class '{label}', fewer than the "
                f"{design.inner_folds} inner folds"
            )


def _without_tested_patients(cohort: Cohort, design: Design, train: pd.Index, test: pd.Index, what: str) -> pd.Index:
    both = sorted(set(cohort.patient[train]) & set(cohort.patient[test]))
    if both and design.shared_patients == "error":
        raise DataError(
            f"patients on both sides of {what}: {first_of(both)}. Set shared_patients: drop_training in splits to "
            "leave their rows out of training"
        )
    return train[~cohort.patient[train].isin(both).to_numpy()]
