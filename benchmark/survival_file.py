"""Other people's risk scores with follow-up: a table of cases, time, event and one column of scores per model.

Every column that is nothing else is a model; a higher score means an earlier event. Optional columns say patient
(several cases of one patient) and set (several held-out sets).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of
from benchmark.prediction_file import read_table, require_columns

RESERVED = ("role", "case", "patient", "time", "event")
NOT_YET = ("fold", "repeat")
"""Scores of several fitted models have no common scale: their concordance needs the folds, which nothing here reads."""


@dataclass(frozen=True)
class FollowUpColumns:
    """The columns of the file by what they hold. ``case`` may be several columns that name a case together; patient and
    set are used if the file has them."""

    time: str
    event: str
    case: tuple[str, ...] = ("case",)
    patient: str = "patient"
    set: str = "set"


def read_follow_up(path: Path, columns: FollowUpColumns) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Role, case, patient, time, event (0 or 1) and the scores of each model, and what ``run.json`` would say. Raises
    ``DataError`` for a missing column, a gap, a text, a negative time, an event that is not 0 or 1, a repeated case."""
    table = read_table(path)
    require_columns(table, [*columns.case, columns.time, columns.event], path)
    models = _models(table, columns, path)
    require_columns(table, models, path)
    case = table[list(columns.case)].agg(" ".join, axis=1)
    told = pd.DataFrame(
        {
            "role": table[columns.set].fillna("") if columns.set in table else "test",
            "case": case,
            "patient": table[columns.patient].fillna("") if columns.patient in table else case,
        }
    )
    repeated = told.duplicated(["role", "case"])
    if repeated.any():
        raise DataError(
            f"{path.name}: cases that come twice: {first_of(case[repeated].tolist())}. Expected one row each"
        )
    told["time"] = _numbers(table[columns.time], case, path, lowest=0.0)
    told["event"] = _events(table[columns.event], case, path)
    found = told.join(pd.DataFrame({name: _numbers(table[name], case, path) for name in models}))
    return found, _run(path, found, models, columns)


def _models(table: pd.DataFrame, columns: FollowUpColumns, path: Path) -> list[str]:
    crossed = [name for name in NOT_YET if name in table.columns]
    if crossed:
        raise DataError(
            f"{path.name}: column '{crossed[0]}': scores of cross-validated survival models cannot be pooled. Expected "
            "the scores of one fitted model per column, on cases that it was not fitted on"
        )
    used = {*columns.case, columns.time, columns.event, columns.patient, columns.set}
    models = [name for name in table.columns if name not in used]
    if not models:
        raise DataError(f"{path.name}: no column of a model beside {', '.join(sorted(used & set(table.columns)))}")
    taken = [name for name in models if name in RESERVED]
    if taken:
        raise DataError(
            f"{path.name}: column '{taken[0]}' would be a model, but is no risk score by its name. Say what it is "
            "(--time, --event, --case), or leave it out"
        )
    return models


def _numbers(column: pd.Series, case: pd.Series, path: Path, *, lowest: float = -np.inf) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    for bad, what in ((~np.isfinite(numbers), "no number"), (numbers < lowest, f"below {lowest:g}")):
        if bad.any():
            first = int(np.flatnonzero(bad)[0])
            raise DataError(
                f"{path.name}: column '{column.name}': {int(bad.sum())} values are {what} "
                f"(first: {column.iloc[first]} for case '{case.iloc[first]}')"
            )
    return numbers


def _events(column: pd.Series, case: pd.Series, path: Path) -> pd.Series:
    numbers = _numbers(column, case, path)
    bad = ~numbers.isin([0, 1])
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"{path.name}: column '{column.name}': {int(bad.sum())} values are not 0 (censored) or 1 (event) "
            f"(first: {column.iloc[first]} for case '{case.iloc[first]}')"
        )
    return numbers.astype(int)


def _run(path: Path, found: pd.DataFrame, models: list[str], columns: FollowUpColumns) -> dict[str, Any]:
    design = path.name.partition(".")[0]
    return {
        "experiment": design,
        "title": f"Risk scores of {path.name}",
        "cohort": {
            "name": path.name,
            "n_cases": int(found["case"].nunique()),
            "n_patients": int(found["patient"].nunique()),
            "n_events": int(found.drop_duplicates("case")["event"].sum()),
            "roles": {str(role): int(n) for role, n in found["role"].value_counts(sort=False).items()},
        },
        "designs": {design: {"kind": "holdout", "folds": 1, "repeats": 1}},
        "feature_sets": {name: {} for name in models},
        "follow_up": {"time": columns.time},
        "imported": path.name,
    }
