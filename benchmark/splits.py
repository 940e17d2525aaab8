"""Splits: who trains and who is tested, as case names. Made once, shared by every recipe, written to ``splits.csv``.

A patient is never on both sides. Splits depend on the cohort's cases, outcome and patients, the design and the
experiment's seed, and on nothing else.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit

from benchmark.cohort import Cohort
from benchmark.errors import ConfigError, DataError, first_of
from benchmark.predictions import ALL_CASES, APPARENT, OUT_OF_BAG, OUT_OF_FOLD
from benchmark.seeds import seed_for

SharedPatients = Literal["error", "drop_training"]
Kind = Literal["kfold", "holdout", "shuffle_split", "leave_one_out", "bootstrap", "roles", "leave_one_centre_out"]
RareClasses = Literal["error", "allow"]
Refit = Literal["train", "train_and_tune"]


@dataclass(frozen=True)
class Design:
    """How cases are split. ``folds``: of ``kfold``; ``repeats``: of ``kfold``, ``holdout`` and ``shuffle_split``, and
    the draws of ``bootstrap``; ``test_size``: the share tested by ``holdout`` and ``shuffle_split``; ``inner_folds``:
    of the tuning within the training rows. ``shared_patients``: what ``roles`` and ``leave_one_centre_out`` do with a
    patient on both sides: ``error``, or ``drop_training`` leaves the patient's rows out of training.
    ``rare_classes``: whether a class may have fewer cases than there are folds, so that some folds lack it.
    ``refit``: whether the model that is tested by ``roles`` was fitted on the tuning cases too."""

    name: str
    kind: Kind
    folds: int = 5
    repeats: int = 1
    test_size: float = 0.3
    inner_folds: int = 3
    shared_patients: SharedPatients = "error"
    rare_classes: RareClasses = "error"
    refit: Refit = "train_and_tune"


@dataclass(frozen=True, eq=False)
class Split:
    """One division of the cases, by name. ``roles``: of each tested case. ``inner``: (train, valid) pairs of training
    cases; each training case is in one ``valid``, or only those of the role ``tune`` are. A bootstrap draw has some
    training cases several times."""

    design: str
    repeat: int
    fold: str
    train: pd.Index
    test: pd.Index
    roles: tuple[str, ...]
    inner: tuple[tuple[pd.Index, pd.Index], ...]

    @cached_property
    def validated(self) -> pd.Index:
        """The cases that an inner fold leaves out: the training cases in their order, or the tuning cases."""
        valid = self.inner[0][1].append([valid for _, valid in self.inner[1:]])
        return self.train if self.train.isin(valid).all() else valid

    @property
    def apparent(self) -> bool:
        """Whether the tested cases are those of the training."""
        return self.roles[:1] == (APPARENT,)


def make_splits(cohort: Cohort, design: Design, *, seed: int) -> list[Split]:
    """All splits of a design. Raises ``ConfigError`` if the cohort cannot be split that way."""
    splits = []
    for repeat, fold, train, test, roles in MAKERS[design.kind](cohort, design, seed):
        inner = _tuning_set(cohort, design, train)
        if inner and design.refit == "train":
            train = inner[0][0]
        if not inner:
            _check_training(cohort, design, fold, train)
            inner_seed = seed_for(seed, cohort.name, design.name, repeat, fold, "inner")
            what = f"inner folds of {design.name}"
            inner = tuple(_folds(cohort, train, design.inner_folds, inner_seed, what, rare=design.rare_classes))
        splits.append(Split(design.name, repeat, fold, train, test, roles, inner))
    return splits


def whole_split(cohort: Cohort, design: Design, *, seed: int) -> Split:
    """All cases on both sides, with the inner folds that the design's tuning has: of the model that a paper shows, and
    no part of any performance."""
    inner_seed = seed_for(seed, cohort.name, ALL_CASES, "inner")
    folds = _folds(cohort, cohort.cases, design.inner_folds, inner_seed, "inner folds of all cases",
                   rare=design.rare_classes)  # fmt: skip
    roles = (APPARENT,) * len(cohort.cases)
    return Split(ALL_CASES, 0, APPARENT, cohort.cases, cohort.cases, roles, tuple(folds))


def shown_splits(splits: Sequence[Split]) -> list[Split]:
    """The splits whose model is the one that a paper shows: the only one of a design, or that of all cases."""
    count = Counter(split.design for split in splits)
    return [split for split in splits if count[split.design] == 1 or split.apparent]


def restrict(split: Split, cases: pd.Index) -> Split:
    """The split without the cases that are not in ``cases``."""
    tested = split.test.isin(cases)
    inner = tuple((train[train.isin(cases)], valid[valid.isin(cases)]) for train, valid in split.inner)
    roles = tuple(role for role, kept in zip(split.roles, tested, strict=True) if kept)
    return replace(split, train=split.train[split.train.isin(cases)], test=split.test[tested], roles=roles, inner=inner)


def splits_table(splits: list[Split]) -> pd.DataFrame:
    """One row per split and case: design, repeat, fold, case, side, role (of tested cases) and inner fold (of training
    cases, numbered from 1)."""
    parts = []
    for split in splits:
        inner = np.zeros(len(split.train), int)
        for number, (_, valid) in enumerate(split.inner, start=1):
            inner[split.train.isin(valid)] = number
        for side, cases, roles in (("train", split.train, "train"), ("test", split.test, split.roles)):
            parts.append(
                pd.DataFrame(
                    {
                        "design": split.design, "repeat": split.repeat, "fold": split.fold, "case": cases,
                        "side": side, "role": roles, "inner_fold": inner if side == "train" else 0,
                    }
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


Division = tuple[int, str, pd.Index, pd.Index, tuple[str, ...]]


def _kfold(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    for repeat in range(1, design.repeats + 1):
        repeat_seed = seed_for(seed, cohort.name, design.name, repeat)
        what = f"folds of {design.name}"
        folds = _folds(cohort, cohort.cases, design.folds, repeat_seed, what, rare=design.rare_classes)
        for fold, (train, test) in enumerate(folds, start=1):
            yield repeat, str(fold), train, test, (OUT_OF_FOLD,) * len(test)


def _holdout(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    for repeat in range(1, design.repeats + 1):
        repeat_seed = seed_for(seed, cohort.name, design.name, repeat)
        train, test = _divide(cohort, design, repeat_seed)
        yield repeat, "1", train, test, ("test",) * len(test)


def _leave_one_out(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    """Every patient in turn: one case, or all cases of one patient."""
    for number, patient in enumerate(cohort.patient.unique(), start=1):
        here = (cohort.patient == patient).to_numpy()
        test = cohort.cases[here]
        yield 1, str(number), cohort.cases[~here], test, (OUT_OF_FOLD,) * len(test)


def _bootstrap(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    """All cases on both sides once (the apparent performance), then draws of patients with replacement within each
    class, and the patients that were not drawn as the test side."""
    yield 0, APPARENT, cohort.cases, cohort.cases, (APPARENT,) * len(cohort.cases)
    rows = {patient: np.flatnonzero(cohort.patient == patient) for patient in cohort.patient.unique()}
    of_class = cohort.codes.groupby(cohort.patient, sort=False).max()
    for repeat in range(1, design.repeats + 1):
        rng = np.random.default_rng(seed_for(seed, cohort.name, design.name, repeat))
        drawn = [rng.choice(part.index, len(part)) for _, part in of_class.groupby(of_class)]
        places = np.sort(np.concatenate([rows[patient] for patient in np.concatenate(drawn)]))
        test = cohort.cases[np.setdiff1d(np.arange(len(cohort.cases)), places)]
        yield repeat, "1", cohort.cases[places], test, (OUT_OF_BAG,) * len(test)


def _roles(cohort: Cohort, design: Design, seed: int) -> Iterator[Division]:
    if cohort.role is None:
        raise ConfigError("splits of kind 'roles' need cohort.role (train, internal, external): none is declared")
    train = cohort.cases[cohort.role.isin(["train", "tune"])]
    test = cohort.cases[cohort.role.isin(["internal", "external"])]
    for what, cases in (("train", cohort.cases[cohort.role == "train"]), ("internal or external", test)):
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
        yield 1, str(centre), train, test, (OUT_OF_FOLD,) * len(test)


def _folds(
    cohort: Cohort, cases: pd.Index, k: int, seed: int, what: str, *, rare: RareClasses = "error"
) -> Iterator[tuple[pd.Index, pd.Index]]:
    """Stratified k-fold over the cases, patients kept together, and a case that was drawn twice with itself."""
    y, groups = cohort.codes[cases].to_numpy(), cohort.patient[cases].to_numpy()
    for code, label in enumerate(cohort.classes):
        count = len(np.unique(groups[y == code]))
        if count < (k if rare == "error" else 2):
            owners = "patients" if cohort.grouped else "cases"
            hint = "" if rare == "allow" else ". Set rare_classes: allow, fewer folds, or merge classes"
            hint = ". Merge it with another class (outcome: merge)" if count < 2 else hint
            raise ConfigError(f"{what}: class '{label}' has {count} {owners}, fewer than the {k} folds{hint}")
    together = cohort.grouped or cases.has_duplicates
    splitter = (StratifiedGroupKFold if together else StratifiedKFold)(k, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the rare classes that are allowed here
        for train, test in splitter.split(np.zeros(len(y)), y, groups if together else None):
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


def _tuning_set(cohort: Cohort, design: Design, train: pd.Index) -> tuple[tuple[pd.Index, pd.Index], ...]:
    """The cases of the role ``tune`` as the one inner fold of ``roles``, if there are any."""
    if design.kind != "roles" or cohort.role is None or not (cohort.role[train] == "tune").any():
        return ()
    tune = train[cohort.role[train] == "tune"]
    classes = cohort.outcome[tune].nunique()
    if classes < len(cohort.classes):
        raise ConfigError(f"{design.name}: cases of the role tune are of {classes} of {len(cohort.classes)} classes")
    return ((train.difference(tune), tune),)


def _check_training(cohort: Cohort, design: Design, fold: str, train: pd.Index) -> None:
    found = cohort.outcome[train].value_counts()
    wanted = design.inner_folds if design.rare_classes == "error" else 2
    for label in cohort.classes:
        if found.get(label, 0) < wanted:
            raise ConfigError(
                f"{design.name}, fold {fold}: {found.get(label, 0)} training cases of class '{label}', fewer than "
                + (f"the {wanted} inner folds" if design.rare_classes == "error" else str(wanted))
            )


def _without_tested_patients(cohort: Cohort, design: Design, train: pd.Index, test: pd.Index, what: str) -> pd.Index:
    both = sorted(set(cohort.patient[train]) & set(cohort.patient[test]))
    if both and design.shared_patients == "error":
        raise DataError(
            f"patients on both sides of {what}: {first_of(both)}. Set shared_patients: drop_training in splits to "
            "leave their rows out of training"
        )
    return train[~cohort.patient[train].isin(both).to_numpy()]


MAKERS: dict[Kind, Callable[[Cohort, Design, int], Iterator[Division]]] = {
    "kfold": _kfold,
    "holdout": _holdout,
    "shuffle_split": _holdout,
    "leave_one_out": _leave_one_out,
    "bootstrap": _bootstrap,
    "roles": _roles,
    "leave_one_centre_out": _leave_one_centre_out,
}
