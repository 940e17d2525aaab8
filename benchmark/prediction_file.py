"""Other people's predictions: a table of cases, truth and probabilities as the table at the waist.

Wide: one column of probabilities per model; every column that is nothing else is a model. Long: one column names the
model and one holds its probability. With several classes there is a column per model and class, named ``model:class``,
or a column of the class in a long table. Optional columns say fold and repeat (cross-validation), patient (several
cases of one patient) and set (several held-out sets).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmark.class_columns import CLASS, names_classes, split_names, spread
from benchmark.errors import DataError, did_you_mean, first_of, unknown
from benchmark.predictions import OUT_OF_FOLD, PREDICTIONS, check_predictions, score_column
from benchmark.training_set import note_of, training_of


@dataclass(frozen=True)
class Columns:
    """The columns of the file by what they hold. ``case`` may be several columns that name a case together; ``model``
    and ``score`` make the table a long one, ``label`` one of several classes; the others are used if the file has
    them. ``training_set``: the set whose rows are predictions of training cases."""

    case: tuple[str, ...] = ("case",)
    truth: str = "truth"
    fold: str = "fold"
    repeat: str = "repeat"
    patient: str = "patient"
    set: str = "set"
    model: str | None = None
    score: str | None = None
    label: str | None = None
    training_set: str | None = None


def read_predictions(
    path: Path, columns: Columns, *, positive: str | None = None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """As ``read_sets``, without the training predictions."""
    tables, run = read_sets(path, columns, positive=positive)
    return tables["predictions"], run


def read_sets(
    path: Path, columns: Columns, *, positive: str | None = None
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The ``predictions`` and, if the columns name a training set, the ``training_predictions`` as at the waist, and
    what ``run.json`` would say of them. Raises ``DataError`` for what is wrong
    with the file: a missing column, one class, a gap, a score that is no probability, a case that comes twice."""
    return sets_of(read_table(path), path, columns, positive=positive)


