"""LA101 to LA105: which cases each fitted object of each fold saw, against the test side of its split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from benchmark.audit.finding import Finding, examples, judged, not_checked
from benchmark.audit.spot import Ran, Spot
from benchmark.audit.subject import Subject
from benchmark.audit.watch import Fit
from benchmark.cohort import Cohort

Found = list[tuple[str, str]]


def seen(subject: Subject) -> Iterator[Finding]:
    """One finding per code, over all fits of the sampled folds."""
    cohort, ran = subject.cohort, subject.ran
    fits = [fit for one in ran.values() for fit in one.fits]
    steps = [fit for fit in fits if fit.kind == "step"]
    models = [fit for fit in fits if fit.kind == "classifier"]
    if not fits:
        reason = next((one.failure for one in ran.values() if one.failure), "nothing was fitted")
        yield from (not_checked(f"LA10{place}", reason) for place in range(1, 6))
        return
    told = f"{len(steps)} fits of steps in {len(ran)} folds"
    yield judged("LA101", "LEAK", _outer(ran, "step"), told)
    yield judged("LA102", "LEAK", _patients(cohort, ran), f"{told}, {_owners(cohort)}")
    yield judged("LA103", "LEAK", _inner(ran), f"{len(fits)} fits; each inner fold has its own")
    unknown = sum(fit.unknown for fit in models)
    made = f"; {unknown} rows were made by resampling" if unknown else ""
    yield judged("LA104", "LEAK", _outer(ran, "classifier"), f"{len(models)} fits of classifiers{made}")
    used = sum(len(fit.readings) > 0 for fit in steps)
    if used or any(block.readings is not None for block in cohort.blocks.values()):
        yield judged("LA105", "LEAK", _readings(cohort, ran), f"{used} fits used repeated readings")
    else:
        yield not_checked("LA105", "no block has repeated readings")


def outside(fit: Fit, cases: pd.Index) -> list[str]:
    """Which of these cases a fit saw. A row equal to that of a training case is no evidence."""
    wanted = set(cases)
    return [
        str(min(map(str, name))) if isinstance(name, frozenset) else str(name)
        for name in fit.cases
        if (name <= wanted if isinstance(name, frozenset) else name in wanted)
    ]


def _outer(ran: Mapping[Spot, Ran], kind: str) -> Found:
    """Fits that saw cases of the test side."""
    found: Found = []
    for spot, one in ran.items():
        for fit in one.fits:
            held = outside(fit, spot.split.test) if fit.kind == kind else []
            if held:
                message = f"{fit.what} was fitted on {len(fit.cases)} cases, of which are held out {examples(held)}"
                found.append((str(spot), message))
    return found


def _patients(cohort: Cohort, ran: Mapping[Spot, Ran]) -> Found:
    """Fits that saw cases of a patient who has others on the test side."""
    found: Found = []
    for spot, one in ran.items():
        tested = set(cohort.patient[spot.split.test.intersection(cohort.cases)])
        theirs = cohort.cases[cohort.patient.isin(tested).to_numpy()]
        for fit in one.fits:
            shared = outside(fit, theirs)
            if shared:
                patients = list(dict.fromkeys(cohort.patient[shared]))
                message = f"{fit.what} was fitted on cases of {examples(patients)} tested patients"
                found.append((str(spot), message))
    return found


def _inner(ran: Mapping[Spot, Ran]) -> Found:
    """Folds in which an inner fit is missing, or saw the cases it is validated on."""
    found: Found = []
    for spot, one in ran.items():
        for what, fits in _by_object(one.fits).items():
            for number, (_, valid) in enumerate(spot.split.inner, start=1):
                if not any(not outside(fit, valid) for fit in fits):
                    fewest = min((outside(fit, valid) for fit in fits), key=len)
                    message = f"no fit of {what} is without the validation cases: at least {examples(fewest)} were seen"
                    found.append((f"{spot}, inner fold {number}", message))
    return found


def _by_object(fits: Sequence[Fit]) -> dict[str, list[Fit]]:
    """The fits of each step by its title, and of all classifiers together."""
    groups: dict[str, list[Fit]] = {}
    for fit in fits:
        groups.setdefault(fit.what, []).append(fit)
    return groups


def _readings(cohort: Cohort, ran: Mapping[Spot, Ran]) -> Found:
    """Fits that used readings of tested cases or patients."""
    found: Found = []
    for spot, one in ran.items():
        tested = set(cohort.patient[spot.split.test.intersection(cohort.cases)])
        theirs = set(cohort.cases[cohort.patient.isin(tested).to_numpy()])
        for fit in one.fits:
            used = [subject for subject in fit.readings if subject in theirs]
            if used:
                found.append((str(spot), f"{fit.what} used the readings of {examples(used)} tested cases"))
    return found


def _owners(cohort: Cohort) -> str:
    if not cohort.grouped:
        return "each case its own patient"
    return f"{cohort.patient.nunique()} patients own {len(cohort.cases)} cases"
