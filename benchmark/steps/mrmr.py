"""Minimum redundancy, maximum relevance: features taken one by one, each relevant and unlike those taken before.

Formula: first the feature of highest relevance ``V``, then in each turn the one with the highest ``V - R``
(difference) or ``V / R`` (quotient), where ``R`` is the mean redundancy with the features taken so far. ``fcd`` and
``fcq``: V is the F statistic of the classes, R the mean ``|r|`` (Pearson). ``mid`` and ``miq``: V is the mutual
information with the classes and R that with the features, of intervals of the training rows (see ``bins``; Peng cuts at
mean -/+ SD instead).

Source: Ding and Peng (2005), Journal of Bioinformatics and Computational Biology 3:185, equations 3 to 6 (the four
criteria); Peng, Long and Ding (2005), IEEE Transactions on Pattern Analysis and Machine Intelligence 27:1226 (``mid``).
A redundancy of nothing counts as ``LEAST`` in a quotient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from benchmark.steps.bins import binned, counts_of, mutual_information
from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows
from benchmark.steps.univariate_tests import f_statistic

LEAST = 1e-3
LARGEST = 1e100
"""What an infinite F counts as, which would leave no differences or quotients to compare."""
Redundancy = Callable[[int], np.ndarray]
"""From the number of a feature to its redundancy with each feature, (k,)."""


class Mrmr(Ranker):
    """The first ``k`` features by ``criterion``; ``bins``: intervals of a continuous feature in ``mid`` and ``miq``."""

    title: ClassVar[str] = "mrmr"
    k: int

    def __init__(
        self,
        *,
        k: Annotated[int, Field(ge=1)] = 10,
        criterion: Literal["fcq", "fcd", "miq", "mid"] = "fcq",
        bins: Annotated[int, Field(ge=2, le=20)] = 5,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.k = k
        self.criterion = criterion
        self.bins = bins
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) minus the turn in which a feature is taken, minus infinity for one that is not."""
        relevance, redundancy = (self._linear if self.criterion[0] == "f" else self._information)(standard, codes)
        order = greedy(relevance, redundancy, min(self.k, len(relevance)), self.criterion.endswith("q"))
        score = np.full(len(relevance), -np.inf)
        score[order] = -np.arange(len(order), dtype=float)
        return score

    def _linear(self, standard: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, Redundancy]:
        by_feature = np.ascontiguousarray(standard.T)
        relevance = np.minimum(f_statistic(standard, codes), LARGEST)
        return relevance, lambda taken: np.abs(by_feature @ by_feature[taken]) / len(codes)

    def _information(self, standard: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, Redundancy]:
        states = binned(standard, self.bins)
        relevance = mutual_information(counts_of(states, codes))
        return relevance, lambda taken: mutual_information(counts_of(states, states[:, taken]))


def greedy(relevance: np.ndarray, redundancy: Redundancy, n: int, quotient: bool) -> np.ndarray:
    """(n,) numbers of the features taken, in order; of equal ones the earlier column."""
    total, free = np.zeros(len(relevance)), np.ones(len(relevance), bool)
    order = [int(np.argmax(relevance))]
    for turn in range(1, n):
        free[order[-1]] = False
        total += redundancy(order[-1])
        mean = total / turn
        value = relevance / np.maximum(mean, LEAST) if quotient else relevance - mean
        order.append(int(np.argmax(np.where(free, value, -np.inf))))
    return np.array(order)
