"""A table with the case of each row, and the reading of every table that a cohort names, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.cohort import Dropped
from benchmark.errors import ConfigError, first_of, unknown
from benchmark.readers import read_table
from benchmark.readers.coding import Coding
from benchmark.readers.declaration import OptionsDeclaration
from benchmark.readers.files import find_file
from benchmark.readers.raw import RawTable, TableOptions
from benchmark.readers.table_error import TableError
from benchmark.readers.text import as_text, same_text, text_of

Place = tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Source:
    """``cases``: (n_rows,) the case (or, with ``per_patient``, the patient) of each row, index as in ``raw.frame``.
    ``keys``: the columns that name it and those which chose the rows. ``dropped``: rows left out."""

    raw: RawTable
    cases: pd.Series
    keys: tuple[str, ...]
    coding: Coding = field(default_factory=Coding)
    per_patient: bool = False
    dropped: tuple[Dropped, ...] = ()

    def by_case(self, column: str, *, as_feature: bool = False) -> pd.Series:
        """A column, one value per case, sorted by case: text, or what it is ``as_feature``. RB005 if a case has two."""
        values = self.coding.values(self.raw, column) if as_feature else self.coding.text(self.raw, column)
        table = pd.DataFrame({"case": self.cases.to_numpy(object), "value": values.to_numpy()}).drop_duplicates()
        several = table[table["value"].notna()].groupby("case")["value"].nunique()
        conflict = several[several > 1]
        if len(conflict):
            case = conflict.index[0]
            found = ", ".join(f"'{value}'" for value in table.loc[table["case"] == case, "value"].dropna()[:3])
            raise TableError(
                "RB005", self.raw.name, f"{first_of(conflict.index)} of {len(several)} cases have several values of "
                f"'{column}' ('{case}': {found}). Expected one row per case.",
            )  # fmt: skip
        first = table.groupby("case", sort=True)["value"].first()
        return first if pd.api.types.is_numeric_dtype(values.dtype) else first.astype(object)

    def unique(self) -> None:
        """RB005 if a case has several rows."""
        again = self.cases[self.cases.duplicated()]
        if again.empty:
            return
        first = again.iloc[0]
        places = [self.raw.place(row) for row in self.cases.index[self.cases == first][:2]]
        raise TableError(
            "RB005", self.raw.name, f"{first_of(again.unique())} of {self.cases.nunique()} ids come more than once "
            f"({' and '.join(places)}). If the rows are readings of one case: reading: <column>; if one patient owns "
            "several cases: case: [<patient>, <lesion>].",
        )  # fmt: skip


@dataclass(eq=False)
class TableReader:
    """Reads the tables of one cohort; a file that is named twice is read once. ``text``: columns to read as text."""

    folder: Path
    case: tuple[str, ...]
    text: frozenset[str]
    drop_nameless: bool
    _read: dict[tuple[Path, TableOptions], RawTable] = field(default_factory=dict)

    def source(
        self, file: str, said: OptionsDeclaration, *, path: Place, key: Place = ("file",), patient: str | None = None
    ) -> Source:
        """The table of a file named in the section at ``path``, at ``key`` below it. ``patient``: the column that names
        the patient, if the rows belong to patients."""
        raw = self._raw(find_file(file, self.folder, path=(*path, *key)), said.options, path)
        named = said.case or ((patient,) if patient else self.case)
        require(raw, named, (*path, "case") if said.case else ("cohort", "case"))
        raw, dropped = _only(raw, said.only, (*path, "only"))
        cases, nameless = self._cases(raw, named)
        if len(cases) < len(raw.frame):
            raw = replace(raw, frame=raw.frame.loc[cases.index])
        return Source(raw, cases, (*named, *said.only), per_patient=patient is not None, dropped=(*dropped, *nameless))

    def _raw(self, file: Path, options: TableOptions, path: Place) -> RawTable:
        if (file, options) not in self._read:
            try:
                self._read[file, options] = read_table(file, options, self.text)
            except ConfigError as error:
                raise ConfigError(str(error), path=path) from None
        return self._read[file, options]

    def _cases(self, raw: RawTable, named: Sequence[str]) -> tuple[pd.Series, list[Dropped]]:
        """The case of each row that has one. Rows that are blank throughout do not count; RB006 for others."""
        parts = [as_text(raw.column(column)) for column in named]
        nameless = pd.concat(parts, axis=1).isna().any(axis=1)
        if not nameless.any():
            return _joined(parts), []
        blank = raw.frame[nameless].isna().all(axis=1)
        places = tuple(raw.place(row) for row in blank.index[~blank])
        if len(places) and not self.drop_nameless:
            found = f"{len(places)} of {len(raw.frame)} rows have no id in '{' / '.join(named)}' (first: {places[0]})."
            raise TableError("RB006", raw.name, f"{found} Give it one, or set missing_cases: drop or impute.")
        dropped = [Dropped("rows", raw.name, len(places), "no id", places[:3])] if places else []
        return _joined([part[~nameless] for part in parts]), dropped


def _joined(parts: Sequence[pd.Series]) -> pd.Series:
    cases = parts[0]
    for part in parts[1:]:
        cases = cases + "/" + part
    return cases


def require(raw: RawTable, columns: Sequence[str], path: Place) -> None:
    """``ConfigError`` at ``path`` with the nearest name if the table has no such column."""
    for column in columns:
        if column not in raw.columns:
            raise ConfigError(f"{raw.name}: {unknown('column', column, raw.columns)}", path=path)


def accepted(values: Sequence[Any], present: Sequence[str], where: str, path: Place) -> list[str]:
    """The texts of a table that the values of the YAML mean; ``ConfigError`` at ``path`` if one means none."""
    found = [same_text(value, present) for value in values]
    for value, text in zip(values, found, strict=True):
        if text is None:
            raise ConfigError(f"{where}: {unknown('value', text_of(value), present)}", path=path)
    return [text for text in found if text is not None]


def _only(raw: RawTable, only: Mapping[str, Sequence[Any]], path: Place) -> tuple[RawTable, list[Dropped]]:
    dropped = []
    for column, values in only.items():
        require(raw, [column], (*path, column))
        text = as_text(raw.column(column))
        wanted = accepted(values, sorted(text.dropna().unique()), f"{raw.name}, column '{column}'", (*path, column))
        keep = text.isin(wanted)
        dropped.append(Dropped("rows", raw.name, int((~keep).sum()), f"only {column}: {', '.join(wanted)}"))
        raw = replace(raw, frame=raw.frame[keep])
    return raw, [one for one in dropped if one.count]
