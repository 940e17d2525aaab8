"""The numbers behind a table as CSV, at full precision: what reads the file gets the very same doubles."""

from __future__ import annotations

from benchmark.tables.table import Table


def to_csv(table: Table) -> str:
    """All rows and columns of the table's data; undefined numbers are empty."""
    return table.data.to_csv(index=False, lineterminator="\n")
