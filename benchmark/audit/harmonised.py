"""LA602: batches that were harmonised on all cases before the split agree better than random ones.

The median over the features of the p value of the F test over batches is above that of every permutation of the batches
(within the classes for the test given the outcome, which shows a ComBat that had the outcome as a covariate). Permuting
keeps the correlations of the features.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from benchmark.audit.finding import Finding, judged, not_checked
from benchmark.audit.perturb import SEED
from benchmark.audit.subject import Subject
from benchmark.audit.wide import wide
from benchmark.checks.numbers import Numbers
from benchmark.cohort import Cohort

PERMUTATIONS = 499
"""Batches that agree better than all of these do so by chance in 1 of 500 tables."""


def harmonised(subject: Subject) -> Iterator[Finding]:
    """LA602."""
    cohort = subject.cohort
    if cohort.batch is None or cohort.batch.nunique() < 2:
        yield not_checked("LA602", "the cohort declares no batch, or one")
        return
    found, medians = [], []
    for part in wide(cohort):
        if part.block.image:
            plain, given = (batch_agreement(part, cohort, given_outcome=given) for given in (False, True))
            medians.append(f"{part.block.name} {plain[0]:.2g}")
            if plain[1] or given[1]:
                with_outcome = given[1] and given[0] > plain[0]
                best = given[0] if with_outcome else plain[0]
                how = ", most of all given the outcome: it was a covariate" if with_outcome else ""
                message = f"harmonised on all cases: batches agree better than random ones (median p {best:.3f}{how})"
                found.append((part.block.name, message))
    yield judged(
        "LA602", "LEAK", found, f"median p of the difference of batches: {', '.join(medians) or 'no image block'}"
    )


def batch_p_values(part: Numbers, cohort: Cohort, *, given_outcome: bool) -> np.ndarray:
    """(k,) p of the F test of batch in each varying feature without gaps; with ``given_outcome`` between two linear
    models that both have the classes."""
    return _p_values(_complete(part), _batches(cohort), _classes(cohort, given_outcome))


def batch_agreement(part: Numbers, cohort: Cohort, *, given_outcome: bool) -> tuple[float, bool]:
    """The median p over the features, and whether it is above that of every permutation of the batches."""
    values, batch, classes = _complete(part), _batches(cohort), _classes(cohort, given_outcome)
    if not values.size:
        return np.nan, False
    found = float(np.nanmedian(batch_p_values(part, cohort, given_outcome=given_outcome)))
    rng = np.random.default_rng(SEED)
    rows = [np.flatnonzero(member) for member in classes.T]
    for _ in range(PERMUTATIONS):
        order = np.empty(len(values), int)
        for here in rows:
            order[here] = rng.permutation(here)
        if np.nanmedian(_p_values(values, batch[order], classes)) >= found:
            return found, False
    return found, True


def _complete(part: Numbers) -> np.ndarray:
    values = part.values[:, part.varying]
    values = values[:, np.isfinite(values).all(axis=0)]
    spread = values.std(axis=0)
    return (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)


def _batches(cohort: Cohort) -> np.ndarray:
    """(n_cases, n_batches) membership."""
    labels, place = np.unique(cohort.batch.to_numpy(str), return_inverse=True)  # type: ignore[union-attr]
    return (place[:, None] == np.arange(len(labels))).astype(float)


def _classes(cohort: Cohort, given_outcome: bool) -> np.ndarray:
    """(n_cases, n_classes) membership, or one column of ones."""
    if not given_outcome:
        return np.ones((len(cohort.cases), 1))
    return (cohort.codes.to_numpy()[:, None] == np.arange(len(cohort.classes))).astype(float)


def _p_values(values: np.ndarray, batch: np.ndarray, small: np.ndarray) -> np.ndarray:
    """(k,) p of the F test between the linear models with and without ``batch``."""
    large = np.hstack([small, batch])
    (inner, df), (outer, rank) = _residual(values, small), _residual(values, large)
    between, within = rank - df, len(values) - rank
    if between < 1 or within < 1:
        return np.full(values.shape[1], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return special.fdtrc(between, within, np.maximum(inner - outer, 0) / between / (outer / within))


def _residual(values: np.ndarray, design: np.ndarray) -> tuple[np.ndarray, int]:
    """(k,) residual sums of squares of a linear model, and its rank."""
    left, roots, _ = np.linalg.svd(design, full_matrices=False)
    basis = left[:, roots > 1e-9 * roots[0]]
    explained = np.square(basis.T @ values).sum(axis=0)
    return np.square(values).sum(axis=0) - explained, basis.shape[1]
