"""Addresses of numbers in the tidy results: from the labels of a row to the number, its interval, and nothing by guess.

An address that fits no row is an error that says which label is wrong and the nearest one; one that fits several rows
says which columns tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, unknown
from benchmark.packs.pack_file import AddressSection
from benchmark.tables.scopes import COLUMNS
from benchmark.yaml_file import Path_

VALUES = {
    "estimates": "estimate",
    "comparisons": "difference",
    "added_value": "difference",
    "further_tests": "difference",
    "centres": "estimate",
    "fold_scores": "auc",
}
"""The tables that can be addressed, and the column that is meant if none is named."""

LIMITS = ("low", "high", "level")


@dataclass(frozen=True)
class Found:
    """A number of ours: ``value`` with the limits of its interval, NaN where there is none, and how it was made."""

    value: float
    low: float
    high: float
    level: float
    method: str


def check_address(address: AddressSection, sources: Iterable[str], path: Path_) -> None:
    """``ConfigError`` for a source, table or column that does not exist, before any work."""
    for key, kind, known in (("of", "predictions or experiment", [*sources]), ("table", "table", [*VALUES])):
        if getattr(address, key) not in known:
            raise ConfigError(unknown(kind, getattr(address, key), known), path=(*path, key))
    columns = COLUMNS[address.table]
    for key in address.labels:
        if key not in columns:
            told = unknown(f"column of the table {address.table}", key, columns)
            raise ConfigError(told, path=(*path, key))
    if address.column is not None and address.column not in columns:
        raise ConfigError(unknown("column", address.column, columns), path=(*path, "column"))


def look_up(address: AddressSection, results: Mapping[str, pd.DataFrame], path: Path_) -> Found:
    """The number at an address. ``ConfigError`` at ``path`` if no row or several rows have its labels."""
    rows = _both_ways(results[address.table])
    if rows.empty:
        raise ConfigError(f"the table {address.table} of '{address.of}' has no rows", path=path)
    for column, label in address.labels.items():
        fits = rows[column].astype(str) == label
        if not fits.any():
            known = list(dict.fromkeys(rows[column].astype(str)))
            raise ConfigError(unknown(column, label, known), path=(*path, column))
        rows = rows[fits]
    told = [name for name in (address.column or VALUES[address.table], *LIMITS) if name in rows.columns]
    rows = rows.drop_duplicates(told)  # the same pair stands under several questions
    if len(rows) > 1:
        raise ConfigError(_several(rows, address), path=path)
    return _found(rows.iloc[0], address)


def _both_ways(rows: pd.DataFrame) -> pd.DataFrame:
    """A table of pairs with every pair the other way round too."""
    if not {"first", "second", "difference"} <= set(rows.columns):
        return rows
    turned = {"first": rows["second"], "second": rows["first"], "difference": -rows["difference"]}
    return pd.concat([rows, rows.assign(**turned, low=-rows["high"], high=-rows["low"])], ignore_index=True)


def _several(rows: pd.DataFrame, address: AddressSection) -> str:
    told = [column for column in AddressSection.model_fields if column in rows.columns]
    open_ = {column: list(dict.fromkeys(rows[column].astype(str))) for column in told}
    apart = {column: labels for column, labels in open_.items() if len(labels) > 1}
    words = "; ".join(f"{column}: {', '.join(labels[:8])}" for column, labels in apart.items())
    return f"{len(rows)} rows of the table {address.table} have these labels. Say too which of {words or 'them'}"


def _found(row: pd.Series, address: AddressSection) -> Found:
    """The limits are those of the column that is meant if none is named, not of others in its row."""
    usual = VALUES[address.table]
    column = address.column or usual
    low, high, level = (float(row.get(name, np.nan)) if column == usual else np.nan for name in LIMITS)
    return Found(float(row[column]), low, high, level, str(row.get("method", "")))
