"""LA201 to LA204: what is held out is changed, and the fits must be the same to the last bit.

LA201 to LA203 run each sampled fold again on a cohort in which only held-out cases differ. LA204 reads the experiment's
files again with their rows in another order: the cohort and the splits must be the same, and as a fit depends on
nothing else, so is every fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from benchmark.audit.finding import Finding, judged, not_checked, ok
from benchmark.audit.perturb import PERTURBATIONS, SEED, flip_outcomes, forget_rows
from benchmark.audit.spot import difference_when, transductive_steps
from benchmark.audit.subject import Subject
from benchmark.cohort import Cohort
from benchmark.errors import BenchmarkError
from benchmark.experiment import Experiment
from benchmark.readers import FORMATS
from benchmark.readers.load import load_cohort
from benchmark.readers.raw import RawTable
from benchmark.splits import make_splits, splits_table


def perturbed(subject: Subject) -> Iterator[Finding]:
    """LA201, LA202, LA203."""
    whole = {spot: ran for spot, ran in subject.ran.items() if not ran.failure}
    for code in PERTURBATIONS:
        if not whole:
            reason = next((ran.failure for ran in subject.ran.values()), "nothing to fit")
            yield not_checked(code, f"the steps cannot be fitted: {reason}")
            continue
        differences = {spot: difference_when(code, subject.cohort, spot, ran) for spot, ran in whole.items()}
        found = [(str(spot), told) for spot, told in differences.items() if told]
        fits = sum(len(ran.fits) for ran in whole.values())
        exact = "within the last bit" if PERTURBATIONS[code] is forget_rows else "bit for bit"
        told = f"{fits} fits in {len(whole)} folds are the same bit for bit, and their predictions {exact}"
        declared = sorted({step for spot in whole for step in transductive_steps(spot.preprocessing)})
        if declared and not found and PERTURBATIONS[code] is not flip_outcomes:
            steps = f"{', '.join(declared)} (unseen: own_rows)"
            yield Finding(
                code, "NOTE", "", f"{told} where no held-out row is transformed by {steps}, which lets held-out rows "
                "depend on one another's features, as declared"
            )  # fmt: skip
        else:
            yield judged(code, "LEAK", found, told)


def shuffled(subject: Subject) -> Iterator[Finding]:
    """LA204."""
    experiment, cohort = subject.prepared.experiment, subject.cohort
    try:
        again = shuffled_cohort(experiment)
        splits = [split for design in experiment.designs for split in make_splits(again, design, seed=experiment.seed)]
    except BenchmarkError as error:
        yield Finding("LA204", "WARNING", "files", f"cannot be read with their rows shuffled: {error}")
        return
    differing = [name for name in cohort.blocks if cohort.fingerprint([name]) != again.fingerprint([name])]
    if differing:
        yield Finding("LA204", "LEAK", differing[0], "the cohort depends on the order of rows in the files")
    elif not splits_table(splits).equals(splits_table(list(subject.splits))):
        yield Finding("LA204", "LEAK", "splits", "the splits depend on the order of rows in the files")
    else:
        yield ok("LA204", "the same cohort and the same splits, bit for bit")


def shuffled_cohort(experiment: Experiment) -> Cohort:
    """The cohort read from the same files with the rows of each in another order."""
    before = dict(FORMATS)
    FORMATS.update({ending: _shuffling(read) for ending, read in before.items()})
    try:
        return load_cohort(experiment.cohort, experiment.file.path.parent)
    finally:
        FORMATS.update(before)


def _shuffling(read: Callable[..., RawTable]) -> Callable[..., RawTable]:
    def shuffling(*args: Any) -> RawTable:
        raw = read(*args)
        order = np.random.default_rng(SEED).permutation(len(raw.frame))
        return replace(raw, frame=raw.frame.iloc[order].reset_index(drop=True), lines=raw.lines[order])

    return shuffling
