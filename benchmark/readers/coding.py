"""From raw columns to numbers and levels: missing codes, ordered levels, and text where a number should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import did_you_mean
from benchmark.readers.raw import RawTable
from benchmark.readers.table_error import TableError
from benchmark.readers.text import as_text, same_text, text_of

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


@dataclass(frozen=True)
class Coding:
    """What the values of a table mean. ``categorical``: columns whose values are levels; ``ordinal``: their levels,
    lowest first; ``missing``: values that mean missing anywhere; ``codes``: the same by column."""

    categorical: frozenset[str] = frozenset()
    ordinal: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    missing: Sequence[Any] = ()
    codes: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def text(self, raw: RawTable, column: str) -> pd.Series:
        """A column as text, NaN where missing, (n_rows,) object."""
        found, codes = as_text(raw.column(column)), self._codes(column)
        missing = found.isin([text_of(code) for code in codes])
        if numbers := _numeric(codes):
            missing |= pd.to_numeric(found, errors="coerce").isin(numbers)
        return found.where(~missing, np.nan)

    def values(self, raw: RawTable, column: str) -> pd.Series:
        """A column as it becomes a feature: float64, or text (object) if categorical."""
        if column in self.categorical:
            return self.text(raw, column)
        if column in self.ordinal:
            return _ranks(raw, column, self.text(raw, column), self.ordinal[column])
        return pd.Series(self._numbers(raw, column), index=raw.frame.index)

    def table(self, raw: RawTable, columns: Sequence[str]) -> pd.DataFrame:
        """Many columns as they become features, (n_rows, n_columns)."""
        special = self.categorical.union(self.ordinal, self.codes)
        read = dict(zip(raw.columns, raw.frame.dtypes, strict=True))
        plain = [name for name in columns if name not in special and _is_number(read[name])]
        known = set(plain)
        others = {name: self.values(raw, name) for name in columns if name not in known}
        values = np.array(raw.frame[plain].to_numpy(np.float64, na_value=np.nan))
        if codes := _numeric(self.missing):
            values[np.isin(values, codes)] = np.nan
        table = pd.DataFrame(values, index=raw.frame.index, columns=plain)
        return pd.concat([table, pd.DataFrame(others, index=table.index)], axis=1)[list(columns)] if others else table

    def _codes(self, column: str) -> list[Any]:
        return [*self.missing, *self.codes.get(column, ())]

    def _numbers(self, raw: RawTable, column: str) -> np.ndarray:
        values, codes = raw.column(column), self._codes(column)
        numbers = (
            values.to_numpy(np.float64, na_value=np.nan)
            if _is_number(values.dtype)
            else _parsed(raw, column, values, {text_of(code) for code in codes})
        )
        return np.where(np.isin(numbers, _numeric(codes)), np.nan, numbers)


def _parsed(raw: RawTable, column: str, values: pd.Series, codes: set[str]) -> np.ndarray:
    """The numbers of a column that was read as text; RB009 if a value is none."""
    text = as_text(values)
    text = text.where(~text.isin(codes | {"None", "none"}), np.nan)
    plain = text.str.replace(",", ".", regex=False) if raw.decimal == "," else text
    numbers = pd.to_numeric(plain, errors="coerce")
    bad = np.flatnonzero(numbers.isna() & text.notna())
    if len(bad) or pd.api.types.is_bool_dtype(values.dtype):
        raise _text_error(raw, column, text, bad if len(bad) else np.flatnonzero(text.notna()))
    return numbers.to_numpy(np.float64)


def _text_error(raw: RawTable, column: str, text: pd.Series, bad: np.ndarray) -> TableError:
    value = text.iloc[bad[0]]
    place = raw.place(text.index[bad[0]])
    if re.fullmatch(r"[+-]?\d+,\d+", value):
        advice = "If this is a decimal comma: decimal: ','."
    else:
        advice = f"Declare categorical, ordinal or missing_codes for '{column}', or drop it."
    found = f"column '{column}' holds text in {len(bad)} of {len(text)} rows (first: '{value}', {place})"
    return TableError("RB009", raw.name, f"{found}. {advice}")


def _ranks(raw: RawTable, column: str, text: pd.Series, said: Sequence[Any]) -> pd.Series:
    """0, 1, 2 ... by the order of the levels; RB010 if a value is not among them."""
    present = sorted(text.dropna().unique())
    levels = [same_text(level, present) or text_of(level) for level in said]
    ranks = text.map({level: float(rank) for rank, level in enumerate(levels)})
    other = np.flatnonzero(ranks.isna() & text.notna())
    if len(other):
        value = text.iloc[other[0]]
        message = (
            f"column '{column}' has the value '{value}' ({raw.place(text.index[other[0]])}), which is no level of "
        )
        message += f"ordinal.{did_you_mean(value, levels)} Levels: {', '.join(levels)}"
        raise TableError("RB010", raw.name, message)
    return ranks.astype(np.float64)


def _is_number(kind: Any) -> bool:
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def _numeric(codes: Sequence[Any]) -> list[float]:
    """Those missing codes that are numbers."""
    return [float(code) for code in codes if isinstance(code, int | float) or _NUMBER.fullmatch(code)]
