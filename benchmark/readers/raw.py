"""A table as its file holds it: before anybody says what is a feature, a label or a missing value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from benchmark.readers.table_error import TableError

MISSING = (
    "", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "-nan", "-NaN", "NULL", "null", "#N/A", "#NA", "<NA>", "#N/A N/A",
)  # fmt: skip
"""What stands for a missing value in any column. ``None`` does so in numeric columns only: it may be a level."""


@dataclass(frozen=True)
class TableOptions:
    """How a file is to be read: ``separator`` None means by the file's name and header; ``sheet`` None the only one."""

    separator: str | None = None
    decimal: Literal[".", ","] = "."
    sheet: str | None = None


@dataclass(frozen=True, eq=False)
class RawTable:
    """``name``: the file's name, for messages. ``frame``: rows as read, index 0 .. n - 1; a name may come twice.
    ``lines``: (n_rows,) the line of each row in the file. ``unit``: what a line is called there."""

    name: str
    frame: pd.DataFrame
    lines: np.ndarray
    unit: str = "line"
    decimal: str = "."

    @cached_property
    def columns(self) -> list[str]:
        """The names in the header."""
        return list(self.frame.columns)

    def place(self, row: int) -> str:
        """``line 190``: where a row of ``frame`` stands in the file."""
        return f"{self.unit} {self.lines[row]}"

    def column(self, name: str) -> pd.Series:
        """A column by name; RB004 if the header has it twice."""
        found = self.frame[name]
        if isinstance(found, pd.DataFrame):
            at = [number for number, column in enumerate(self.columns, 1) if column == name]
            raise TableError(
                "RB004", self.name, f"the header has '{name}' {len(at)} times (columns {', '.join(map(str, at))}). "
                "Rename or remove one.",
            )  # fmt: skip
        return found
