"""LA601, LA605: blocks that were scaled, or turned into components, on all cases before the split.

Scaled: in nearly all columns mean 0 and SD 1, or smallest value 0 and largest 1, or median 0 and interquartile range 1,
or the same values in another order (ranks). Components: columns that are uncorrelated to the last digits, as principal
components are among the cases they were made from, and among no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmark.audit.finding import Finding, judged
from benchmark.audit.subject import Subject
from benchmark.audit.wide import wide
from benchmark.checks.features import FEWEST, is_standardised
from benchmark.checks.numbers import Numbers, numbers

SCALERS = ("standardize", "robust_scale", "min_max_scale", "rank_normal")
"""Steps after which the scale of a column is forgotten."""
NEARLY_ALL = 0.9
EXACT = 1e-9
UNCORRELATED = 1e-7
FEWEST_COMPONENTS = 3


def scaled(subject: Subject) -> Iterator[Finding]:
    """LA601. A note only, if every preprocessing scales the block again inside its folds."""
    found: list[tuple[str, str]] = []
    undone: list[tuple[str, str]] = []
    for part in wide(subject.cohort):
        values = part.values[:, _many_values(part)]
        enough = values.shape[1] >= FEWEST
        how = next((words for words, rule in RULES.items() if enough and rule(values)), "")
        if how:
            message = f"{how} over all cases: test cases had a say in the values of training cases"
            again = all(
                set(SCALERS) & set(subject.steps_touching(one, (part.block.name,)))
                for one in subject.prepared.experiment.preprocessings
            )
            told = f"{message}; every preprocessing scales again inside its folds, which undoes it"
            (undone if again else found).append((part.block.name, told if again else message))
    yield judged("LA601", "LEAK" if found else "NOTE", found or undone, "no block is scaled over all cases")


def components(subject: Subject) -> Iterator[Finding]:
    """LA605."""
    found = []
    for part in numbers(subject.cohort):
        values = part.values[:, part.varying]
        if values.shape[1] >= FEWEST_COMPONENTS and np.isfinite(values).all() and uncorrelated(values):
            message = f"its {values.shape[1]} columns are uncorrelated over all cases to the last digits"
            found.append((part.block.name, f"{message}, as components made from all of them"))
    yield judged("LA605", "LEAK", found, "no block has columns without any correlation")


def uncorrelated(values: np.ndarray) -> bool:
    """Whether no two of (n, k) columns correlate. More columns than cases always do."""
    if values.shape[1] >= len(values):
        return False
    units = (values - values.mean(axis=0)) / values.std(axis=0)
    correlations = units.T @ units / len(values)
    return bool(np.abs(correlations - np.eye(len(correlations))).max() < UNCORRELATED)


def _many_values(part: Numbers) -> np.ndarray:
    """(k,) bool: a column of few values, such as a sign that is 0 or 1, has its scale by itself."""
    values = np.sort(part.values, axis=0)
    return (np.diff(values, axis=0) > 0).sum(axis=0) >= FEWEST


def _from_0_to_1(values: np.ndarray) -> bool:
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    return bool(((np.abs(low) < EXACT) & (np.abs(high - 1) < EXACT)).mean() >= NEARLY_ALL)


def _robust(values: np.ndarray) -> bool:
    low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75], axis=0)
    return bool(((np.abs(middle) < EXACT) & (np.abs(high - low - 1) < EXACT)).mean() >= NEARLY_ALL)


def _ranked(values: np.ndarray) -> bool:
    ordered = np.sort(values, axis=0)
    typical = np.median(ordered, axis=1, keepdims=True)
    distinct = len(np.unique(typical)) > len(values) / 2
    return bool(
        distinct and (np.abs(ordered - typical) < EXACT * np.abs(typical).max()).all(axis=0).mean() >= NEARLY_ALL
    )


RULES: dict[str, Callable[[np.ndarray], bool]] = {
    "mean 0 and SD 1": is_standardised,
    "smallest value 0 and largest 1": _from_0_to_1,
    "median 0 and interquartile range 1": _robust,
    "the same ranks": _ranked,
}
"""By what they leave behind, on the varying columns (n, k) of a block."""
