"""Parquet tables."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow

from benchmark.readers.raw import RawTable, TableOptions
from benchmark.readers.table_error import TableError


def read(path: Path, options: TableOptions, text: Container[str]) -> RawTable:
    """The table of a file; a named index counts as a column."""
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise TableError("RB001", path.name, f"cannot be read as Parquet: {reason}") from None
    named = [name for name in frame.index.names if name is not None]
    frame = frame.reset_index(level=named).reset_index(drop=True) if named else frame.reset_index(drop=True)
    if frame.empty:
        raise TableError("RB002", path.name, f"{len(frame.columns)} columns but no rows.")
    frame = frame.set_axis([str(name).strip() for name in frame.columns], axis=1)
    return RawTable(path.name, frame, np.arange(1, len(frame) + 1), unit="row")
