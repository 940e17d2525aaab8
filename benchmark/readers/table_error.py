"""A table that cannot be used, with the stable code that ``docs/checks.md`` explains."""

from __future__ import annotations

from benchmark.errors import DataError


class TableError(DataError):
    """``code``: as in ``RB005``; ``where``: the file or block; ``message``: what was found and expected, one line."""

    def __init__(self, code: str, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.code = code
        self.where = where
        self.message = message
