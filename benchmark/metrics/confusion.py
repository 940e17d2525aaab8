"""The four counts of a binary decision, for one or many decisions at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Confusion:
    """True and false positives and negatives: four arrays of one shape."""

    tp: np.ndarray
    fp: np.ndarray
    tn: np.ndarray
    fn: np.ndarray


def confusion(y: np.ndarray, decisions: np.ndarray) -> Confusion:
    """The counts, of shape (...), of ``decisions`` (n_cases, ...), true where a case is called positive, for ``y``
    (n_cases,), 1 for positive. A decision that is NaN is missing, and makes the four counts NaN."""
    positive = np.asarray(y) == 1
    called = np.asarray(decisions, float)
    tp, fp = called[positive].sum(0), called[~positive].sum(0)
    return Confusion(tp=tp, fp=fp, tn=(~positive).sum() - fp, fn=positive.sum() - tp)


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part / whole``, NaN where nothing is to be counted."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole != 0)
