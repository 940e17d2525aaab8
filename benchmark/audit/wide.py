"""Blocks whose features are many enough for their distribution to say something."""

from __future__ import annotations

from collections.abc import Iterator

from benchmark.checks.features import FEWEST
from benchmark.checks.numbers import Numbers, numbers
from benchmark.cohort import Cohort


def wide(cohort: Cohort) -> Iterator[Numbers]:
    """Blocks with ten varying features and cases or more."""
    return (part for part in numbers(cohort) if part.varying.sum() >= FEWEST and len(part.values) >= FEWEST)
