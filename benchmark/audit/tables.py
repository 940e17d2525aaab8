"""LA601 to LA604: tables that were prepared on all cases before anybody split them, as far as the numbers show it.

Standardised: mean 0 and SD 1 over all cases. Harmonised: the batches agree better than random ones; the median over
the features of the p value of the F test over batches is above that of every permutation of the batches (within the
classes for the test given the outcome, which shows a ComBat that had the outcome as a covariate). Permuting keeps the
correlations of the features. Imputed: cases of a continuous column that sit exactly on the mean, or several exactly on
the median, of all others. Selected: every feature of a block differs between the classes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from benchmark.audit.finding import Finding, judged, not_checked
from benchmark.audit.holdings import needs_digits
from benchmark.audit.perturb import SEED
from benchmark.audit.subject import Subject
from benchmark.checks.features import FEWEST, feature_aucs, is_standardised
from benchmark.checks.numbers import Numbers, numbers
from benchmark.cohort import Cohort

SCALERS = ("standardize", "robust_scale", "min_max_scale", "rank_normal")
"""Steps after which the scale of a column is forgotten."""
PERMUTATIONS = 499
"""Batches that agree better than all of these do so by chance in 1 of 500 tables."""
ALIKE = 0.9
"""Share of different values that makes a column continuous."""
SIGNIFICANT = 0.05
FEWEST_CHOSEN = 10


def standardised(subject: Subject) -> Iterator[Finding]:
    """LA601. A note only, if every preprocessing standardises the block again inside its folds."""
    found: list[tuple[str, str]] = []
    undone: list[tuple[str, str]] = []
    for part in _wide(subject.cohort):
        if is_standardised(part.values[:, part.varying]):
            message = "mean 0 and SD 1 over all cases: test cases had a say in the values of training cases"
            again = all(
                set(SCALERS) & set(subject.steps_touching(one, (part.block.name,)))
                for one in subject.prepared.experiment.preprocessings
            )
            scaled = f"{message}; every preprocessing standardises again inside its folds, which undoes it"
            (undone if again else found).append((part.block.name, scaled if again else message))
    yield judged("LA601", "LEAK" if found else "NOTE", found or undone, "no block has mean 0 and SD 1 over all cases")


def harmonised(subject: Subject) -> Iterator[Finding]:
    """LA602."""
    cohort = subject.cohort
    if cohort.batch is None or cohort.batch.nunique() < 2:
        yield not_checked("LA602", "the cohort declares no batch, or one")
        return
    found, medians = [], []
    for part in _wide(cohort):
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


def imputed(subject: Subject) -> Iterator[Finding]:
    """LA603."""
    found, n = [], 0
    for part in numbers(subject.cohort):
        n += len(part.names)
        told = [(part.names[k], text) for k in np.flatnonzero(part.varying) if (text := filled_with(part.values[:, k]))]
        if told:
            name, text = told[0]
            found.append((part.block.name, f"{len(told)} columns; first: {text} of '{name}'"))
    yield judged("LA603", "LEAK", found, f"no value of {n} columns sits on the mean or median of the others")


def selected(subject: Subject) -> Iterator[Finding]:
    """LA604."""
    cohort = subject.cohort
    if len(cohort.classes) != 2:
        yield not_checked("LA604", "the outcome has more than two classes")
        return
    codes, found = cohort.codes.to_numpy(), []
    n1 = int(codes.sum())
    error = np.sqrt((len(codes) + 1) / (12 * n1 * (len(codes) - n1)))
    for part in _wide(cohort):
        auc = feature_aucs(part.values[:, part.varying], codes)
        p = 2 * special.ndtr(-np.abs(auc - 0.5) / error)
        if part.block.image and len(p) >= FEWEST_CHOSEN and np.nanmax(p) < SIGNIFICANT:
            message = f"every one of its {len(p)} features differs between the classes (largest p {np.nanmax(p):.3f})"
            found.append((part.block.name, f"{message}: were they chosen with the labels of these cases?"))
    yield judged("LA604", "WARNING", found, "every image block has features that do not differ between the classes")


def batch_p_values(part: Numbers, cohort: Cohort, *, given_outcome: bool) -> np.ndarray:
    """(k,) p of the F test of batch in each varying feature without gaps; with ``given_outcome`` between two linear
    models that both have the classes."""
    return _p_values(_complete(part), _batches(cohort), _classes(cohort, given_outcome))


def batch_agreement(part: Numbers, cohort: Cohort, *, given_outcome: bool) -> tuple[float, bool]:
    """The median p over the features, and whether it is above that of every permutation of the batches."""
    values, batch, classes = _complete(part), _batches(cohort), _classes(cohort, given_outcome)
    if not values.size:
        return np.nan, False
    found = float(np.nanmedian(_p_values(values, batch, classes)))
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


def filled_with(values: np.ndarray) -> str:
    """``4 values sit on the mean``, or nothing."""
    values = values[np.isfinite(values)]
    if len(values) < FEWEST:
        return ""
    mean, median, spread = values.mean(), np.median(values), values.std()
    for what, centre, slack, fewest in (("mean", mean, 1e-9 * spread, 1), ("median", median, 0.0, 2)):
        on = np.abs(values - centre) <= slack
        others = values[~on]
        continuous = len(others) >= FEWEST and len(np.unique(others)) > ALIKE * len(others)
        # a short number is met by chance, so that one value there says nothing
        enough = on.sum() >= max(fewest, 1 if needs_digits(values[on]).any() else 2)
        if continuous and enough and (what == "mean" or np.median(others) == median):
            return f"{int(on.sum())} values sit on the {what}"
    return ""


def _residual(values: np.ndarray, design: np.ndarray) -> tuple[np.ndarray, int]:
    """(k,) residual sums of squares of a linear model, and its rank."""
    left, roots, _ = np.linalg.svd(design, full_matrices=False)
    basis = left[:, roots > 1e-9 * roots[0]]
    explained = np.square(basis.T @ values).sum(axis=0)
    return np.square(values).sum(axis=0) - explained, basis.shape[1]


def _wide(cohort: Cohort) -> Iterator[Numbers]:
    """Blocks with enough varying features for their distribution to say something."""
    return (part for part in numbers(cohort) if part.varying.sum() >= FEWEST and len(part.values) >= FEWEST)
