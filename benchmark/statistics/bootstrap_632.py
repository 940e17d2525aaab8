"""The .632+ bootstrap: what is to be expected of a model on new patients, from draws with replacement.

    app    AUC of the model of all cases on these very cases
    oob    mean over draws of the AUC of the drawn cases' model on the cases that were not drawn, at least 1/2
    R      (app - oob) / (app - 1/2), 0 where app <= oob: the relative overfitting, 1/2 being no information
    w      0.632 / (1 - 0.368 R)
    AUC    (1 - w) app + w oob

Source: Efron and Tibshirani (1997), Journal of the American Statistical Association 92:548, eq. 27 to 32; for the AUC,
whose no-information value is 1/2 whatever the class frequencies, Adler and Lausen (2009), Computational Statistics and
Data Analysis 53:718. The covariance is that of the out-of-bag AUCs over draws: it holds the variation of training and
of testing on the cases left out, and is rather too large than too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmark.metrics.roc_auc import roc_aucs
from benchmark.statistics.aucs import Aucs

SHARE = 0.632
"""1 - 1/e, of the cases that a draw is expected to have."""


@dataclass(frozen=True, eq=False)
class Bootstrap632:
    """``aucs``: the .632+ estimates; ``apparent`` (k,), ``out_of_bag`` (r, k) per draw, ``weight`` (k,) of the
    out-of-bag AUC."""

    aucs: Aucs
    apparent: np.ndarray
    out_of_bag: np.ndarray
    weight: np.ndarray


def bootstrap_632(y: np.ndarray, scores: np.ndarray, drawn_out: np.ndarray, apparent: np.ndarray) -> Bootstrap632:
    """``y`` (n,) 1 for positive; ``scores`` (n, r, k) of the cases that draw r left out, which ``drawn_out`` (n, r)
    bool says; ``apparent`` (n, k): scores by the models of all cases. NaN for a model with a gap; a draw whose left-out
    cases are of one class is passed over."""
    draws = range(scores.shape[1])
    per_draw = np.array([roc_aucs(y[drawn_out[:, r]], scores[drawn_out[:, r], r]) for r in draws])
    two_classes = np.array([len(np.unique(y[drawn_out[:, r]])) == 2 for r in draws])
    per_draw = per_draw[two_classes]
    on_itself = roc_aucs(y, apparent)
    mean = per_draw.mean(axis=0)
    estimate, weight = combine_632(on_itself, mean)
    spread = (per_draw - mean) / np.sqrt(max(len(per_draw) - 1, 1))
    contributions = spread if len(per_draw) > 1 else np.full_like(spread, np.nan)
    method = f".632+ bootstrap (Efron and Tibshirani 1997), variance over {len(per_draw)} draws"
    return Bootstrap632(Aucs(estimate, contributions, method), on_itself, per_draw, weight)


def combine_632(apparent: np.ndarray, out_of_bag: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The .632+ AUC (k,) and the weight of the out-of-bag part (k,)."""
    tested = np.maximum(out_of_bag, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        overfit = np.where(apparent > tested, (apparent - tested) / (apparent - 0.5), 0.0)
    weight = SHARE / (1 - (1 - SHARE) * overfit)
    return (1 - weight) * apparent + weight * tested, weight
