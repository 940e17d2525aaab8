"""A cohort: cases x features in named blocks, the outcome, and what travels with each row.

A case is a row; a patient may own several. Cases are sorted by name and one index serves every table. What was
dropped at loading, and why, is kept for the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of, unknown
from benchmark.frame import BATCH, COVARIATE, PATIENT, column_of
from benchmark.reliability import Readings

ROLES = ("train", "tune", "internal", "external")


@dataclass(frozen=True, eq=False)
class Block:
    """One table of features.

    ``table``: (n_cases, n_features), index = case names, columns = feature names; float64, or object for the
    categorical columns named in ``categorical``; a case without a row is all NaN. ``image``: whether image steps
    (ComBat, ICC) touch it by default. ``readings``: repeated readings of the same features as read from the files, or
    None. ``source``: the file it came from.
    """

    name: str
    family: str
    table: pd.DataFrame
    image: bool = True
    categorical: tuple[str, ...] = ()
    readings: Readings | None = None
    source: str = ""


@dataclass(frozen=True)
class Dropped:
    """``count`` things (``cases``, ``columns``) left out at loading, with the reason and up to three names."""

    what: str
    where: str
    count: int
    reason: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FollowUp:
    """``table`` (n_cases, 2): ``time`` above 0 and ``event``, 1 or 0 (censored), NaN in both where unknown. ``risk``:
    the class of the outcome whose probability is the risk of the event; empty if the outcome has not two classes."""

    table: pd.DataFrame
    risk: str


@dataclass(frozen=True, eq=False)
class Cohort:
    """The cases of one study.

    ``outcome``: class label as text per case. ``classes``: the labels in order; the positive class of a binary
    outcome is last. ``patient``: text per case (the case itself if the study has no such column). ``batch``: text per
    case, or None. ``role``: one of ``ROLES`` per case, or None. ``covariates``: (n_cases, n_covariates), float64 or
    object, maybe without columns. ``dropped``: what loading left out. ``partial``: a case may lack a block, and then it
    is left out of every model that has the block. ``follow_up``, or None, and ``subgroups`` (n_cases, n_subgroups),
    categories in the order of their levels, are for the results: no model reads them. Raises ``DataError`` if an index
    differs.
    """

    name: str
    blocks: Mapping[str, Block]
    outcome: pd.Series
    classes: tuple[str, ...]
    patient: pd.Series
    batch: pd.Series | None = None
    role: pd.Series | None = None
    covariates: pd.DataFrame = field(default_factory=pd.DataFrame)
    dropped: tuple[Dropped, ...] = ()
    partial: bool = False
    follow_up: FollowUp | None = None
    subgroups: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        for name in ("covariates", "subgroups"):
            if len(getattr(self, name).columns) == 0:
                object.__setattr__(self, name, pd.DataFrame(index=self.outcome.index))
        cases = self.cases
        if cases.has_duplicates:
            raise DataError(f"cohort {self.name}: duplicate cases: {first_of(cases[cases.duplicated()])}")
        if not cases.is_monotonic_increasing:
            raise DataError(f"cohort {self.name}: the cases are not sorted by name")
        parts: dict[str, pd.Series | pd.DataFrame | None] = {
            "patient": self.patient, "batch": self.batch, "role": self.role, "covariates": self.covariates,
            "follow-up": None if self.follow_up is None else self.follow_up.table, "subgroups": self.subgroups,
            **{f"block {name}": block.table for name, block in self.blocks.items()},
        }  # fmt: skip
        for what, part in parts.items():
            if part is not None and not part.index.equals(cases):
                raise DataError(f"cohort {self.name}: {what} has another index than the outcome")

    @property
    def cases(self) -> pd.Index:
        """The case names, sorted."""
        return self.outcome.index

    @property
    def positive(self) -> str:
        """The positive class of a binary outcome."""
        return self.classes[-1]

    @cached_property
    def codes(self) -> pd.Series:
        """The outcome as 0 .. n_classes - 1; 1 is the positive class of a binary outcome."""
        code = {label: number for number, label in enumerate(self.classes)}
        return self.outcome.map(code).astype(np.int64)

    @cached_property
    def grouped(self) -> bool:
        """Whether a patient owns several cases."""
        return bool(self.patient.duplicated().any())

    @property
    def families(self) -> dict[str, tuple[str, ...]]:
        """The blocks of each family."""
        found: dict[str, list[str]] = {}
        for block in self.blocks.values():
            found.setdefault(block.family, []).append(block.name)
        return {family: tuple(names) for family, names in found.items()}

    def cases_with(self, blocks: Iterable[str]) -> pd.Index:
        """The cases that models of these blocks can use: all, or in a partial cohort those with a row in each."""
        if not self.partial:
            return self.cases
        return self.cases[np.all([self.block(name).table.notna().any(axis=1) for name in blocks], axis=0)]

    def block(self, name: str) -> Block:
        """A block by name; ``DataError`` with the nearest name if there is none."""
        if name not in self.blocks:
            raise DataError(unknown("block", name, self.blocks))
        return self.blocks[name]

    def frame(self, blocks: Iterable[str], *, batch: bool = True, covariates: Iterable[str] = ()) -> pd.DataFrame:
        """The frame of the named blocks: one row per case, features as ``block::feature``, and the reserved columns."""
        parts = []
        for name in blocks:
            table = self.block(name).table
            parts.append(table.set_axis([column_of(name, feature) for feature in table.columns], axis=1))
        reserved = pd.DataFrame({PATIENT: self.patient}, index=self.cases)
        if batch and self.batch is not None:
            reserved[BATCH] = self.batch
        for name in covariates:
            reserved[COVARIATE + name] = self.covariates[name]
        return pd.concat([*parts, reserved], axis=1)

    def fingerprint(self, blocks: Iterable[str]) -> str:
        """A hash of all that a fit on these blocks may read: values, readings, outcome, patient, batch, covariates."""
        digest = hashlib.sha256()
        for name in sorted(blocks):
            block = self.block(name)
            digest.update(f"{name}|{block.family}|{block.image}|{block.categorical}".encode())
            digest.update(_hash(block.table))
            if block.readings is not None:
                digest.update(block.readings.fingerprint().encode())
        digest.update("|".join(self.classes).encode())
        for part in (self.outcome, self.patient, self.batch, self.covariates):
            if part is not None:
                digest.update(_hash(part.to_frame() if isinstance(part, pd.Series) else part))
        return digest.hexdigest()


def _hash(table: pd.DataFrame) -> bytes:
    names = "\x1f".join(map(str, table.columns)).encode()
    return hashlib.sha256(names + pd.util.hash_pandas_object(table, index=True).to_numpy().tobytes()).digest()
