"""LA604: blocks of which every feature differs between the classes, as a selection with all labels leaves them.

Features without any effect that were chosen from many by p < c have p values spread evenly over (0, c); true effects
have mostly far smaller ones. So if p over its largest value looks uniform (Kolmogorov-Smirnov), it is a leak, else a
warning.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special, stats

from benchmark.audit.finding import Finding, Verdict, judged, not_checked
from benchmark.audit.subject import Subject
from benchmark.audit.wide import wide
from benchmark.checks.features import feature_aucs

SIGNIFICANT = 0.05
FEWEST_CHOSEN = 10
UNIFORM = 0.1
"""p of the Kolmogorov-Smirnov test from which on the p values look evenly spread."""


def selected(subject: Subject) -> Iterator[Finding]:
    """LA604."""
    cohort = subject.cohort
    if len(cohort.classes) != 2:
        yield not_checked("LA604", "the outcome has more than two classes")
        return
    codes = cohort.codes.to_numpy()
    leaks: list[tuple[str, str]] = []
    warnings: list[tuple[str, str]] = []
    for part in wide(cohort):
        p = mann_whitney(part.values[:, part.varying], codes)
        if part.block.image and len(p) >= FEWEST_CHOSEN and np.max(p) < SIGNIFICANT:
            uniform = stats.kstest(np.sort(p)[:-1] / np.max(p), "uniform").pvalue >= UNIFORM
            message = f"every one of its {len(p)} features differs between the classes (largest p {np.max(p):.3f})"
            if uniform:
                leaks.append((part.block.name, f"{message}, their p spread as by choosing among noise"))
            else:
                warnings.append((part.block.name, f"{message}: were they chosen with the labels of these cases?"))
    verdict: Verdict = "LEAK" if leaks else "WARNING"
    told = "every image block has features that do not differ between the classes"
    yield judged("LA604", verdict, leaks or warnings, told)


def mann_whitney(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """(k,) two-sided p of the features, by the normal approximation without ties; those without an AUC left out."""
    auc = feature_aucs(values, codes)
    positive = int(codes.sum())
    error = np.sqrt((len(codes) + 1) / (12 * positive * (len(codes) - positive)))
    return 2 * special.ndtr(-np.abs(auc[np.isfinite(auc)] - 0.5) / error)
