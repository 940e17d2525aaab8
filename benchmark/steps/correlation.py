"""Drop features that repeat another one: of a pair with a high correlation in the training rows, one stays.

Formula: features are visited in an order of preference; a feature stays if ``|r| <= threshold`` with every feature that
stays already. So no two that stay exceed the threshold, and each that goes has a preferred partner that stays. The
order of preference is

* ``first``: the order of the columns;
* ``variance``: decreasing variance, which means something only for features in one unit, before ``standardize``;
* ``mean``: increasing mean ``|r|`` with all other features;
* ``outcome``: decreasing association with the outcome of the training rows, the correlation ratio
  ``eta^2 = sum_c n_c (mean_c - mean)^2 / sum_i (x_i - mean)^2``, which for two classes is the squared point-biserial
  correlation.

Ties go to the earlier column. Spearman's correlation is Pearson's on mid-ranks; ``eta`` is then on the ranks too.

One rule has no visits: ``caret`` is ``findCorrelation(exact = FALSE)`` of caret, which decides pair by pair. Of every
pair above the threshold the member with the larger mean ``|r|`` goes (of equal ones the earlier column), so that a
feature may go for a partner which itself goes, and fewer stay than with ``mean``.

Source: Kuhn (2008), Journal of Statistical Software 28(5); its package's function ``findCorrelation``.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.stats import rankdata

from benchmark.errors import DataError
from benchmark.steps.moments import moments
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import require_finite

WIDTH = 512
"""Features per block of the correlation matrix, which is never held as a whole."""


class Correlation(Selector):
    """Of features with ``|r| > threshold`` in the training rows keep one, by the rule ``keep``.

    A feature that is constant there has no correlation and stays (``variance`` is the step that drops it).
    """

    title: ClassVar[str] = "correlation"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        threshold: Annotated[float, Field(gt=0, le=1)] = 0.9,
        method: Literal["pearson", "spearman"] = "pearson",
        keep: Literal["first", "variance", "mean", "outcome", "caret"] = "first",
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.threshold = threshold
        self.method = method
        self.keep = keep
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What stays; the score is the preference."""
        require_finite(self.title, values, rows)
        units = unit_columns(rankdata(values, axis=0) if self.method == "spearman" else values)
        preference = self._preference(units, values, y)
        if self.keep == "caret":
            return Choice(pairwise(units, -preference, self.threshold), preference)
        order = np.argsort(-preference, kind="stable")
        keep = np.zeros(len(order), bool)
        keep[order] = uncorrelated(units[:, order], self.threshold)
        return Choice(keep, preference)

    def _preference(self, units: np.ndarray, values: np.ndarray, y: np.ndarray | None) -> np.ndarray:
        """(k,), higher is better."""
        if self.keep in ("mean", "caret"):
            return -mean_correlation(units)
        if self.keep == "variance":
            return moments(values).sd
        if self.keep == "outcome":
            if y is None:
                raise DataError("correlation: keep: outcome needs the outcome of the training rows, and there is none")
            return correlation_ratio(units, y)
        return np.zeros(units.shape[1])


def unit_columns(values: np.ndarray) -> np.ndarray:
    """Centred columns of length 1, (n_cases, k), so that ``u.T @ u`` is Pearson's correlation; 0 if constant."""
    mean, sd = moments(values)
    apart = (values - mean) / np.where(sd > 0, sd, np.inf)
    return np.asarray(apart / np.sqrt(len(values)), order="F")


def uncorrelated(units: np.ndarray, threshold: float) -> np.ndarray:
    """(k,) bool: columns kept when each stays unless ``|r| > threshold`` with an earlier one that stayed."""
    keep = np.ones(units.shape[1], bool)
    for start in range(0, len(keep), WIDTH):
        block = slice(start, min(start + WIDTH, len(keep)))
        kept = np.flatnonzero(keep[:start])
        for first in range(0, len(kept), 4 * WIDTH):
            among = np.abs(units[:, kept[first : first + 4 * WIDTH]].T @ units[:, block])
            keep[block] &= ~(among > threshold).any(axis=0)
        high = np.triu(np.abs(units[:, block].T @ units[:, block]) > threshold, k=1)
        for column in np.flatnonzero(high.any(axis=1)):
            if keep[start + column]:
                keep[block] &= ~high[column]
    return keep


def pairwise(units: np.ndarray, mean: np.ndarray, threshold: float) -> np.ndarray:
    """(k,) bool: columns kept when of each pair with ``|r| > threshold`` the one with the larger ``mean`` (k,) goes."""
    # in this order a column goes if it is above the threshold with any later one
    order = np.lexsort((np.arange(len(mean)), -mean))
    among, keep = np.asarray(units[:, order], order="F"), np.ones(len(mean), bool)
    for start in range(0, len(mean), WIDTH):
        high = np.abs(among[:, start : start + WIDTH].T @ among[:, start:]) > threshold
        keep[order[start : start + WIDTH]] = ~np.triu(high, k=1).any(axis=1)
    return keep


def mean_correlation(units: np.ndarray) -> np.ndarray:
    """(k,): mean ``|r|`` of each column with all others, 0 if there is no other."""
    k = units.shape[1]
    total = np.zeros(k)
    for start in range(0, k, WIDTH):
        # The upper triangle by blocks, each entry counted for its row and for its column.
        among = np.abs(units[:, start : start + WIDTH].T @ units[:, start:])
        total[start : start + WIDTH] += among.sum(axis=1)
        total[start + WIDTH :] += among[:, WIDTH:].sum(axis=0)
    own = np.einsum("ij,ij->j", units, units)
    return (total - own) / max(k - 1, 1)


def correlation_ratio(units: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(k,) eta in [0, 1] of centred columns of length 1 with class codes ``y`` (n_cases,); 0 for a constant column."""
    _, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    member = (codes[:, None] == np.arange(len(counts))) / np.sqrt(counts)
    return np.sqrt(np.square(member.T @ units).sum(axis=0))
