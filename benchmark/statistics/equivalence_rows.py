"""Which models are shown to be equally good, or not worse by what matters: every model against the reference, or each
pair, by the covariance that fits the design."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.estimates import EQUIVALENCE
from benchmark.statistics.aucs import compare
from benchmark.statistics.discrimination import Discrimination, against_reference, all_pairs, averaged
from benchmark.statistics.equivalence import equivalence, non_inferiority
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.settings import Settings


def equivalence_rows(held: HeldOut, found: Discrimination, settings: Settings) -> pd.DataFrame:
    """Rows of ``EQUIVALENCE`` on the AUC, first minus second; none with one model. The verdict is that of p adjusted
    for equivalence, at alpha = 1 - level, and of p for non-inferiority, at half of it: ``equivalent``, ``not inferior``
    or ``open``."""
    pairs = all_pairs(held) if settings.reference is None else against_reference(held, settings.reference)
    if not len(pairs):
        return pd.DataFrame(columns=EQUIVALENCE)
    aucs, alpha = found.by_measure["auc"], 1 - settings.level
    tests = compare(aucs, pairs[:, 0], pairs[:, 1], level=settings.level)
    same = equivalence(tests.difference, tests.error, settings.margin, alpha=alpha)
    not_worse = non_inferiority(tests.difference, tests.error, settings.margin, alpha=alpha / 2)
    p_adjusted = adjust(same.p, settings.adjustment)
    labels = np.array(held.labels, object)
    return pd.DataFrame(
        {
            "design": held.design,
            "role": held.role,
            "first": labels[pairs[:, 0]],
            "second": labels[pairs[:, 1]],
            "difference": tests.difference,
            "low": same.low,
            "high": same.high,
            "level": 1 - 2 * alpha,
            "margin": settings.margin,
            "p_equivalence": same.p,
            "p_equivalence_adjusted": p_adjusted,
            "adjustment": settings.adjustment,
            "low_non_inferiority": not_worse.low,
            "p_non_inferiority": not_worse.p,
            "verdict": np.select([p_adjusted < alpha, not_worse.not_inferior], ["equivalent", "not inferior"], "open"),
            "method": f"paired {aucs.method}{averaged(held)}",
        }
    )[EQUIVALENCE]
