"""The subgroups by which results are told: the level of each case."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError
from benchmark.readers.declaration import SubgroupDeclaration
from benchmark.readers.labels import Tables
from benchmark.readers.source import Place
from benchmark.readers.table_error import TableError
from benchmark.readers.text import first_value, numbers_of

SUBGROUPS: Place = ("cohort", "subgroups")
NOT_KNOWN = "not known"
MOST_LEVELS = 20


def subgroups(tables: Tables, declared: Mapping[str, SubgroupDeclaration], cases: pd.Index) -> pd.DataFrame:
    """The levels of the ``cases``, (n_cases, n_subgroups), as categories in their order: by number if all are numbers,
    else by name, cases of which it is not known last."""
    return pd.DataFrame({name: _levels(tables, name, said, cases) for name, said in declared.items()}, index=cases)


def _levels(tables: Tables, name: str, said: SubgroupDeclaration, cases: pd.Index) -> pd.Categorical:
    place: Place = (*SUBGROUPS, name)
    raw = tables.sources(said, place)[0].raw
    text = tables.label(said, place).reindex(cases).astype(object)
    if said.cut is not None:
        text, order = _cut(text, said.cut, f"column '{said.column}'", raw.name, raw.decimal)
    else:
        order = _in_order(text)
    present = [level for level in order if (text == level).any()]
    if len(present) > MOST_LEVELS:
        raise ConfigError(
            f"{raw.name}, column '{said.column}': {len(present)} levels (first: {', '.join(present[:3])}), expected at "
            f"most {MOST_LEVELS}. Numbers are cut into ranges by cut: [50, 65]", path=place,
        )  # fmt: skip
    last = [NOT_KNOWN] if text.isna().any() else []
    return pd.Categorical(text.fillna(NOT_KNOWN), list(dict.fromkeys([*present, *last])))


def _in_order(text: pd.Series) -> list[str]:
    levels = sorted(set(text.dropna()))
    numbers = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
    return levels if numbers.isna().any() else [levels[place] for place in np.argsort(numbers, kind="stable")]


def _cut(text: pd.Series, cut: tuple[float, ...], column: str, where: str, decimal: str) -> tuple[pd.Series, list[str]]:
    """The range of each number, and the names of all ranges; RB016 if a value is no number."""
    numbers = numbers_of(text, decimal)
    bad = numbers.isna() & text.notna()
    if bad.any():
        message = f"{column}: {first_value(text[bad])} is no number and cannot be cut into ranges."
        raise TableError("RB016", where, message)
    ends = [f"{end:g}" for end in cut]
    between = [f"{low} to below {high}" for low, high in pairwise(ends)]
    names = [f"below {ends[0]}", *between, f"{ends[-1]} or more"]
    place = np.searchsorted(cut, numbers.fillna(cut[0]), side="right")
    return pd.Series(np.array(names, object)[place], index=text.index).where(text.notna()), names
