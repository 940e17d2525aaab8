"""LA108: what a step learns must come from its training rows, so other training rows must teach it something else.

The steps of a sampled fold are fitted again on training rows whose numbers are noise and whose outcomes are permuted.
A selector that drops and keeps the same features as before, or a step that learns the same numbers as before, has
decided before the folds: from a copy of the table, or from an answer written into it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from benchmark.audit.control import noise_cohort, permuted_cohort
from benchmark.audit.finding import Finding, judged, not_checked
from benchmark.audit.spot import Spot
from benchmark.audit.subject import Subject
from benchmark.audit.watch import learned
from benchmark.cohort import Cohort
from benchmark.errors import BenchmarkError
from benchmark.recipe import build_steps
from benchmark.seeds import seed_for
from benchmark.steps.step import Selector, Step

CHANCE = 1e-3
"""Two selections as large as these would agree by chance less often."""
SAME = 0.5
"""Share of a step's learned numbers that come back although every number of its training rows is another."""


def independent(subject: Subject) -> Iterator[Finding]:
    """LA108."""
    spots = {(spot.feature_set.name, spot.preprocessing.name): spot for spot in subject.spots}
    if not spots:
        yield not_checked("LA108", "nothing to fit")
        return
    seed = seed_for(subject.prepared.experiment.seed, "audit", "LA108")
    other = permuted_cohort(noise_cohort(subject.cohort, seed=seed, every=True), seed=seed)
    found, fitted = [], 0
    for spot in spots.values():
        before, after = fitted_steps(subject.cohort, spot), fitted_steps(other, spot)
        fitted += len(before)
        for (name, step), (_, again) in zip(before, after, strict=False):
            told = "" if _declared(step) else same_whatever(step, again)
            found += [(str(spot), f"step {name} {told}")] if told else []
    yield judged("LA108", "LEAK", found, f"{fitted} steps learned something else from other training rows")


def fitted_steps(cohort: Cohort, spot: Spot) -> list[tuple[str, Step]]:
    """The steps of a spot fitted on its outer training rows, up to the first that cannot be."""
    frame = cohort.frame(spot.feature_set.blocks, covariates=cohort.covariates.columns).loc[spot.split.train]
    codes = cohort.codes[spot.split.train].to_numpy()
    done = []
    for name, step in build_steps(spot.feature_set, spot.preprocessing, cohort, seed=spot.seed).steps[:-1]:
        try:
            frame = step.fit_transform(frame, codes)
        except BenchmarkError:  # noise may leave a selector with nothing: that depends on its rows
            break
        done.append((name.partition(" ")[2], step))
    return done


def same_whatever(step: BaseEstimator, again: BaseEstimator) -> str:
    """In words, what two fits of a step on different rows have in common and should not; empty if nothing."""
    if isinstance(step, Selector):
        return _same_selection(step, again)
    numbers, others = _numbers(step), _numbers(again)
    both = np.isin(numbers, others).mean() if len(numbers) else 0.0
    return f"learned the same {len(numbers)} numbers from other rows" if both >= SAME else ""


def _same_selection(step: Selector, again: BaseEstimator) -> str:
    kept, n = _kept(step), sum(len(columns) for columns in step.groups_)
    chance = 1 / math.comb(n, len(kept)) if n else 1.0
    if kept and len(kept) < n and chance < CHANCE and kept == _kept(again):
        return f"kept the same {len(kept)} of {n} features in other rows"
    return ""


def _kept(step: BaseEstimator) -> set[str]:
    groups = zip(step.groups_, step.states_, strict=True)
    return {column for columns, keep in groups for column, stays in zip(columns, keep, strict=True) if stays}


def _numbers(step: BaseEstimator) -> np.ndarray:
    """The numbers that a step has learned, whole ones left out: counts and codes come back by themselves."""
    found: list[float] = []
    _collect(learned(step), found)
    values = np.array(found, float)
    values = values[np.isfinite(values)]
    return np.unique(values[values != np.rint(values)])


def _collect(value: object, found: list[float]) -> None:
    if isinstance(value, np.ndarray | pd.Series | pd.DataFrame):
        values = np.asarray(value)
        found += values.ravel().tolist() if values.dtype.kind == "f" else []
    elif isinstance(value, float):
        found.append(value)
    elif isinstance(value, dict):
        for one in value.values():
            _collect(one, found)
    elif isinstance(value, list | tuple):
        for one in value:
            _collect(one, found)
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        _collect(vars(value), found)


def _declared(step: Step) -> bool:
    """Whether a step is meant to learn from elsewhere: readings of subjects outside the cohort."""
    readings = getattr(step, "readings", None) or {}
    return bool(readings) and all(one is not None and one.external for one in readings.values())
