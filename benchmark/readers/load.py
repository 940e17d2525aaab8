"""From the declared tables to the cohort: read, join by case, and leave nothing out silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmark.cohort import Block, Cohort
from benchmark.errors import ConfigError
from benchmark.readers.declaration import CohortDeclaration, LabelDeclaration
from benchmark.readers.features import Features, read_features
from benchmark.readers.files import find_file
from benchmark.readers.follow_up import FOLLOW_UP, PARTS, follow_up
from benchmark.readers.labels import Outcome, Tables, outcome, roles
from benchmark.readers.selection import Selection, select
from benchmark.readers.source import Place, TableReader
from benchmark.readers.subgroups import SUBGROUPS, subgroups
from benchmark.readers.table_error import TableError
from benchmark.reliability import Readings

MAYBE_FEATURES = ("covariates", "subgroups")
"""Sections of labels whose columns stay features where a block has them."""


def load_cohort(declaration: CohortDeclaration, folder: Path, *, unlabelled: bool = False) -> Cohort:
    """The declared cohort; file names are relative to ``folder`` (see ``benchmark.readers.files``). With ``unlabelled``
    it may declare no outcome, as a phantom has none: every case then has the empty label, and there are no classes.

    Raises ``ConfigError`` with the key's place for what the YAML says wrongly, ``TableError`` with a code for what is
    wrong in a table.
    """
    reader = TableReader(folder, declaration.case, _text_columns(declaration), declaration.missing_cases != "error")
    blocks, tables = _read(declaration, reader)
    if declaration.patient is not None:
        tables = replace(tables, patient=tables.label(declaration.patient, ("cohort", "patient")).dropna())
    blocks = {name: _per_case(tables, features) for name, features in blocks.items()}
    if declaration.outcome is None and not unlabelled:
        raise ConfigError("the cohort declares no outcome: add cohort.outcome", path=("cohort",))
    found = _outcome(declaration, tables, blocks)
    _check_ids(blocks, found)
    selection = select(declaration, tables, blocks, found)
    if declaration.outcome is not None:
        _check_classes(found, selection)
    return _cohort(declaration, tables, blocks, found, selection)


def _outcome(declaration: CohortDeclaration, tables: Tables, blocks: Mapping[str, Features]) -> Outcome:
    said, place = declaration.outcome, ("cohort", "outcome")
    if said is not None:
        return outcome(tables.label(said, place), said, tables.sources(said, place)[0], place)
    everyone = sorted(set().union(*(features.table.index for features in blocks.values())))
    return Outcome(pd.Series("", index=pd.Index(everyone, dtype=object), dtype=object), (), "cohort")


def files_of(declaration: CohortDeclaration, folder: Path) -> dict[str, Path]:
    """Every file that a cohort is read from: its name in the YAML, and where it is."""
    names: list[str] = []
    for block in declaration.blocks.values():
        names += [block.file, *block.readings, *(block.test_retest.files if block.test_retest else ())]
    names += [said.file for said in _labels(declaration).values() if said.file is not None]
    return {name: find_file(name, folder) for name in names}


def _labels(declaration: CohortDeclaration) -> dict[Place, LabelDeclaration]:
    """Every label that is declared, by its place in the YAML."""
    named = {name: getattr(declaration, name) for name in ("outcome", "patient", "batch", "role")}
    labels: dict[Place, LabelDeclaration] = {("cohort", name): said for name, said in named.items() if said is not None}
    if declaration.follow_up is not None:
        labels |= {(*FOLLOW_UP, part): declaration.follow_up.label(part) for part in PARTS}
    labels |= {("cohort", "covariates", name): said for name, said in declaration.covariates.items()}
    return labels | {(*SUBGROUPS, name): said for name, said in declaration.subgroups.items()}


def _text_columns(declaration: CohortDeclaration) -> frozenset[str]:
    """The columns that are names, labels or levels: as numbers they would lose leading zeros."""
    columns = {*declaration.case, *declaration.only, *declaration.exclude}
    for block in declaration.blocks.values():
        columns |= {*(block.case or ()), *block.only, *block.categorical, *block.ordinal}
        if block.reading:
            columns.add(block.reading.column)
        if block.test_retest:
            columns |= {*(block.test_retest.case or ()), *block.test_retest.only}
    for said in _labels(declaration).values():
        columns |= {said.column, *(said.case or ()), *said.only}
    return frozenset(columns)


def _read(declaration: CohortDeclaration, reader: TableReader) -> tuple[dict[str, Features], Tables]:
    """The features of each block, and every table that may hold a label."""
    labels = _labels(declaration)
    never = {
        said.column: "the " + " ".join(map(str, place[1:])).replace("_", "-")
        for place, said in labels.items()
        if place[1] not in MAYBE_FEATURES
    }
    never |= {column: f"what {word} goes by" for word in ("only", "exclude") for column in getattr(declaration, word)}
    owner = declaration.patient.column if declaration.patient else None
    blocks = {
        name: read_features(
            reader, said, never, path=("cohort", "blocks", name), patient=owner if said.per == "patient" else None
        )
        for name, said in declaration.blocks.items()
    }
    files = {
        place: reader.source(said.file, said, path=place, patient=owner if said.per == "patient" else None)
        for place, said in labels.items()
        if said.file is not None
    }
    return blocks, Tables({name: features.source for name, features in blocks.items()}, files)


def _per_case(tables: Tables, features: Features) -> Features:
    """The same with one row per case where the file has one per patient."""
    if not features.source.per_patient or tables.patient is None:
        return features
    owner = tables.patient[tables.patient.isin(features.table.index)]
    if owner.empty:
        here, there = features.table.index[0], tables.patient.iloc[0]
        message = f"none of its {len(features.table)} ids is a patient ('{here}' here, '{there}' there)."
        raise TableError("RB007", features.source.raw.name, message)
    tables_per_case = [table.reindex(owner).set_axis(owner.index, axis=0) for table in features.readings]
    return replace(features, readings=tuple(tables_per_case))


def _check_ids(blocks: Mapping[str, Features], found: Outcome) -> None:
    """RB007 if no id of a table is one of the outcome's, or no id of a further reading is one of the block's."""
    for features in blocks.values():
        file, first = features.source.raw.name, features.table.index
        pairs = [(file, first, found.where, found.values.index.union(found.others))]
        pairs += [
            (f"reading {n} of {file}", more.index, file, first) for n, more in enumerate(features.readings[1:], 2)
        ]
        for where, ids, other, known in pairs:
            if len(known) and not ids.isin(known).any():
                here = f"('{ids[0]}' here, '{known[0]}' there)" if len(ids) else ""
                raise TableError(
                    "RB007", where, f"none of its {len(ids)} ids is in {other} {here}. Expected the same ids."
                )


def _check_classes(found: Outcome, selection: Selection) -> None:
    left = set(found.values[selection.cases])
    absent = [label for label in found.classes if label not in left]
    if len(left) < 2 or found.classes[-1] in absent:
        present = ", ".join(f"'{label}'" for label in found.classes if label in left) or "none"
        dropped = "; ".join(f"{one.count} dropped: {one.reason}" for one in selection.dropped)
        message = f"{len(selection.cases)} cases are left, of class {present} only. Expected two classes or more."
        raise TableError("RB012", found.where, message + (f" ({dropped})" if dropped else ""))


def _cohort(
    declaration: CohortDeclaration, tables: Tables, blocks: Mapping[str, Features], found: Outcome, selection: Selection
) -> Cohort:
    cases = pd.Index(selection.cases, name="case")

    def label(name: str) -> pd.Series | None:
        said = getattr(declaration, name)
        return None if said is None else tables.label(said, ("cohort", name)).reindex(cases).astype(object)

    values, timed = found.values.reindex(cases), declaration.follow_up
    role, patient, batch = label("role"), label("patient"), label("batch")
    if role is not None and declaration.role is not None:
        said = declaration.role
        role = roles(role, said, tables.sources(said, ("cohort", "role"))[0], ("cohort", "role"))
    if patient is None:
        patient = pd.Series(cases.to_numpy(object), index=cases, dtype=object)
    covariates = {
        name: tables.covariate(said, ("cohort", "covariates", name)).reindex(cases)
        for name, said in declaration.covariates.items()
    }
    files = [one for source in tables.files.values() for one in source.dropped]
    dropped = [one for features in blocks.values() for one in features.dropped] + files
    return Cohort(
        name=declaration.name,
        blocks=_with_differences(
            declaration, {name: _block(declaration, name, features, cases) for name, features in blocks.items()}
        ),
        outcome=values.astype(object).rename("outcome"),
        classes=tuple(label for label in found.classes if (values == label).any()),
        patient=patient.rename("patient"),
        batch=None if batch is None else batch.rename("batch"),
        role=None if role is None else role.rename("role"),
        covariates=pd.DataFrame(covariates, index=cases),
        dropped=(*dict.fromkeys(dropped), *selection.dropped),
        partial=declaration.missing_cases == "keep",
        follow_up=None if timed is None else follow_up(tables, timed, cases, found.classes),
        subgroups=subgroups(tables, declaration.subgroups, cases),
    )


def _with_differences(declaration: CohortDeclaration, blocks: dict[str, Block]) -> dict[str, Block]:
    """The blocks, and those declared as changes between two of them."""
    made = {}
    for name, said in declaration.differences.items():
        after, before = (blocks[part] for part in said.of)
        numeric = [column for column in after.table.columns if column not in after.categorical]
        shared = [column for column in numeric if column in before.table.columns and column not in before.categorical]
        if not shared:
            message = f"difference '{name}': blocks {after.name} and {before.name} have no numeric feature in common"
            raise ConfigError(message, path=("cohort", "differences", name))
        change = after.table[shared].astype(float) - before.table[shared].astype(float)
        if said.relative:
            change = change / before.table[shared].astype(float).abs().replace(0.0, np.nan)
        made[name] = Block(
            name,
            declaration.family(name),
            change,
            image=declaration.image(name),
            source=f"{after.name} - {before.name}",
        )
    return {**blocks, **made}


def _block(declaration: CohortDeclaration, name: str, features: Features, cases: pd.Index) -> Block:
    said, levels = declaration.blocks[name], features.source.coding.categorical
    numeric = [column for column in features.table.columns if column not in levels]
    if features.external:
        readings = _stacked(features.external, numeric, None)
    elif len(features.readings) > 1:
        readings = _stacked(features.readings, numeric, cases)
        if readings.subjects.empty:
            raise TableError("RB011", features.source.raw.name, "no case of the cohort has two readings.")
    else:
        readings = None
    return Block(
        name=name,
        family=declaration.family(name),
        table=features.table.reindex(cases),
        image=declaration.image(name),
        categorical=tuple(column for column in features.table.columns if column in levels),
        readings=readings,
        source=said.file,
    )


def _stacked(tables: Sequence[pd.DataFrame], numeric: list[str], cases: pd.Index | None) -> Readings:
    """The readings of the subjects that have two or more; of ``cases``, or of subjects outside the cohort if None."""
    ids = pd.Index(np.concatenate([table.index.to_numpy(object) for table in tables]), dtype=object)
    count = ids.value_counts()
    subjects = pd.Index(sorted(count.index[count > 1]), dtype=object)
    if cases is not None:
        subjects = subjects[subjects.isin(cases)]
    values = np.stack([table[numeric].reindex(subjects).to_numpy(np.float64) for table in tables], axis=1)
    return Readings(subjects, tuple(numeric), values, external=cases is None)
