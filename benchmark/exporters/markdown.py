"""A table as Markdown (a pipe table, as GitHub reads it), caption above and notes below."""

from __future__ import annotations

import re
from collections.abc import Iterable

from benchmark.tables.table import Table

_SPECIAL = re.compile(r"[\\|*`\[\]~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")


def to_markdown(table: Table) -> str:
    """Numbers to the right, words to the left, the rows that stand out in bold."""
    rows = [
        _row(map(escape, table.header)),
        _row("---:" if numeric else "---" for numeric in table.numeric),
        *(_row(_strong(cells) if i in table.strong else map(escape, cells)) for i, cells in enumerate(table.rows)),
    ]
    notes = ["", *(f"- {escape(note)}" for note in table.notes)] if table.notes else []
    return "\n".join([f"**{escape(table.caption)}**", "", *rows, *notes, ""])


def escape(text: str) -> str:
    """Text on one line that Markdown shows as it is; an underscore inside a word needs no escape."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _strong(cells: Iterable[str]) -> Iterable[str]:
    return (f"**{escape(cell)}**" if cell.strip() else "" for cell in cells)
