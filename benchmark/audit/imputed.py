"""LA603: values that somebody filled in before the split.

Cases of a continuous column that sit exactly on the mean of all others, or of the others of their class, or several of
them exactly on the median.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmark.audit.finding import Finding, judged
from benchmark.audit.holdings import needs_digits
from benchmark.audit.subject import Subject
from benchmark.checks.features import FEWEST
from benchmark.checks.numbers import numbers

ALIKE = 0.9
"""Share of different values that makes a column continuous."""


def imputed(subject: Subject) -> Iterator[Finding]:
    """LA603."""
    found, n, codes = [], 0, subject.cohort.codes.to_numpy()
    for part in numbers(subject.cohort):
        n += len(part.names)
        told = [
            (part.names[k], text) for k in np.flatnonzero(part.varying) if (text := _told(part.values[:, k], codes))
        ]
        if told:
            name, text = told[0]
            found.append((part.block.name, f"{len(told)} columns; first: {text} of '{name}'"))
    yield judged("LA603", "LEAK", found, f"no value of {n} columns sits on the mean or median of the others")


def _told(values: np.ndarray, codes: np.ndarray) -> str:
    whole = filled_with(values)
    classes = (
        "" if whole else next((text for code in np.unique(codes) if (text := filled_with(values[codes == code]))), "")
    )
    return whole or (classes and f"{classes} of their class")


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
