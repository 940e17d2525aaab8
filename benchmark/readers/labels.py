"""What is said of each case beside its features: outcome, patient, batch, role, covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmark.cohort import ROLES
from benchmark.errors import ConfigError, did_you_mean, first_of, unknown
from benchmark.readers import radmlbench
from benchmark.readers.declaration import CovariateDeclaration, LabelDeclaration, OutcomeDeclaration, RoleDeclaration
from benchmark.readers.source import Place, Source
from benchmark.readers.text import same_text, text_of

_TRUTH = {"True": True, "False": False}  # what YAML makes of the keys yes and no
MOST_CLASSES = 20  # more are a number or a name, not an outcome in classes


@dataclass(frozen=True, eq=False)
class Tables:
    """``blocks``: the table of each block; ``files``: of each label that names a file, by the label's place.
    ``patient``: the patient of each case, once it is known."""

    blocks: Mapping[str, Source]
    files: Mapping[Place, Source]
    patient: pd.Series | None = None

    def sources(self, said: LabelDeclaration, path: Place) -> list[Source]:
        """The tables that have a label: the one it names, else every one with such a column."""
        if said.block is not None and said.block not in self.blocks:
            raise ConfigError(unknown("block", said.block, self.blocks), path=(*path, "block"))
        known = [
            one
            for one in (*self.blocks.values(), *self.files.values())
            if self.patient is not None or not one.per_patient
        ]
        named = [self.blocks[said.block]] if said.block is not None else [self.files[path]] if said.file else known
        found = [source for source in named if said.column in source.raw.columns]
        if not found:
            where = ", ".join(dict.fromkeys(source.raw.name for source in named))
            columns = dict.fromkeys(column for source in reversed(named) for column in source.raw.columns)
            raise ConfigError(f"{where}: {unknown('column', said.column, columns)}", path=(*path, "column"))
        return found

    def label(self, said: LabelDeclaration, path: Place) -> pd.Series:
        """Text per case (object), NaN where it is not known; ``ConfigError`` if two tables disagree."""
        return self._agreed([(source, source.by_case(said.column)) for source in self.sources(said, path)], said, path)

    def covariate(self, said: CovariateDeclaration, path: Place) -> pd.Series:
        """A covariate per case: float64, or text (object)."""
        sources = self.sources(said, path)
        column, levels = said.column, said.categorical or any(said.column in one.coding.categorical for one in sources)
        ranked = [source for source in sources if column in source.coding.ordinal]
        if ranked:
            return self._agreed([(source, source.by_case(column, as_feature=True)) for source in ranked], said, path)
        text = self._agreed([(source, source.by_case(column)) for source in sources], said, path)
        numbers = pd.to_numeric(text, errors="coerce")
        return text if levels or (numbers.isna() & text.notna()).any() else numbers.astype(np.float64)

    def of_cases(self, source: Source, values: pd.Series) -> pd.Series:
        """Values per patient as values per case; those per case as they are."""
        if not source.per_patient or self.patient is None:
            return values
        return pd.Series(values.reindex(self.patient).to_numpy(), index=self.patient.index)

    def _agreed(self, found: list[tuple[Source, pd.Series]], said: LabelDeclaration, path: Place) -> pd.Series:
        first, values = found[0]
        values = self.of_cases(first, values)
        for source, series in found[1:]:
            other = self.of_cases(source, series)
            both = values.dropna().index.intersection(other.dropna().index)
            differ = both[(values[both] != other[both]).to_numpy()]
            if len(differ):
                raise ConfigError(
                    f"'{said.column}' is in {first.raw.name} and in {source.raw.name} with other values for "
                    f"{first_of(differ)} cases. Say which: file or block.", path=path,
                )  # fmt: skip
            values = values.combine_first(other)
        return values


@dataclass(frozen=True, eq=False)
class Outcome:
    """``values``: class label per case that has one. ``classes``: the labels, the positive one last. ``others``: cases
    of classes that are left out, ``reason`` says why. ``where``: the table it is in."""

    values: pd.Series
    classes: tuple[str, ...]
    where: str
    others: pd.Index = field(default_factory=lambda: pd.Index([], dtype=object))
    reason: str = ""


def outcome(text: pd.Series, said: OutcomeDeclaration, source: Source, path: Place) -> Outcome:
    """The classes of the outcome's text per case. ``ConfigError`` if the positive class is unclear or unknown."""
    where = f"{source.raw.name}, outcome '{said.column}'"
    known = _merged(text.dropna(), said, where, path)
    counts = known.value_counts().sort_index()
    if said.negative is None and len(counts) > MOST_CLASSES:
        raise ConfigError(f"{where}: {len(counts)} values, expected a few classes: {_shown(counts)}", path=path)
    positive = _positive(counts, said, source, where, path)
    if said.negative is None:
        others = [label for label in counts.index if label != positive]
        return Outcome(known, (*others, positive) if positive is not None else tuple(others), source.raw.name)
    negative = [_class(value, counts, where, (*path, "negative")) for value in said.negative]
    if positive in negative:
        raise ConfigError(f"{where}: '{positive}' is positive and negative", path=(*path, "negative"))
    label = " or ".join(negative)
    values = known[known.isin([positive, *negative])].where(lambda classes: classes == positive, label)
    rest = known[~known.isin([positive, *negative])]
    reason = f"outcome {', '.join(sorted(rest.unique()))} is neither positive nor negative"
    return Outcome(values, (label, str(positive)), source.raw.name, rest.index, reason)


