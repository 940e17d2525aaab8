"""Text tables: CSV, TSV and their gzip.

Read by pandas' C engine (its pyarrow engine takes minutes on thousands of columns), after a look at the lines that
finds what pandas fills or cuts silently: rows with too few or too many fields.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Container, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmark.readers.raw import MISSING, RawTable, TableOptions
from benchmark.readers.table_error import TableError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


def read(path: Path, options: TableOptions, text: Container[str]) -> RawTable:
    """The table of a file; the columns named in ``text`` are read as text."""
    try:
        return _read(path, options, text)
    except (csv.Error, pd.errors.ParserError) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise TableError("RB001", path.name, f"cannot be cut into fields: {reason}. Look at its quotes.") from None


def _read(path: Path, options: TableOptions, text: Container[str]) -> RawTable:
    data = _utf8(_content(path), path.name)
    if not data.strip():
        raise TableError("RB002", path.name, "the file is empty. Expected a header and one row per case.")
    separator = options.separator or _separator(path, data)
    names = _header(data, separator)
    if len(names) == 1:
        raise _one_column(path.name, names[0], options.separator)
    lines = _lines(data, separator, len(names), path.name)
    if len(lines) == 1:
        raise TableError("RB002", path.name, f"a header of {len(names)} columns but no rows.")
    frame = pd.read_csv(
        io.BytesIO(data), sep=separator, decimal=options.decimal, header=0, names=list(range(len(names))),
        dtype={number: str for number, name in enumerate(names) if name in text},
        index_col=False, keep_default_na=False, na_values=list(MISSING), low_memory=False,
    )  # fmt: skip
    frame = frame.copy()  # one array per dtype: as parsed it is one per column, and every later step pays for that
    return RawTable(path.name, frame.set_axis(names, axis=1), lines[1:], decimal=options.decimal)


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TableError("RB001", path.name, f"the gzip file is damaged or cut off ({error}).") from None


def _utf8(data: bytes, name: str) -> bytes:
    """The same text as UTF-8 with ``\\n`` at the ends of lines and no byte-order mark."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", errors="replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found = f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x})"
            raise TableError("RB001", name, f"{found}. Save the table as 'CSV UTF-8'.") from None
    if b"\0" in data:
        raise TableError("RB001", name, "not a text file: it holds zero bytes. Expected CSV or TSV.")
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _separator(path: Path, data: bytes) -> str:
    """Tab for ``.tsv``, else the one of comma, semicolon and tab that cuts the header into most columns."""
    if ".tsv" in path.suffixes or ".tab" in path.suffixes:
        return "\t"
    return max(SEPARATORS, key=lambda separator: _width(data, separator))


def _width(data: bytes, separator: str) -> int:
    """Into how many columns it cuts the header: none if a field is too long, as of ten thousand columns left whole."""
    try:
        return len(_header(data, separator))
    except csv.Error:
        return 0


def _header(data: bytes, separator: str) -> list[str]:
    fields = next((fields for _, fields in _records(data, separator)), [])
    return [field.strip() for field in fields]


def _records(data: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The line at which each record begins, and its fields; blank lines are not records."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""), delimiter=separator)
    line = 1
    for fields in reader:
        if len(fields) > 1 or (fields and fields[0].strip(" ")):
            yield line, fields
        line = reader.line_num + 1


def _lines(data: bytes, separator: str, n_columns: int, name: str) -> np.ndarray:
    """The line of each record, the header first; RB001 if one has another number of fields than the header."""
    if b'"' in data:
        found = [(line, len(fields)) for line, fields in _records(data, separator)]
    else:
        cut = separator.encode()
        lines = enumerate(data.split(b"\n"), 1)
        found = [(number, line.count(cut) + 1) for number, line in lines if line.strip(b" \r")]
    counted = np.array(found)
    other = np.flatnonzero(counted[:, 1] != n_columns)
    if len(other):
        line, n = counted[other[0]]
        raise TableError(
            "RB001", name, f"line {line} has {n} fields, the header has {n_columns} (separator "
            f"{SEPARATORS.get(separator, repr(separator))}; {len(other)} such lines).",
        )  # fmt: skip
    return counted[:, 0]


def _one_column(name: str, header: str, said: str | None) -> TableError:
    tried = repr(said) if said else ", ".join(SEPARATORS.values())
    shown = header if len(header) <= 60 else header[:57] + "..."
    return TableError(
        "RB003", name, f"only one column came out: '{shown}' (tried: {tried}). Say how it is cut: separator: \"|\"."
    )
