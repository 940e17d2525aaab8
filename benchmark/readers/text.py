"""Names and labels as text: ``007`` stays ``007``, and 1.0 of a spreadsheet is the 1 of another table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmark.readers.raw import MISSING

TRUE = ("true", "yes", "on", "y")
FALSE = ("false", "no", "off", "n")
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")


def as_text(values: pd.Series) -> pd.Series:
    """Text per row without blanks around it, NaN where there is none (object). ``.0`` goes if all are whole."""
    found = list(map(_text, values.astype(object)))
    present = [value for value in found if value not in MISSING]
    if any("." in value for value in present) and all(map(_WHOLE.fullmatch, present)):
        found = [value.partition(".")[0] for value in found]
    return pd.Series([np.nan if value in MISSING else value for value in found], index=values.index, dtype=object)


def text_of(value: Any) -> str:
    """A value of the YAML as the text that a table would have."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def numbers_of(text: pd.Series, decimal: str = ".") -> pd.Series:
    """The numbers that a text column holds, (n_rows,) float64; NaN where it holds none."""
    plain = text.astype(object).str.replace(decimal, ".", regex=False) if decimal != "." else text
    return pd.to_numeric(plain, errors="coerce").astype(np.float64)


def first_value(found: pd.Series) -> str:
    """``'lost' of case 'P3'``: the first of some values by case."""
    return f"'{found.iloc[0]}' of case '{found.index[0]}'"


def same_text(value: Any, present: Iterable[str]) -> str | None:
    """Which of the texts of a table a value of the YAML means, or None. YAML reads an unquoted yes as true."""
    texts = list(present)
    if text_of(value) in texts:
        return text_of(value)
    if isinstance(value, bool):
        words = TRUE if value else FALSE
        near = [text for text in texts if text.casefold() in words]
        return near[0] if len(near) == 1 else None
    return None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # NaN is not equal to itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat().removesuffix("T00:00:00")
    return str(value)
