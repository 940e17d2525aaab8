"""Checks of the cases: who was left out, and who is there twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmark.checks.finding import Finding, found
from benchmark.checks.numbers import Numbers, numbers
from benchmark.cohort import Cohort
from benchmark.errors import first_of

FEWEST_FEATURES = 5  # fewer may well agree by chance
FILLED = 0.95


def left_out(cohort: Cohort) -> Iterator[Finding]:
    """RB020, RB021: what loading left out or has to impute."""
    for one in cohort.dropped:
        message = f"{first_of(one.examples, one.count)} {one.what}: {one.reason}" if one.examples else (
            f"{one.count} {one.what}: {one.reason}"
        )  # fmt: skip
        yield found("RB021" if one.what == "columns" else "RB020", one.where, message)


def duplicates(cohort: Cohort) -> Iterator[Finding]:
    """RB050: two cases with the same values in all features of an image block."""
    for part in numbers(cohort):
        groups = same_features(part) if part.block.image else []
        if groups:
            unlike = sum(cohort.outcome[group].nunique() > 1 for group in groups)
            pairs = [" = ".join(map(str, group)) for group in groups]
            told = f"; {unlike} of them with different outcomes" if unlike else ""
            yield found("RB050", part.block.name, f"the same features in {first_of(pairs)} groups of cases{told}")


def same_features(part: Numbers) -> list[list[str]]:
    """Groups of cases with the same values in all features that vary, if those are enough to tell cases apart."""
    values = part.values[:, part.varying]
    if values.shape[1] < FEWEST_FEATURES:
        return []
    some = np.flatnonzero(~np.isnan(values).all(axis=1))
    rows = pd.Series([(values[row] + 0.0).tobytes() for row in some], index=part.block.table.index[some])
    again = rows[rows.duplicated(keep=False)]
    return [list(group.index) for _, group in again.groupby(again, sort=False)]


def filled(cohort: Cohort) -> Iterator[Finding]:
    """RB051: an image block's row that holds one value nearly throughout: a failed extraction, or a mean filled in."""
    for part in numbers(cohort):
        if not part.block.image or len(part.names) < FEWEST_FEATURES:
            continue
        some = np.flatnonzero(~np.isnan(part.values).any(axis=1))
        values = part.values[some]
        alike = (values == np.median(values, axis=1, keepdims=True)).mean(axis=1) >= FILLED
        if alike.any():
            names = cohort.cases[some[alike]]
            yield found("RB051", part.block.name, f"one value nearly throughout in the rows of {first_of(names)} cases")
