"""Sheets of Excel workbooks (``.xlsx``, ``.xlsm``)."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, unknown
from benchmark.readers.raw import RawTable, TableOptions
from benchmark.readers.table_error import TableError


def read(path: Path, options: TableOptions, text: Container[str]) -> RawTable:
    """The table of a sheet. Its first row that is not blank is the header; blank rows are no rows."""
    rows, sheet = _rows(path, options.sheet)
    name = f"{path.name}[{sheet}]"
    filled = [number for number, row in enumerate(rows) if any(cell not in (None, "") for cell in row)]
    if not filled:
        raise TableError("RB002", name, "the sheet is empty. Expected a header and one row per case.")
    width = max(len(rows[number]) for number in filled)
    header, *body = [(*rows[number], *[None] * (width - len(rows[number]))) for number in filled]
    names = ["" if cell is None else str(cell).strip() for cell in header]
    if not body:
        raise TableError("RB002", name, f"a header of {sum(map(bool, names))} columns but no rows.")
    columns = {number: pd.Series([row[number] for row in body]) for number in range(width)}
    frame = pd.concat(columns, axis=1).set_axis(names, axis=1)
    return RawTable(name, frame, np.array(filled[1:]) + 1, unit="row")


def _rows(path: Path, sheet: str | None) -> tuple[list[tuple[Any, ...]], str]:
    try:
        import openpyxl
    except ImportError:
        raise ConfigError(f"{path.name}: reading Excel needs openpyxl: pip install 'radbench[excel]'") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError) as error:
        raise TableError("RB001", path.name, f"cannot be read as an Excel workbook: {error}") from None
    try:
        if sheet is None and len(book.sheetnames) > 1:
            names = ", ".join(book.sheetnames)
            raise ConfigError(f"{path.name} has {len(book.sheetnames)} sheets: {names}. Say which: sheet: ...")
        if sheet is not None and sheet not in book.sheetnames:
            raise ConfigError(f"{path.name}: {unknown('sheet', sheet, book.sheetnames)}")
        chosen = book[sheet or book.sheetnames[0]]
        return list(chosen.iter_rows(values_only=True)), chosen.title
    finally:
        book.close()
