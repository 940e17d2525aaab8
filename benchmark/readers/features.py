"""One block: which columns of its table are features, what they mean, and their repeated readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from benchmark.cohort import Dropped
from benchmark.errors import ConfigError, first_of
from benchmark.readers.coding import Coding
from benchmark.readers.columns import matching, non_features
from benchmark.readers.declaration import BlockDeclaration, ReadingDeclaration, RetestDeclaration
from benchmark.readers.raw import RawTable
from benchmark.readers.source import Place, Source, TableReader, accepted, require
from benchmark.readers.table_error import TableError

NOT_FIRST = "no column of the first reading"


@dataclass(frozen=True, eq=False)
class Features:
    """``readings``: one table per reading, index = case (or patient), one row each; the first is the block's table.
    ``external``: the same of subjects outside the cohort. ``dropped``: rows and columns left out."""

    source: Source
    readings: tuple[pd.DataFrame, ...]
    external: tuple[pd.DataFrame, ...]
    dropped: tuple[Dropped, ...]

    @property
    def table(self) -> pd.DataFrame:
        """The block's table."""
        return self.readings[0]


def read_features(
    reader: TableReader, said: BlockDeclaration, labels: Mapping[str, str], *, path: Place, patient: str | None
) -> Features:
    """The features of a block declared at ``path``. ``labels``: columns that say something else of the case, and what;
    ``patient``: the column that names the patient, if a row belongs to a patient."""
    source = reader.source(said.file, said, path=path, patient=patient)
    source = replace(source, coding=_coding(source.raw, said, path))
    names, dropped = _chosen(source, said, labels, path)
    if said.reading is None:
        source.unique()
        tables = [_table(source, names)]
    else:
        tables = _long(source, said.reading, names, (*path, "reading"))
    for number, file in enumerate(said.readings):
        key: Place = ("readings", number)
        other = replace(reader.source(file, said, path=path, key=key, patient=patient), coding=source.coding)
        other.unique()
        dropped += _same_features(other, names, source)
        tables.append(_table(other, names))
    external: list[pd.DataFrame] = []
    if said.test_retest is not None:
        external = _retest(reader, said.test_retest, names, source, (*path, "test_retest"))
    return Features(source, tuple(tables), tuple(external), (*source.dropped, *dropped))


def _coding(raw: RawTable, said: BlockDeclaration, path: Place) -> Coding:
    for key, columns in (("ordinal", said.ordinal), ("missing_codes", said.missing_codes)):
        for column in columns:
            require(raw, [column], (*path, key, column))
    categorical = matching(said.categorical, raw.columns, raw.name, path=(*path, "categorical"))
    both = sorted(categorical & set(said.ordinal))
    if both:
        raise ConfigError(f"'{both[0]}' is categorical and ordinal: choose one", path=(*path, "ordinal", both[0]))
    return Coding(frozenset(categorical), said.ordinal, said.missing_values, said.missing_codes)


def _chosen(
    source: Source, said: BlockDeclaration, labels: Mapping[str, str], path: Place
) -> tuple[list[str], list[Dropped]]:
    """The features in the order of the table, and what was left out without being asked for."""
    raw, named = source.raw, said.columns
    wanted = set(raw.columns)
    if named is not None:
        wanted = matching(named, raw.columns, raw.name, path=(*path, "columns"))
        for number, column in enumerate(named):
            if column in labels:
                place: Place = (*path, "columns", number)
                raise ConfigError(f"'{column}' is {labels[column]}: it cannot be a feature", path=place)
    wanted -= matching(said.drop, raw.columns, raw.name, path=(*path, "drop"))
    wanted -= {*source.keys, *([said.reading.column] if said.reading else [])}
    others = {column: reason for column, reason in non_features(raw.columns).items() if column not in (named or ())}
    reasons = {column: reason for column, reason in {**others, **labels}.items() if column in wanted}
    names = [column for column in raw.columns if column in wanted and column not in reasons]
    if len(set(names)) < len(names):
        raw.column(next(column for column in names if names.count(column) > 1))
    if not names:
        raise TableError("RB014", raw.name, "no feature is left: the other columns are ids, labels or dropped.")
    return names, _left_out(raw, reasons)


def _left_out(raw: RawTable, reasons: Mapping[str, str]) -> list[Dropped]:
    counted = Counter(reasons[column] for column in raw.columns if column in reasons)
    return [
        Dropped("columns", raw.name, n, reason, tuple(column for column, why in reasons.items() if why == reason)[:3])
        for reason, n in counted.items()
    ]


def _table(source: Source, names: Sequence[str]) -> pd.DataFrame:
    return source.coding.table(source.raw, names).set_axis(pd.Index(source.cases, name="case"), axis=0)


def _long(source: Source, said: ReadingDeclaration, names: Sequence[str], path: Place) -> list[pd.DataFrame]:
    """One table per value of the reading's column."""
    raw = source.raw
    require(raw, [said.column], (*path, "column"))
    reading = source.coding.text(raw, said.column)
    nameless = raw.frame.index[reading.isna()]
    if len(nameless):
        found = f"{len(nameless)} rows have no value of '{said.column}' (first: {raw.place(nameless[0])})."
        raise TableError("RB006", raw.name, f"{found} Expected the reading of each row.")
    present = _in_order(list(reading.unique()))
    levels = present if said.order is None else accepted(said.order, present, f"{raw.name}, '{said.column}'", path)
    if set(levels) != set(present):
        other = [level for level in present if level not in levels]
        raise ConfigError(f"{raw.name}: '{said.column}' has {first_of(other)} values that are not in order", path=path)
    if len(levels) < 2:
        raise TableError("RB011", raw.name, f"'{said.column}' is always '{levels[0]}': there is only one reading.")
    tables = []
    for level in levels:
        rows = reading.index[reading == level]
        one = replace(raw, frame=raw.frame.loc[rows], name=f"{raw.name}, {said.column} {level}")
        part = replace(source, raw=one, cases=source.cases[rows])
        part.unique()
        tables.append(_table(part, names))
    return tables


def _in_order(levels: Sequence[str]) -> list[str]:
    """By number if all are numbers, else by name."""
    numbers = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
    return sorted(levels) if numbers.isna().any() else [level for _, level in sorted(zip(numbers, levels, strict=True))]


def _same_features(other: Source, names: Sequence[str], first: Source) -> list[Dropped]:
    """RB011 if a table lacks features of the first; columns of its own are left out."""
    there = set(other.raw.columns)
    missing = [column for column in names if column not in there]
    if missing:
        message = f"{first_of(missing)} of {len(names)} features of {first.raw.name} are not in it."
        raise TableError("RB011", other.raw.name, f"{message} Readings need the same features.")
    known = {*first.raw.columns, *other.keys}
    return _left_out(other.raw, {column: NOT_FIRST for column in other.raw.columns if column not in known})


def _retest(
    reader: TableReader, said: RetestDeclaration, names: Sequence[str], first: Source, path: Place
) -> list[pd.DataFrame]:
    """The readings of subjects outside the cohort."""
    tables = []
    for number, file in enumerate(said.files):
        key: Place = ("files", number)
        source = replace(reader.source(file, said, path=path, key=key), coding=first.coding)
        _same_features(source, names, first)
        if said.reading is None:
            source.unique()
            tables.append(_table(source, names))
        else:
            tables += _long(source, said.reading, names, (*path, "reading"))
    return tables
