"""Rows of a file that are predictions of training cases, as the table of training predictions at the waist.

What they are for is learnt from them, thresholds and recalibration, and measured on them, the optimism; the rows stand
on both sides, ``inner`` and ``train``, because only who made them knows whether the model had seen the cases.
"""

from __future__ import annotations

import pandas as pd

from benchmark.errors import DataError, first_of, unknown
from benchmark.predictions import PLACE, RECIPE, TRAINING_PREDICTIONS, classes_of, score_column

SIDES = ("inner", "train")


def training_of(told: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The held-out rows and the training predictions of ``told`` (columns of ``PREDICTIONS``), whose role is the set.
    Without folds in the file all rows stand at one place. ``DataError`` for a set that is not there or is all there is,
    for a case that comes twice at a place, for a model without training rows, and for a case, or another case of its
    patient, that is both held out and in training there."""
    own = told["role"] == name
    if not own.any() or own.all():
        what = "no row is of it" if not own.any() else "all rows are of it, and none is left to be judged"
        raise DataError(f"training set '{name}': {what}. {unknown('set', name, told['role'].unique())}")
    held, rows = told[~own].reset_index(drop=True), told[own].reset_index(drop=True)
    twice = rows.duplicated([*PLACE, "case"])
    if twice.any():
        raise DataError(f"training set '{name}': predicted twice by one model: {first_of(rows['case'][twice])}")
    _check_places(held, rows, name)
    columns = [*TRAINING_PREDICTIONS, *(score_column(label) for label in classes_of(told))]
    return held, pd.concat([rows.assign(side=side) for side in SIDES], ignore_index=True)[columns]


def note_of(name: str, training: pd.DataFrame) -> str:
    """What the report must say of it."""
    n_cases = training["case"].nunique()
    return (
        f"Thresholds, recalibration and optimism come from the predictions of {n_cases} cases of the set '{name}'. If "
        "the models had been fitted on these very cases, the thresholds and the recalibration are too optimistic; if "
        "they had not, the optimism is understated."
    )


def _check_places(held: pd.DataFrame, rows: pd.DataFrame, name: str) -> None:
    trained = set(rows[PLACE].itertuples(index=False, name=None))
    lacking = [place for place in dict.fromkeys(held[PLACE].itertuples(index=False, name=None)) if place not in trained]
    if lacking:
        told = [" ".join(f"{key} {value}" for key, value in zip(PLACE, place, strict=True)
                         if key in ("repeat", "fold", RECIPE[0])) for place in lacking]  # fmt: skip
        raise DataError(f"training set '{name}': no rows of it for {first_of(told)}")
    for column in ("case", "patient"):
        both = held[[*PLACE, column]].merge(rows[[*PLACE, column]].drop_duplicates(), on=[*PLACE, column])
        if len(both):
            raise DataError(
                f"training set '{name}': {column}s held out and in training for the same model: "
                f"{first_of(dict.fromkeys(both[column]))}"
            )
