"""A table of a paper: text only, nothing left to compute, and beside it the same rows unrounded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from benchmark.tables.rounding import MISSING

_NUMBER = re.compile(
    r"[+−<-]?(\d[\d.,]*(e-?\d+)?|∞)%?(/\d+)?( (s|min|h)|, [\d.,]+| ± [\d.,]+)?((–| to )[+−]?\d[\d.,]*)?( [(\[].*[)\]])?"
)


@dataclass(frozen=True)
class Table:
    """``header`` and ``rows``: text, all of one length. ``notes``: sentences below the table. ``strong``: the numbers
    of the rows that stand out. ``data``: what the rows were written from at full precision, perhaps with more rows
    and columns than fit on paper; it is what the CSV holds."""

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    strong: frozenset[int] = frozenset()
    data: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False, repr=False)

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"table {self.name}: a row of {len(row)} cells below {len(self.header)} headings: {row}"
                )

    @cached_property
    def numeric(self) -> tuple[bool, ...]:
        """Per column, whether it holds numbers (with sign, interval, range or unit, or a dash for a missing one)."""
        columns: list[tuple[Any, ...]] = list(zip(*self.rows, strict=True)) or [()] * len(self.header)
        return tuple(_all_numbers(cells) for cells in columns)

    @cached_property
    def group_starts(self) -> tuple[int, ...]:
        """The numbers of the rows that begin a new group: the first column changes, and some group has several rows."""
        first = [row[0] for row in self.rows]
        starts = tuple(i for i in range(1, len(first)) if first[i] != first[i - 1])
        return starts if len(starts) + 1 < len(first) else ()


def _all_numbers(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell == MISSING or _NUMBER.fullmatch(cell) for cell in filled)


def listing(
    name: str, caption: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, notes: tuple[str, ...] = ()
) -> Table | None:
    """A table of words, whose data are its own cells; None without rows."""
    rows = tuple(rows)
    columns = [heading.lower().replace(" ", "_") for heading in header]
    return Table(name, caption, header, rows, notes, data=pd.DataFrame(rows, columns=columns)) if rows else None
