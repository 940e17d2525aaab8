"""The published predictions of a pack, as the table at the waist.

The rows that count are taken, the outcome is looked up where it stands in another file, and the columns get the names
that ``benchmark.prediction_file`` reads.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, DataError, first_of, unknown
from benchmark.packs.pack_file import PredictionsSection, TruthSection
from benchmark.prediction_file import Columns, read_table, require_columns, sets_of
from benchmark.predictions import APPARENT, OUT_OF_BAG

Find = Callable[[str], Path]
"""From the name of a file in the pack to where it is."""

Waist = tuple[dict[str, pd.DataFrame], dict[str, Any]]


def predictions_of(told: PredictionsSection, find: Find) -> Waist:
    """The tables at the waist and what ``run.json`` says of them. ``ConfigError`` with the key's place for a column or
    label that the file does not have, ``DataError`` for what is wrong in it."""
    path = find(told.file)
    rows = _only(read_table(path), told, path)
    _require(rows, told, path)
    long = pd.concat([_of_model(rows, told, name, score) for name, score in _scores(rows, told)], ignore_index=True)
    long["truth"] = np.tile(_truth(rows, told, path, find).to_numpy(object), len(long) // len(rows))
    columns = Columns(truth="truth", model="model", score="score")
    tables, run = sets_of(long, path, columns, positive=told.positive)
    if told.apparent is not None:
        for design in run["designs"].values():
            design |= {"kind": "bootstrap", "repeats": int(long.loc[long["set"] == OUT_OF_BAG, "repeat"].nunique())}
    return tables, run


def _only(table: pd.DataFrame, told: PredictionsSection, path: Path) -> pd.DataFrame:
    """The rows with the labels that are asked for."""
    for column, labels in told.only.items():
        if column not in table.columns:
            raise ConfigError(f"{path.name}: {unknown('column', column, table.columns)}", path=("only", column))
        for label in labels:
            if label not in set(table[column]):
                raise ConfigError(f"{path.name}: {unknown(column, label, table[column].dropna().unique())}",
                                  path=("only", column))  # fmt: skip
        table = table[table[column].isin(labels)]
    if table.empty:
        raise ConfigError(f"{path.name}: no row has all these labels", path=("only",))
    return table.reset_index(drop=True)


def _require(rows: pd.DataFrame, told: PredictionsSection, path: Path) -> None:
    named: dict[str, tuple[str | None, ...]] = {
        "case": told.case, "model": told.model, "models": tuple(told.models.values()),
        "truth": (told.truth if isinstance(told.truth, str) else None,),
        **{key: (getattr(told, key),) for key in ("score", "fold", "repeat", "patient", "set")},
    }  # fmt: skip
    for key, columns in named.items():
        for column in columns:
            if column is not None and column not in rows.columns:
                raise ConfigError(f"{path.name}: {unknown('column', column, rows.columns)}", path=(key,))
    require_columns(rows, [*told.case, *told.model], path)


def _scores(rows: pd.DataFrame, told: PredictionsSection) -> list[tuple[str | pd.Series, pd.Series]]:
    """The name of each model, or the column of names, and the probabilities."""
    if told.models:
        return [(name, rows[column]) for name, column in told.models.items()]
    return [(rows[list(told.model)].agg(", ".join, axis=1), rows[str(told.score)])]


def _of_model(rows: pd.DataFrame, told: PredictionsSection, name: str | pd.Series, score: pd.Series) -> pd.DataFrame:
    """One row per case and model, under the names of the columns that are read."""
    found = pd.DataFrame({"case": _cases(rows, told), "model": name, "score": score})
    for key in ("fold", "patient", "set"):
        column = getattr(told, key)
        if column is not None:
            found[key] = rows[column]
    if told.repeat is not None:
        codes, labels = pd.factorize(rows[told.repeat], sort=True)
        found["repeat"] = (codes + 1).astype(str)
        if told.apparent is not None:
            if told.apparent not in labels:
                raise ConfigError(unknown(told.repeat, told.apparent, labels), path=("apparent",))
            found["set"] = np.where(rows[told.repeat] == told.apparent, APPARENT, OUT_OF_BAG)
    return found


def _truth(rows: pd.DataFrame, told: PredictionsSection, path: Path, find: Find) -> pd.Series:
    """The outcome of each row."""
    if not isinstance(told.truth, TruthSection):
        return rows[told.truth]
    where = find(told.truth.file)
    labels = read_table(where)
    if told.truth.column not in labels.columns:
        message = f"{where.name}: {unknown('column', told.truth.column, labels.columns)}"
        raise ConfigError(message, path=("truth", "column"))
    require_columns(labels, [*told.case], where)
    cases, known = _cases(rows, told), pd.Series(labels[told.truth.column].to_numpy(object), _cases(labels, told))
    if known.index.duplicated().any():
        raise DataError(f"{where.name}: cases that come twice: {first_of(known.index[known.index.duplicated()])}")
    found = cases.map(known)
    if found.isna().any():
        raise DataError(f"{where.name}: no outcome of {first_of(cases[found.isna()].unique())} cases of {path.name}")
    return found


def _cases(rows: pd.DataFrame, told: PredictionsSection) -> pd.Series:
    """The name of the case of each row."""
    return rows[list(told.case)].agg(" ".join, axis=1)
