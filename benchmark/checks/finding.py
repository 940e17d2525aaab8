"""What ``radbench check`` finds: one line each, with a stable code that ``docs/checks.md`` explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")


@dataclass(frozen=True)
class Code:
    """``title``: the finding in a few words. ``level``: ``error`` stops the run or makes its results wrong, ``warning``
    wants a look before publishing, ``info`` is good to know."""

    title: str
    level: Level


CODES: dict[str, Code] = {
    # A table that cannot be used: loading stops.
    "RB001": Code("damaged or ragged table", "error"),
    "RB002": Code("empty table", "error"),
    "RB003": Code("one column only", "error"),
    "RB004": Code("column name twice in the header", "error"),
    "RB005": Code("duplicate ids", "error"),
    "RB006": Code("rows without an id", "error"),
    "RB007": Code("ids that match nowhere", "error"),
    "RB008": Code("cases without a row", "error"),
    "RB009": Code("text in a feature column", "error"),
    "RB010": Code("unknown level of an ordinal column", "error"),
    "RB011": Code("readings that do not fit", "error"),
    "RB012": Code("one class only", "error"),
    "RB013": Code("patient, batch or role not known", "error"),
    "RB014": Code("no feature left", "error"),
    "RB015": Code("follow-up that cannot be read", "error"),
    "RB016": Code("subgroup that cannot be cut", "error"),
    # What loading left out, as it was told.
    "RB020": Code("cases left out", "warning"),
    "RB021": Code("columns left out", "info"),
    # Features.
    "RB030": Code("constant columns", "warning"),
    "RB031": Code("duplicate columns", "warning"),
    "RB032": Code("mostly missing columns", "warning"),
    "RB033": Code("infinite values", "error"),
    "RB034": Code("very large values", "warning"),
    "RB035": Code("feature equals the outcome", "error"),
    "RB036": Code("feature nearly defines the outcome", "warning"),
    "RB037": Code("possible code for missing values", "warning"),
    "RB038": Code("negative volume", "warning"),
    "RB039": Code("row number or id among the features", "warning"),
    "RB040": Code("already standardised", "warning"),
    # Cases.
    "RB050": Code("same features in two cases", "warning"),
    "RB051": Code("filled rows", "warning"),
    # Outcome and roles.
    "RB060": Code("rare class", "warning"),
    "RB061": Code("many more features than events", "info"),
    "RB062": Code("role without a class", "warning"),
    "RB063": Code("patient in several roles", "warning"),
    # Batch and covariates.
    "RB070": Code("tiny batch", "warning"),
    "RB071": Code("batch confounded with the outcome", "warning"),
    "RB072": Code("batch not seen in training", "warning"),
    "RB073": Code("other units in another batch", "warning"),
    "RB074": Code("missing covariate", "warning"),
    # Readings.
    "RB080": Code("features identical in all readings", "warning"),
    "RB081": Code("few repeated readings", "warning"),
    "RB082": Code("test-retest subjects named as cases", "warning"),
}
"""The menu of codes. A code is never given another meaning; a new check gets a new one."""


@dataclass(frozen=True)
class Finding:
    """``where``: a block, a table, or ``cohort``. ``message``: what was found, with the first examples."""

    code: str
    level: Level
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.code} {self.level} {self.where}: {self.message}"


def found(code: str, where: str, message: str) -> Finding:
    """A finding with the level of its code."""
    return Finding(code, CODES[code].level, where, message)
