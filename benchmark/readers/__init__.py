"""Readers: from files to a cohort. ``FORMATS`` is the menu of table formats, by the ending of the file's name.

A reader takes the path, the options and the columns to read as text, and gives the table as the file holds it. To add
a format: one file and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path

from benchmark.errors import ConfigError
from benchmark.readers import csv, excel, parquet
from benchmark.readers.raw import RawTable, TableOptions

FORMATS: dict[str, Callable[[Path, TableOptions, Container[str]], RawTable]] = {
    ".csv": csv.read,
    ".tsv": csv.read,
    ".tab": csv.read,
    ".txt": csv.read,
    ".parquet": parquet.read,
    ".xlsx": excel.read,
    ".xlsm": excel.read,
}


def read_table(path: Path, options: TableOptions, text: Container[str] = ()) -> RawTable:
    """The table of a file, by the ending of its name (before ``.gz``)."""
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending not in FORMATS:
        raise ConfigError(f"{path.name}: unknown table format '{ending}'. Known: {', '.join(FORMATS)} (text also .gz)")
    return FORMATS[ending](path, options, text)
