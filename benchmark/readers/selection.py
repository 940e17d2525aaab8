"""Which cases are in the cohort, and what became of the others: every one is counted, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from benchmark.cohort import Dropped
from benchmark.errors import first_of
from benchmark.readers.declaration import CohortDeclaration, LabelDeclaration
from benchmark.readers.features import Features
from benchmark.readers.labels import Outcome, Tables
from benchmark.readers.source import Place, accepted
from benchmark.readers.table_error import TableError

ABSENT = {"impute": "no row: to be imputed", "keep": "no row: left out of models with this block"}


@dataclass(frozen=True, eq=False)
class Selection:
    """``cases``: those left, sorted by name. ``dropped``: what was left out so far."""

    cases: pd.Index
    dropped: tuple[Dropped, ...] = ()

    def without(self, gone: pd.Index, where: str, reason: str) -> Selection:
        """The selection without some cases; the others of ``gone`` left before."""
        left = self.cases[self.cases.isin(gone)]
        if left.empty:
            return self
        record = Dropped("cases", where, len(left), reason, tuple(map(str, left[:3])))
        return Selection(self.cases[~self.cases.isin(gone)], (*self.dropped, record))


def select(
    declaration: CohortDeclaration, tables: Tables, blocks: Mapping[str, Features], outcome: Outcome
) -> Selection:
    """The cases with an outcome and, by the declared policy, a row in every block."""
    everyone = set(outcome.values.index).union(outcome.others, *(features.table.index for features in blocks.values()))
    selection = Selection(pd.Index(sorted(everyone), dtype=object))
    selection = _asked_for(selection, declaration, tables)
    selection = selection.without(outcome.others, outcome.where, outcome.reason)
    selection = selection.without(selection.cases.difference(outcome.values.index), outcome.where, "no outcome")
    selection = _with_rows(selection, blocks, declaration.missing_cases)
    for name in ("patient", "batch", "role"):
        said: LabelDeclaration | None = getattr(declaration, name)
        if said is not None:
            selection = _said_of_all(selection, tables, said, name, declaration.missing_cases)
    return selection


def _asked_for(selection: Selection, declaration: CohortDeclaration, tables: Tables) -> Selection:
    """The cases with the values of ``only``, and of these none with the values of ``exclude``."""
    for word, said in (("only", declaration.only), ("exclude", declaration.exclude)):
        for column, values in said.items():
            place: Place = ("cohort", word, column)
            text = tables.label(LabelDeclaration(column=column), place).reindex(selection.cases)
            named = accepted(values, sorted(text.dropna().unique()), f"column '{column}'", place)
            gone = text.isin(named) if word == "exclude" else ~text.isin(named)
            selection = selection.without(selection.cases[gone], "cohort", f"{word} {column}: {', '.join(named)}")
    return selection


def _with_rows(selection: Selection, blocks: Mapping[str, Features], policy: str) -> Selection:
    """RB008 if a case has no row in some block, unless such cases are dropped or imputed."""
    cases = selection.cases
    present = {name: features.table.index[features.table.notna().any(axis=1)] for name, features in blocks.items()}
    absent = {name: cases[~cases.isin(found)] for name, found in present.items()}
    absent = {name: lost for name, lost in absent.items() if len(lost)}
    if policy == "error" and absent:
        told = [f"no row for {first_of(lost)} of {len(cases)} cases in {name}" for name, lost in absent.items()]
        empty = sum(int(lost.isin(blocks[name].table.index).sum()) for name, lost in absent.items())
        note = f" ({empty} of them: a row without any value)" if empty else ""
        where = blocks[next(iter(absent))].source.raw.name
        raise TableError("RB008", where, f"{'; '.join(told)}{note}. Set missing_cases: drop, impute or keep.")
    if policy in ("impute", "keep"):
        everywhere = cases if len(absent) == len(blocks) else cases[:0]
        for lost in absent.values():
            everywhere = everywhere[everywhere.isin(lost)]
        selection = selection.without(everywhere, "cohort", "no row in any block")
        absent = {name: lost[~lost.isin(everywhere)] for name, lost in absent.items()}
        records = [Dropped("rows", name, len(lost), ABSENT[policy], tuple(lost[:3])) for name, lost in absent.items()]
        return replace(selection, dropped=(*selection.dropped, *(one for one in records if one.count)))
    for name, lost in absent.items():
        selection = selection.without(lost, name, "no row")
    return selection


def _said_of_all(selection: Selection, tables: Tables, said: LabelDeclaration, name: str, policy: str) -> Selection:
    """RB013 if patient, batch or role of a case is not known, unless such cases are dropped."""
    label = tables.label(said, ("cohort", name))
    unsaid = selection.cases.difference(label.dropna().index)
    if unsaid.empty or policy == "drop":
        return selection.without(unsaid, name, f"no {name}")
    where = tables.sources(said, ("cohort", name))[0].raw.name
    if len(unsaid) == len(selection.cases):
        known = f"('{unsaid[0]}' there, '{label.index[0]}' here)" if len(label) else ""
        raise TableError("RB007", where, f"no case of the cohort has a value of '{said.column}' {known}.")
    found = f"no {name} ('{said.column}') for {first_of(unsaid)} of {len(selection.cases)} cases."
    raise TableError("RB013", where, f"{found} Fill it in, or set missing_cases: drop.")
