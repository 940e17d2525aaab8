"""Checks of a cohort before anything is fitted on it. ``CHECKS`` is the menu: functions from cohort to findings.

To add a check: a code in ``finding.CODES``, a function in the file of its subject, a line here, and a section in
``docs/checks.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmark.checks import batches, cases, features, outcome, readings
from benchmark.checks.finding import CODES, LEVELS, Code, Finding, Level, found
from benchmark.cohort import Cohort
from benchmark.errors import DataError

__all__ = ["CHECKS", "CODES", "LEVELS", "Code", "Finding", "Level", "check_cohort", "finding_of"]

CHECKS: dict[str, Callable[[Cohort], Iterator[Finding]]] = {
    "left out": cases.left_out,
    "constant": features.constant,
    "duplicate columns": features.duplicates,
    "missing": features.mostly_missing,
    "large": features.large,
    "outcome among features": features.outcome_among,
    "missing codes": features.missing_codes,
    "volumes": features.negative_volumes,
    "identifiers": features.identifiers,
    "standardised": features.standardised,
    "duplicate cases": cases.duplicates,
    "filled": cases.filled,
    "events": outcome.events,
    "roles": outcome.roles,
    "batch sizes": batches.sizes,
    "confounding": batches.confounded,
    "unseen batches": batches.unseen,
    "units": batches.units,
    "covariates": batches.covariates,
    "readings": readings.repeated,
}


def check_cohort(cohort: Cohort, *, folds: int = 5) -> list[Finding]:
    """Everything that is found in a cohort, errors first. ``folds``: of the outer cross-validation."""
    checks: list[Callable[[Cohort], Iterator[Finding]]] = [*CHECKS.values(), partial(outcome.rare_class, folds=folds)]
    return sorted(
        (finding for check in checks for finding in check(cohort)),
        key=lambda finding: (LEVELS.index(finding.level), finding.code),
    )


def finding_of(error: DataError) -> Finding:
    """A table that could not be loaded, as a finding. Errors without a code of their own are RB001."""
    code, where = getattr(error, "code", "RB001"), getattr(error, "where", "cohort")
    return found(code, where, getattr(error, "message", str(error)))
