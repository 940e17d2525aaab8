"""The leak audit: does anything that is tested have a part in what was fitted? ``CHECKS`` is the menu.

To add a check: a code in ``finding.CODES``, a function from subject to findings in the file of its subject, a line
here, and a section in ``docs/audit.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmark.audit import (
    control,
    giveaways,
    harmonised,
    holdings,
    imputed,
    independence,
    likeness,
    people,
    perturbation,
    results,
    scaled,
    seen,
    selected,
)
from benchmark.audit.finding import CODES, Finding, Verdict
from benchmark.audit.subject import Aucs, Budget, Subject

__all__ = ["CHECKS", "CODES", "Aucs", "Budget", "Finding", "Subject", "Verdict", "audit"]

CHECKS: dict[str, Callable[[Subject], Iterator[Finding]]] = {
    "what every fit saw": seen.seen,
    "what steps hold": holdings.holdings,
    "what steps depend on": independence.independent,
    "records of the run": results.records,
    "perturbation": perturbation.perturbed,
    "order of the files": perturbation.shuffled,
    "permuted outcome": control.permuted,
    "random features": control.random_features,
    "cases in the splits": people.cases,
    "patients in the splits": people.patients,
    "same images": likeness.same_images,
    "look-alikes": likeness.look_alikes,
    "synthetic cases": likeness.synthetic,
    "centres and roles": people.places,
    "outcomes of patients": people.outcomes,
    "patients not declared": people.undeclared,
    "outcome among features": giveaways.outcome_copies,
    "lone feature": giveaways.lone_feature,
    "missing values": giveaways.missingness,
    "identifiers": giveaways.identifiers,
    "scaled": scaled.scaled,
    "harmonised": harmonised.harmonised,
    "imputed": imputed.imputed,
    "selected": selected.selected,
    "components": scaled.components,
}


def audit(subject: Subject, on_done: Callable[[str], None] = lambda name: None) -> list[Finding]:
    """One finding per code, in the order of ``CODES``. ``on_done`` is told of each check that has ended."""
    found: list[Finding] = []
    for name, check in CHECKS.items():
        found += check(subject)
        on_done(name)
    return sorted(found, key=lambda finding: list(CODES).index(finding.code))
