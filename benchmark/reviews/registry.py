"""The registry of published figures: one row per study, model, split and metric, read and checked.

Required columns are ``study_id``, ``family``, ``metric`` and ``value``; the others of ``COLUMNS`` may be missing. A row
without a value registers a model that a paper names without a figure. Flags stand in ``flags``, separated by
semicolons, or as ``flag=...`` in ``notes``; a model's name likewise in ``model`` or as ``model=...``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmark.errors import DataError, did_you_mean, first_of, unknown

REQUIRED = ("study_id", "family", "metric", "value")
TEXTS = ("review", "authors", "doi", "disease/task", "modality", "multicenter", "endpoint_type", "classifier",
         "validation_scheme", "split", "model", "flags", "notes")  # fmt: skip
NUMBERS = ("year", "n_total", "n_train", "n_test", "n_centers", "ci_low", "ci_high", "sd")
COLUMNS = (*REQUIRED, *TEXTS, *NUMBERS)

KNOWN_FAMILIES = ("HRF", "DRF", "clinical", "HRF+DRF", "HRF+clinical", "DRF+clinical", "HRF+DRF+clinical", "DL",
                  "imaging-features", "other")  # fmt: skip
SPLITS = ("external", "test", "internal", "cv", "train", "unstated")
ENDPOINTS = ("binary", "multiclass", "survival", "association", "segmentation", "unstated")

LEAVE_OUT, LOW, HIGH = "do_not_pool", "range_end low", "range_end high"
BIASES = ("training_as_result", "best_of_grid", "label_defining", "rows_per_patient")
FLAGS = (LEAVE_OUT, LOW, HIGH, *BIASES)

IDENTITY = ("study_id", "disease/task", "modality", "family", "classifier", "split", "metric")
"""What two ends of a range have in common; with the model, what makes a row unique."""

RQS = "rqs2_fraction"

Found = tuple[pd.Series, Callable[[pd.Series], str]]
"""Which rows are wrong, and what to say of one."""

Check = Callable[[pd.DataFrame, Sequence[str]], Found]


def read_registry(path: Path, *, families: Iterable[str] = ()) -> pd.DataFrame:
    """The rows of a CSV in the columns ``COLUMNS``: numbers as floats, ``split`` and ``endpoint_type`` ``unstated``
    where empty, ``flags`` a frozenset, ``row`` the number of the row (the header is row 1). ``families``: besides
    ``KNOWN_FAMILIES``. Raises ``DataError`` for the first mistake."""
    table = read_csv(path, REQUIRED, (*COLUMNS, "p_value_vs"))
    table = table.reindex(columns=COLUMNS, fill_value="").astype(object).assign(row=np.arange(2, len(table) + 2))
    parts = [[part.strip() for part in text.split(";")] for text in table["notes"]]
    flags = [frozenset(filter(None, _flags(*pair))) for pair in zip(table["flags"], parts, strict=True)]
    models = [next((one[6:] for one in found if one.startswith("model=")), "") for found in parts]
    table["model"] = [name or noted for name, noted in zip(table["model"], models, strict=True)]
    table["flags"] = pd.Series(flags, dtype=object)
    table["family"] = table["family"].str.replace(" ", "")
    for column in ("split", "endpoint_type"):
        table[column] = table[column].where(table[column] != "", "unstated")
    for column in ("value", *NUMBERS):
        table[column] = numbers_of(path, table, column)
    _check(path, table, [*KNOWN_FAMILIES, *families])
    return table


def read_csv(path: Path, required: Sequence[str], known: Sequence[str]) -> pd.DataFrame:
    """A CSV as text, cells stripped. Raises ``DataError`` if it is missing, cannot be read, or lacks a column."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        near = sorted(one.name for one in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        raise DataError(f"{path}: no such file.{did_you_mean(path.name, near)}") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as CSV: {error}") from None
    table.columns = [str(column).strip() for column in table.columns]
    missing = [column for column in required if column not in table.columns]
    if missing:
        others = [column for column in table.columns if column not in known]
        raise DataError(
            f"{path}: no column '{missing[0]}'.{did_you_mean(missing[0], others)} Found: {', '.join(table.columns)}"
        )
    if table.empty:
        raise DataError(f"{path}: no rows below the header")
    return table.apply(lambda column: column.str.strip())


def numbers_of(path: Path, table: pd.DataFrame, column: str) -> pd.Series:
    """A column as floats, NaN where empty. ``DataError`` for a cell that is no number."""
    found = pd.to_numeric(table[column].replace("", np.nan), errors="coerce")
    wrong = np.flatnonzero((table[column] != "") & ~np.isfinite(found))
    if len(wrong):
        raise DataError(f"{path}, row {wrong[0] + 2}: '{table[column].iloc[wrong[0]]}' in '{column}' is not a number")
    return found.astype(float)


def label(row: pd.Series) -> str:
    """``row 12 (jin2021, HRF, auc)``."""
    return f"row {row['row']} ({', '.join(filter(None, (row['study_id'], row['family'], row['metric'])))})"


