"""Confusion matrices of held-out cases: who is called what, each case counted once.

Two classes: each model decides at its own threshold in each fold; repeats decide about the same cases again, so the
counts are means over repeats, and agree with the sensitivity and specificity of the tables. Several classes: one
decision per case, from probabilities averaged over repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from benchmark.estimates import CONFUSION
from benchmark.metrics.confusion import ratio
from benchmark.predictions import RECIPE
from benchmark.statistics.class_decisions import called_classes, matrices
from benchmark.statistics.decisions import decide
from benchmark.statistics.discrimination import averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained

ARGMAX = "class of the highest probability"


def binary_confusion(held: HeldOut, trained: Trained, settings: Settings) -> pd.DataFrame:
    """Rows of ``CONFUSION``, each model at its own thresholds; NaN for one without a threshold or score."""
    decisions = decide(held.scores[..., 0], held.fold, thresholds_of(held, trained, settings))
    counts = np.mean(
        [
            _of_repeat(held.y[seen], decisions[seen, repeat])
            for repeat in range(len(held.repeats))
            for seen in [held.fold[:, repeat] >= 0]
        ],
        axis=0,
    )
    n_repeats = len(held.repeats)
    return _rows(held, counts, settings.rule.title + (f", mean of {n_repeats} repeats" if n_repeats > 1 else ""))


def class_confusion(held: HeldOut) -> pd.DataFrame:
    """Rows of ``CONFUSION`` of several classes; NaN for a model without a score."""
    called = called_classes(average_over_repeats(held.scores, held.fold))
    counts = matrices(held.y, called, len(held.classes), np.ones((1, len(held.y))))[0]
    return _rows(held, counts, f"{ARGMAX}{averaged(held)}")


def _of_repeat(y: np.ndarray, called: np.ndarray) -> np.ndarray:
    """(k, 2, 2) of the decisions ``called`` (n_cases, k) of one repeat."""
    codes = np.where(np.isnan(called), -1, called).astype(int)
    return matrices(y, codes, 2, np.ones((1, len(y))))[0]


def _rows(held: HeldOut, counts: np.ndarray, method: str) -> pd.DataFrame:
    """``counts`` (k, n_classes, n_classes), truth by call."""
    shares = ratio(counts, np.broadcast_to(counts.sum(2, keepdims=True), counts.shape))
    labels: Sequence[tuple[str, str]] = list(product(held.classes, held.classes))
    tables = [
        pd.DataFrame(
            {
                "design": held.design,
                "role": held.role,
                **dict(zip(RECIPE, recipe, strict=True)),
                "truth": [truth for truth, _ in labels],
                "called": [called for _, called in labels],
                "cases": count.ravel(),
                "share": share.ravel(),
                "method": f"{method}; not estimated: {gap or 'no threshold'}" if np.isnan(count).any() else method,
            }
        )
        for recipe, gap, count, share in zip(held.recipes, held.gaps, counts, shares, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)[CONFUSION]