def sets_of(
    table: pd.DataFrame, path: Path, columns: Columns, *, positive: str | None = None
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The same of a table of texts that was read from the file before."""
    require_columns(table, [*columns.case, columns.truth], path)
    long = _long(table, columns, path)
    try:
        told, classes, note = _by_class(long, columns, positive, path)
        tables, notes = _sets(told[[*PREDICTIONS, *map(score_column, classes)]], columns.training_set)
        check_predictions(tables["predictions"])
    except DataError as error:
        raise DataError(str(error) if str(error).startswith(path.name) else f"{path.name}: {error}") from None
    notes += [note] if note else []
    return tables, _run(path, tables["predictions"], classes) | ({"notes": notes} if notes else {})


def _sets(told: pd.DataFrame, training_set: str | None) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables, and what the report must say of them."""
    if training_set is None:
        return {"predictions": told}, []
    held, training = training_of(told, training_set)
    return {"predictions": held, "training_predictions": training}, [note_of(training_set, training)]


def _by_class(
    long: pd.DataFrame, columns: Columns, positive: str | None, path: Path
) -> tuple[pd.DataFrame, list[str], str]:
    """The table with a score column per class, the classes, and what was done to the scores."""
    named = columns.label is None and columns.model is None and columns.score is None
    if columns.label is None and not (named and names_classes(long["feature_set"].unique(), long["y_true"].unique())):
        classes = _classes(long["y_true"], positive, path)
        scores = _numbers(long, path, "the positive class")
        return long.assign(**{score_column(classes[0]): 1 - scores, score_column(classes[1]): scores}), classes, ""
    scored = long.assign(score=_numbers(long, path, "each class"))
    told, classes, note = spread(split_names(scored) if columns.label is None else scored)
    return told, _classes(told["y_true"], positive, path) if len(classes) == 2 else classes, note


def read_table(path: Path) -> pd.DataFrame:
    """The CSV or TSV as text, names without blanks around them."""
    if not path.is_file():
        near = sorted(entry.name for entry in path.parent.glob("*.*")) if path.parent.is_dir() else []
        raise DataError(f"{path}: no such file.{did_you_mean(path.name, near)}")
    try:
        table = pd.read_csv(path, dtype=str, sep="\t" if ".tsv" in path.suffixes else ",", encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise DataError(f"{path.name}: cannot be read as a table: {' '.join(str(error).split())}") from None
    if table.empty:
        raise DataError(f"{path.name}: no rows. Expected one per case and, in a long table, model")
    return table.rename(columns=str.strip)


def require_columns(table: pd.DataFrame, names: list[str], path: Path) -> None:
    """Raise ``DataError`` unless the columns are there and full."""
    for name in names:
        if name not in table.columns:
            raise DataError(f"{path.name}: {unknown('column', name, table.columns)}")
        gaps = table[name].isna()
        if gaps.any():
            lines = [f"line {number + 2}" for number in np.flatnonzero(gaps)]
            raise DataError(f"{path.name}: column '{name}' is empty in {first_of(lines)} of {len(table)} rows")


def _long(table: pd.DataFrame, columns: Columns, path: Path) -> pd.DataFrame:
    """One row per case and model, with the columns of the waist and ``score``."""
    told = pd.DataFrame({"case": table[list(columns.case)].agg(" ".join, axis=1), "y_true": table[columns.truth]})
    told["patient"] = _optional(table, columns.patient, told["case"])
    told["repeat"] = pd.to_numeric(_optional(table, columns.repeat, "1"), errors="coerce").fillna(1).astype(int)
    told["fold"] = _optional(table, columns.fold, "")
    sets = _optional(table, columns.set, "test")
    crossed = columns.fold in table.columns
    held_out = (told["fold"] != "") & (sets != columns.training_set)
    told["role"] = np.where(held_out, OUT_OF_FOLD, sets) if crossed else sets
    told["fold"] = told["fold"].where(told["fold"] != "", "1")
    told["design"] = path.name.partition(".")[0]
    told["preprocessing"] = told["classifier"] = ""
    if columns.model is not None or columns.score is not None or columns.label is not None:
        names = [columns.model or "model", columns.score or "score"]
        require_columns(table, names, path)
        if columns.label is not None:
            require_columns(table, [columns.label], path)
            told[CLASS] = table[columns.label]
        return told.assign(feature_set=table[names[0]], score=table[names[1]])
    used = {*columns.case, columns.truth, columns.fold, columns.repeat, columns.patient, columns.set}
    models = [name for name in table.columns if name not in used]
    if not models:
        raise DataError(f"{path.name}: no column of a model beside {', '.join(sorted(used & set(table.columns)))}")
    parts = [told.assign(feature_set=name, score=table[name]) for name in models]
    return pd.concat(parts, ignore_index=True)


def _optional(table: pd.DataFrame, name: str, default: Any) -> pd.Series:
    if name in table.columns:
        return table[name].fillna("")
    return default if isinstance(default, pd.Series) else pd.Series(default, index=table.index)


def _classes(truth: pd.Series, positive: str | None, path: Path) -> list[str]:
    found = sorted(truth.unique())
    if len(found) != 2:
        counts = ", ".join(f"'{label}'" for label in found[:6])
        expected = "two" if len(found) < 2 else "two, or columns model:class"
        raise DataError(f"{path.name}: the truth has {len(found)} classes ({counts}). Expected {expected}")
    positive = "1" if positive is None and "1" in found else positive
    if positive is None or positive not in found:
        raise DataError(f"{path.name}: {unknown('positive class', positive, found)}. Say which class is positive")
    return [label for label in found if label != positive] + [positive]


def _numbers(long: pd.DataFrame, path: Path, of: str) -> pd.Series:
    scores = pd.to_numeric(long["score"], errors="coerce")
    for bad, what in ((scores.isna(), "no number"), ((scores < 0) | (scores > 1), "outside [0, 1]")):
        if bad.any():
            first = long[bad].iloc[0]
            raise DataError(
                f"{path.name}: model '{first['feature_set']}': {int(bad.sum())} scores are {what} "
                f"(first: {first['score']} for case '{first['case']}'). Expected probabilities of {of}"
            )
    return scores


def _run(path: Path, predictions: pd.DataFrame, classes: list[str]) -> dict[str, Any]:
    cases = predictions.drop_duplicates(["role", "case"])
    design = str(predictions["design"].iloc[0])
    crossed = bool((predictions["role"] == OUT_OF_FOLD).any())
    return {
        "experiment": design,
        "title": f"Predictions of {path.name}",
        "cohort": {
            "name": path.name,
            "n_cases": int(cases["case"].nunique()),
            "n_patients": int(cases["patient"].nunique()),
            "classes": _counts(cases.drop_duplicates("case")["y_true"]),
            "roles": _counts(cases["role"]),
        },
        "classes": classes,
        "positive": classes[-1] if len(classes) == 2 else None,
        "designs": {
            design: {
                "kind": "kfold" if crossed else "holdout",
                "folds": int(predictions.groupby("repeat")["fold"].nunique().max()) if crossed else 1,
                "repeats": int(predictions["repeat"].nunique()),
                "grouped": bool(cases.drop_duplicates("case")["patient"].duplicated().any()),
            }
        },
        "imported": path.name,
    }


def _counts(column: pd.Series) -> Mapping[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}
