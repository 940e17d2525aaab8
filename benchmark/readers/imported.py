"""Predictions made elsewhere, as an arm of an experiment: an end-to-end network, human readers, a published score.

A table with one row per case (or several, of folds and repeats: their mean is taken) and a column of probabilities of
the positive class, or one for each class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from benchmark.cohort import Cohort, Dropped
from benchmark.errors import ConfigError, DataError, first_of, unknown
from benchmark.readers.declaration import OptionsDeclaration
from benchmark.readers.source import Place, Source, TableReader, require

TOLERANCE = 1e-6
"""How far the probabilities of a case may be from a sum of 1."""


class ImportedDeclaration(OptionsDeclaration):
    """Where the probabilities of a model are: ``score`` for two classes, ``scores`` for more; ``truth``: a column of
    outcomes to compare with those of the cohort; ``outcome``: the only one of several that it predicts."""

    file: str
    score: str | None = None
    scores: dict[str, str] = Field(default={}, description="Column of the probabilities of each class.")
    truth: str | None = None
    outcome: str | None = None

    @classmethod
    def short(cls) -> str:
        """``CNN: cnn.csv``."""
        return "file"

    @model_validator(mode="after")
    def _one_way(self) -> ImportedDeclaration:
        if (self.score is None) == (not self.scores):
            raise ValueError("should name its column of probabilities: score for two classes, scores for more")
        return self


@dataclass(frozen=True, eq=False)
class Imported:
    """``scores``: the probabilities of each model, (n_cases, n_classes), index and columns as in the cohort.
    ``strange``: the cases of their tables that the cohort does not have."""

    scores: Mapping[str, pd.DataFrame]
    strange: tuple[Dropped, ...]


def read_imported(
    said: Mapping[str, ImportedDeclaration], cohort: Cohort, case: tuple[str, ...], folder: Path
) -> Imported:
    """The imported models of a cohort.

    Raises ``ConfigError`` for a wrong column, ``DataError`` for cases that are missing or whose truth is another, and
    for what is no probability.
    """
    text = frozenset([*case, *(column for one in said.values() for column in (*(one.case or ()), *one.only))])
    reader = TableReader(folder, case, text, drop_nameless=True)
    sources = {name: reader.source(one.file, one, path=("imported", name)) for name, one in said.items()}
    scores = {name: _scores(name, one, sources[name], cohort) for name, one in said.items()}
    return Imported(scores, tuple(one for name, source in sources.items() for one in _strange(name, source, cohort)))


def _strange(name: str, source: Source, cohort: Cohort) -> list[Dropped]:
    cases = sorted(set(source.cases) - set(cohort.cases))
    where = f"{source.raw.name}, imported '{name}'"
    return [Dropped("cases", where, len(cases), "not in the cohort", tuple(cases[:3]))] if cases else []


def _scores(name: str, said: ImportedDeclaration, source: Source, cohort: Cohort) -> pd.DataFrame:
    place: Place = ("imported", name)
    columns = _columns(said, cohort, place)
    require(source.raw, [*columns.values()], place)
    _require_cases(name, source, cohort)
    if said.truth is not None:
        _require_truth(name, said.truth, source, cohort, place)
    found = pd.DataFrame({label: _by_case(name, source, column) for label, column in columns.items()})
    found = found.reindex(cohort.cases)
    if said.score is not None:
        found[cohort.classes[0]] = 1 - found[cohort.classes[1]]
    found = found[list(cohort.classes)]
    _require_probabilities(name, source.raw.name, found)
    return found


def _columns(said: ImportedDeclaration, cohort: Cohort, place: Place) -> dict[str, str]:
    if said.score is not None:
        if len(cohort.classes) > 2:
            message = f"score is for two classes, the outcome has {len(cohort.classes)}: name scores, one per class"
            raise ConfigError(message, path=(*place, "score"))
        return {cohort.positive: said.score}
    for label in said.scores:
        if label not in cohort.classes:
            raise ConfigError(unknown("class", label, cohort.classes), path=(*place, "scores", label))
    absent = [label for label in cohort.classes if label not in said.scores]
    if absent:
        raise ConfigError(f"no column for class '{absent[0]}'", path=(*place, "scores"))
    return said.scores


def _by_case(name: str, source: Source, column: str) -> pd.Series:
    """The mean over the rows of a case."""
    numbers = pd.to_numeric(source.raw.column(column), errors="coerce")
    if numbers.isna().any():
        case = source.cases[numbers.isna()].iloc[0]
        raise DataError(f"{source.raw.name}: imported '{name}': '{column}' is no number for case '{case}'")
    return numbers.groupby(source.cases.to_numpy(object)).mean()


def _require_cases(name: str, source: Source, cohort: Cohort) -> None:
    missing = cohort.cases[~cohort.cases.isin(source.cases)]
    if len(missing):
        strange = sorted(set(source.cases) - set(cohort.cases))
        told = f"; {first_of(strange)} of its cases are not in the cohort" if strange else ""
        raise DataError(
            f"{source.raw.name}: imported '{name}' has no prediction for {first_of(missing)} of {len(cohort.cases)} "
            f"cases{told}. Expected one for every case"
        )


def _require_truth(name: str, column: str, source: Source, cohort: Cohort, place: Place) -> None:
    require(source.raw, [column], (*place, "truth"))
    truth = source.by_case(column).reindex(cohort.cases)
    # a class that stands for several of the file's classes says nothing about each
    differ = cohort.cases[((truth != cohort.outcome) & truth.isin(cohort.classes)).to_numpy()]
    if len(differ):
        case = differ[0]
        raise DataError(
            f"{source.raw.name}: imported '{name}' has another truth for {first_of(differ)} cases "
            f"('{truth[case]}' there, '{cohort.outcome[case]}' in the cohort)"
        )


def _require_probabilities(name: str, file: str, scores: pd.DataFrame) -> None:
    values = scores.to_numpy(float)
    bad = np.any((values < 0) | (values > 1), axis=1)
    off = np.abs(values.sum(axis=1) - 1) > TOLERANCE
    for rows, what in ((bad, "outside [0, 1]"), (off & ~bad, "that do not sum to 1")):
        if rows.any():
            told = first_of(scores.index[np.flatnonzero(rows)])
            raise DataError(f"{file}: imported '{name}': probabilities {what} for {told} of {len(scores)} cases")
