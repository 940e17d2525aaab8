"""The held-out predictions of one design and role as arrays, with every model on the same cases, repeats and folds.

A model that failed somewhere, or has no score for a case, keeps its place with NaN; what is estimated from it is then
NaN as well, with the reason, and never an average over what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of
from benchmark.predictions import OUT_OF_FOLD, PREDICTIONS, RECIPE, label_of, score_column
from benchmark.statistics.grouping import number_rows

Recipe = tuple[str, str, str]

ROUNDED = 1e-3
"""By how much the probabilities of a case may miss 1."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """n cases, r repeats, k models, c columns of scores (1, the positive class, of a binary outcome; else one per
    class).

    ``classes``: their labels by code. ``y`` (n,): code of the class; 1 is the positive one of a binary outcome.
    ``patient`` (n,): numbers of the patients, None if none owns several of the cases. ``fold`` (n, r): position among
    ``folds``, -1 where the repeat does not hold the case out. ``scores`` (n, r, k, c). ``gaps`` (k,): why a model is
    incomplete, empty if it is not.
    """

    design: str
    role: str
    recipes: tuple[Recipe, ...]
    cases: np.ndarray
    y: np.ndarray
    patient: np.ndarray | None
    repeats: tuple[Any, ...]
    folds: tuple[Any, ...]
    fold: np.ndarray
    scores: np.ndarray
    gaps: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """One name per model."""
        return [label_of(*recipe) for recipe in self.recipes]

    @property
    def places(self) -> list[tuple[int, int]]:
        """The positions (repeat, fold) that hold cases out: one fitted model of each recipe stands there."""
        shape = (len(self.repeats), len(self.folds))
        return [(r, f) for r, f in np.ndindex(*shape) if np.any(self.fold[:, r] == f)]

    @property
    def crossed(self) -> bool:
        """Whether the cases were held out by cross-validation: scores of different folds are of different models."""
        return self.role.startswith(OUT_OF_FOLD)

    @property
    def one_by_one(self) -> bool:
        """Whether each fold is a single patient (leave-one-out), so that no fold has an AUC."""
        n_patients = len(self.cases) if self.patient is None else len(np.unique(self.patient))
        return self.crossed and len(self.places) == n_patients * len(self.repeats)

    @property
    def events(self) -> float:
        """How many cases are positive; NaN for more than two classes."""
        return int((self.y == 1).sum()) if self.binary else float("nan")

    @property
    def binary(self) -> bool:
        """Whether the outcome has two classes."""
        return self.scores.shape[3] == 1


def arrange(predictions: pd.DataFrame, classes: Sequence[str], failures: pd.DataFrame | None = None) -> list[HeldOut]:
    """One ``HeldOut`` per design and role, in the order of the table. ``classes``: the positive class of a binary
    outcome last. ``failures``: a model of which nothing was predicted is there too, all NaN. ``DataError`` if a column
    is missing, a case has two outcomes, patients or folds, an outcome is not among the classes, a score is no
    probability, those of several classes do not add up to 1, or a model predicted a case twice in a repeat."""
    columns = [score_column(label) for label in (classes[1:] if len(classes) == 2 else classes)]
    missing = [column for column in [*PREDICTIONS, *columns] if column not in predictions.columns]
    if missing:
        raise DataError(f"predictions: no column '{missing[0]}'. Found: {', '.join(map(str, predictions.columns))}")
    numbers, places = number_rows(predictions, ["design", "role"])
    return [
        _arrange(str(design), str(role), predictions[numbers == number], list(classes), columns, failures)
        for number, (design, role) in enumerate(places)
    ]


def _arrange(
    design: str, role: str, rows: pd.DataFrame, classes: list[str], columns: list[str], failures: pd.DataFrame | None
) -> HeldOut:
    where = f"predictions, design '{design}', role '{role}'"
    case, cases = pd.factorize(rows["case"].to_numpy(object), sort=True)
    repeat, repeats = pd.factorize(rows["repeat"].to_numpy(object), sort=True)
    fold, folds = pd.factorize(rows["fold"].to_numpy(object), sort=True)
    model, recipes = number_rows(rows, RECIPE)
    failed = _failed(design, failures)
    recipes += [recipe for recipe in failed if recipe not in set(recipes)]
    _once(np.ravel_multi_index((case, repeat, model), (len(cases), len(repeats), len(recipes))), rows, where)
    fold_of = np.full((len(cases), len(repeats)), -1)
    fold_of[case, repeat] = fold
    _agree(fold_of[case, repeat] == fold, rows, f"{where}: held out in different folds of one repeat")
    scores = np.full((len(cases), len(repeats), len(recipes), len(columns)), np.nan)
    given = rows[columns].to_numpy(float)
    outside = np.any((given < 0) | (given > 1), axis=1)
    _agree(np.logical_not(outside), rows, f"{where}: scores outside [0, 1]")
    if len(columns) > 1:
        apart = np.abs(given.sum(1) - 1) > ROUNDED
        _agree(np.logical_not(apart), rows, f"{where}: scores that do not add up to 1 over the classes")
    scores[case, repeat, model] = given
    gone = np.isnan(scores).any(3) & (fold_of >= 0)[:, :, None]
    return HeldOut(
        design=design,
        role=role,
        recipes=tuple((str(a), str(b), str(c)) for a, b, c in recipes),
        cases=cases,
        y=_outcomes(rows, case, len(cases), classes, where),
        patient=_patients(rows, case, len(cases), where),
        repeats=tuple(repeats),
        folds=tuple(folds),
        fold=fold_of,
        scores=scores,
        gaps=tuple(
            _gap(int(count), int((fold_of >= 0).sum()), failed.get(recipe))
            for count, recipe in zip(gone.sum((0, 1)), recipes, strict=True)
        ),
        classes=tuple(classes),
    )


def _outcomes(rows: pd.DataFrame, case: np.ndarray, n: int, classes: list[str], where: str) -> np.ndarray:
    labels, text = pd.factorize(rows["y_true"])
    codes = np.array([classes.index(str(label)) if str(label) in classes else -1 for label in text])[labels]
    if (codes < 0).any():
        found = rows["y_true"].to_numpy(object)[codes < 0][0]
        raise DataError(f"{where}: outcome '{found}' is not one of the classes {', '.join(classes)}")
    y = np.empty(n, np.int64)
    y[case] = codes
    _agree(y[case] == codes, rows, f"{where}: two outcomes")
    return y


def _patients(rows: pd.DataFrame, case: np.ndarray, n: int, where: str) -> np.ndarray | None:
    codes, names = pd.factorize(rows["patient"])
    _agree(codes >= 0, rows, f"{where}: no patient")
    patient = np.empty(n, np.int64)
    patient[case] = codes
    _agree(patient[case] == codes, rows, f"{where}: two patients")
    return patient if len(names) < n else None


def _agree(good: np.ndarray, rows: pd.DataFrame, problem: str) -> None:
    if not good.all():
        raise DataError(f"{problem} for cases: {first_of(dict.fromkeys(rows['case'].to_numpy(object)[~good]))}")


def _once(flat: np.ndarray, rows: pd.DataFrame, where: str) -> None:
    again = pd.Series(flat).duplicated().to_numpy()
    _agree(~again, rows, f"{where}: predicted twice by one model")


def _failed(design: str, failures: pd.DataFrame | None) -> dict[tuple[Any, ...], str]:
    """For each recipe with failures in this design, how many and the reason of the first."""
    if failures is None or not len(failures):
        return {}
    rows = failures[(failures["design"] == design) & failures["classifier"].notna() & (failures["classifier"] != "")]
    numbers, recipes = number_rows(rows, RECIPE)
    reasons = rows["reason"].to_numpy(object)
    return {
        recipe: f"failed fits: {int(np.sum(numbers == number))}, first: {reasons[np.argmax(numbers == number)]}"
        for number, recipe in enumerate(recipes)
    }


def _gap(missing: int, total: int, failed: str | None) -> str:
    if not missing:
        return ""
    text = "no complete predictions" if missing == total else f"{missing} of {total} predictions missing"
    return text + (f" ({failed})" if failed else "")
