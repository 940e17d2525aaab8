"""Files of tables. To add a format: a function ``(table) -> text`` and one line here."""

from __future__ import annotations

from collections.abc import Callable

from benchmark.exporters import csv, latex, markdown
from benchmark.tables.table import Table

EXPORTERS: dict[str, Callable[[Table], str]] = {
    ".csv": csv.to_csv,
    ".md": markdown.to_markdown,
    ".tex": latex.to_latex,
}
"""By the ending of the file."""