def _merged(known: pd.Series, said: OutcomeDeclaration, where: str, path: Place) -> pd.Series:
    """The classes with those of ``merge`` under their new name."""
    counts = known.value_counts().sort_index()
    new: dict[str, str] = {}
    for name, classes in said.merge.items():
        for value in classes:
            old = _class(value, counts, where, (*path, "merge", name))
            if new.setdefault(old, name) != name:
                message = f"{where}: class '{old}' is merged into '{new[old]}' and into '{name}'"
                raise ConfigError(message, path=(*path, "merge", name))
    return known.map(lambda label: new.get(label, label)) if new else known


def roles(text: pd.Series, said: RoleDeclaration, source: Source, path: Place) -> pd.Series:
    """Role per case from the column's text; ``ConfigError`` for a value that is given none."""
    found = text.dropna()
    present = sorted(found.unique())
    asked = {role: role for role in ROLES} if said.values is None else said.values
    meaning = {same_text(_TRUTH.get(value, value), present) or value: role for value, role in asked.items()}
    unset = found[~found.isin(list(meaning))]
    if len(unset):
        value = unset.iloc[0]
        n = int((found == value).sum())
        raise ConfigError(
            f"{source.raw.name}: '{said.column}' has the value '{value}' ({n} cases), which is given no role. "
            f"Say it: values: {{{value}: {' | '.join(ROLES)}}}", path=(*path, "values"),
        )  # fmt: skip
    unused = [value for value in meaning if said.values is not None and value not in present]
    if unused:
        raise ConfigError(
            f"{source.raw.name}, '{said.column}': {unknown('value', unused[0], present)}",
            path=(*path, "values", unused[0]),
        )
    return text.map(meaning).astype(object)


def _positive(counts: pd.Series, said: OutcomeDeclaration, source: Source, where: str, path: Place) -> str | None:
    if said.positive is not None:
        return _class(said.positive, counts, where, (*path, "positive"))
    if radmlbench.is_radmlbench(source.raw.columns) and said.column == radmlbench.TARGET:
        return radmlbench.POSITIVE if radmlbench.POSITIVE in counts.index else None
    if len(counts) == 2 or said.negative is not None:
        raise ConfigError(f"{where}: say which class is positive: {_shown(counts)}", path=path)
    return None


def _class(value: object, counts: pd.Series, where: str, path: Place) -> str:
    found = same_text(value, counts.index)
    if found is None:
        hint = " YAML reads an unquoted yes, no, true or false as a truth value: use quotes." * isinstance(value, bool)
        raise ConfigError(
            f"{where}: no class '{text_of(value)}'.{hint or did_you_mean(text_of(value), counts.index)} "
            f"Found: {_shown(counts)}", path=path,
        )  # fmt: skip
    return found


def _shown(counts: pd.Series) -> str:
    listed = [f"'{label}' ({n})" for label, n in counts.items()]
    return ", ".join(listed[:10]) + (", ..." if len(listed) > 10 else "")