def _flags(cell: str, notes: list[str]) -> list[str]:
    return [flag.strip() for flag in cell.split(";")] + [one[5:].strip() for one in notes if one.startswith("flag=")]


def _check(path: Path, table: pd.DataFrame, families: Sequence[str]) -> None:
    """The first mistake of the table, checks in the order in which a reader would make them."""
    checks: tuple[Check, ...] = (
        _no_study, _unknown_family, _unknown_split, _unknown_endpoint, _unknown_flag, _contradiction, _no_fraction,
        _no_metric,
    )  # fmt: skip
    for check in checks:
        wrong, says = check(table, families)
        if wrong.any():
            row = table[wrong].iloc[0]
            more = f" ({int(wrong.sum())} such rows)" if wrong.sum() > 1 else ""
            raise DataError(f"{path}, {label(row)}: {says(row)}{more}")
    _check_ranges(path, table)
    _check_twice(path, table)


def _no_study(table: pd.DataFrame, families: Sequence[str]) -> Found:
    return table["study_id"] == "", lambda row: "the study_id is missing, so its study cannot be told from others"


def _unknown_family(table: pd.DataFrame, families: Sequence[str]) -> Found:
    return ~table["family"].isin(families), lambda row: unknown("family", row["family"], families)


def _unknown_split(table: pd.DataFrame, families: Sequence[str]) -> Found:
    return ~table["split"].isin(SPLITS), lambda row: unknown("split", row["split"], SPLITS)


def _unknown_endpoint(table: pd.DataFrame, families: Sequence[str]) -> Found:
    return ~table["endpoint_type"].isin(ENDPOINTS), lambda row: unknown(
        "endpoint_type", row["endpoint_type"], ENDPOINTS
    )


def _unknown_flag(table: pd.DataFrame, families: Sequence[str]) -> Found:
    wrong = table["flags"].map(lambda flags: bool(flags - set(FLAGS)))
    return wrong.astype(bool), lambda row: unknown("flag", min(row["flags"] - set(FLAGS)), FLAGS)


def _contradiction(table: pd.DataFrame, families: Sequence[str]) -> Found:
    wrong = table["flags"].map(lambda flags: {LOW, HIGH} <= flags)
    return wrong.astype(bool), lambda row: f"contradicting flags: '{LOW}' and '{HIGH}'; a row is one end of a range"


def _no_fraction(table: pd.DataFrame, families: Sequence[str]) -> Found:
    wrong = pd.Series(False, table.index)
    bounded = ~table["metric"].str.endswith("_count") & (table["metric"] != "likelihood_ratio")
    least = np.where(table["metric"].str.endswith("_r"), -1.0, 0.0)
    for column in ("value", "ci_low", "ci_high"):
        wrong |= bounded & ((table[column] > 1) | (table[column] < least))
    return (
        wrong,
        lambda row: (
            f"found {next(row[one] for one in ('value', 'ci_low', 'ci_high') if not 0 <= row[one] <= 1):g}, "
            "expected a fraction from 0 to 1 (a percentage is divided by 100)"
        ),
    )


def _no_metric(table: pd.DataFrame, families: Sequence[str]) -> Found:
    return (table["metric"] == "") & table["value"].notna(), lambda row: "a value without a metric"


def _check_ranges(path: Path, table: pd.DataFrame) -> None:
    """Each range has one low and one high end, in this order, and both are pooled or neither."""
    ends = table[table["flags"].map(lambda flags: bool(flags & {LOW, HIGH}))]
    for _, rows in ends.groupby(list(IDENTITY), sort=False):
        low, high = (rows[rows["flags"].map(lambda flags, end=end: end in flags)] for end in (LOW, HIGH))
        where = f"{path}, {label(rows.iloc[0])}"
        if len(low) != 1 or len(high) != 1:
            raise DataError(f"{where}: a range has {len(low)} low and {len(high)} high ends, expected one of each")
        if low["value"].iloc[0] > high["value"].iloc[0]:
            raise DataError(f"{where}: contradicting flags: the low end of the range is above its high end")
        if rows["flags"].map(lambda flags: LEAVE_OUT in flags).nunique() > 1:
            raise DataError(f"{where}: contradicting flags: '{LEAVE_OUT}' at one end of the range and not at the other")


def _check_twice(path: Path, table: pd.DataFrame) -> None:
    valued = table[table["value"].notna() & ~table["flags"].map(lambda flags: bool(flags & {LOW, HIGH}))]
    twice = valued.duplicated([*IDENTITY, "model"], keep=False)
    if twice.any():
        rows = valued[twice]
        same = (rows[[*IDENTITY, "model"]] == rows[[*IDENTITY, "model"]].iloc[0]).all(axis=1)
        raise DataError(
            f"{path}: rows {first_of(rows.loc[same, 'row'])} are one model of {rows['study_id'].iloc[0]} on one split; "
            "tell them apart in 'model', or leave one out"
        )
