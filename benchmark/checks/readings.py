"""Checks of repeated readings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmark.checks.finding import Finding, found
from benchmark.cohort import Block, Cohort
from benchmark.errors import first_of
from benchmark.reliability import Readings

FEWEST = 10


def repeated(cohort: Cohort) -> Iterator[Finding]:
    """RB080: features that no second reading changes. RB081: few subjects. RB082: outside subjects named as cases."""
    for block in cohort.blocks.values():
        if block.readings is not None:
            yield from _of_block(cohort, block, block.readings)


def _of_block(cohort: Cohort, block: Block, readings: Readings) -> Iterator[Finding]:
    values = readings.values
    with np.errstate(invalid="ignore"):  # inf - inf
        spread = np.fmax.reduce(values, axis=1) - np.fmin.reduce(values, axis=1)
    varies = np.fmax.reduce(values, axis=(0, 1)) > np.fmin.reduce(values, axis=(0, 1))
    same = varies & ~(spread != 0).any(axis=0)
    if same.any():
        names = [name for name, one in zip(readings.features, same, strict=True) if one]
        message = f"{first_of(names)} of {len(same)} features are identical in all readings: were they read again?"
        yield found("RB080", block.name, message)
    if len(readings.subjects) < FEWEST:
        yield found(
            "RB081", block.name, f"{len(readings.subjects)} subjects have repeated readings, fewer than {FEWEST}"
        )
    named = readings.subjects[readings.subjects.isin(cohort.cases)]
    if readings.external and len(named):
        yield found("RB082", block.name, f"{first_of(named)} subjects of test_retest have the name of a case")
