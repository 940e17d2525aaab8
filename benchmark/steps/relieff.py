"""ReliefF: a feature is worth much if near cases of other classes differ in it, and those of the same class do not.

Formula: over all cases i, with ``d_f(i, j) = |x_if - x_jf| / (max_f - min_f)`` and distances ``sum_f d_f``,
``W_f = mean_i [sum_{c != c_i} P(c) / (1 - P(c_i)) mean_j d_f(i, j) - mean_h d_f(i, h)]``, j over the ``neighbours``
nearest cases of class c (misses), h over those of its own class (hits), P the share of a class; W_f is in [-1, 1].
Fewer cases than ``neighbours`` are all taken. A row of the same patient is nobody's neighbour.

Source: Kononenko (1994), European Conference on Machine Learning, 171 (ReliefF); Robnik-Šikonja and Kononenko (2003),
Machine Learning 53:23, figure 2. Every case is used once, in place of a random sample of them.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.spatial.distance import cdist

from benchmark.steps.ranking import Ranker
from benchmark.steps.step import Rows
from benchmark.steps.training_rows import repeated_owners


class ReliefF(Ranker):
    """The ``k`` features of highest ReliefF weight, from ``neighbours`` nearest hits and misses per class."""

    title: ClassVar[str] = "relieff"
    k: int

    def __init__(
        self,
        *,
        k: Annotated[int, Field(ge=1)] = 10,
        neighbours: Annotated[int, Field(ge=1)] = 10,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.k = k
        self.neighbours = neighbours
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def score(self, standard: np.ndarray, rows: Rows, codes: np.ndarray) -> np.ndarray:
        """(k,) weights."""
        return relieff_weights(standard, codes, self.neighbours, repeated_owners(rows.patient))


def relieff_weights(
    values: np.ndarray, codes: np.ndarray, neighbours: int, owners: np.ndarray | None = None
) -> np.ndarray:
    """(k,) of features that vary (n_cases, k) and class codes 0, 1, ...; ``owners`` (n_cases,): patients of rows."""
    low = values.min(axis=0)
    scaled = (values - low) / (values.max(axis=0) - low)
    apart = cdist(scaled, scaled, "cityblock")
    apart[np.eye(len(codes), dtype=bool) if owners is None else owners[:, None] == owners] = np.inf
    shares = np.bincount(codes) / len(codes)
    weights = np.zeros(values.shape[1])
    for label, share in enumerate(shares):
        members = np.flatnonzero(codes == label)
        near = members[np.argsort(apart[:, members], axis=1, kind="stable")[:, :neighbours]]
        for case, found in enumerate(near):
            found = found[np.isfinite(apart[case, found])]
            if len(found):
                factor = -1.0 if codes[case] == label else share / (1 - shares[codes[case]])
                weights += factor * np.abs(scaled[found] - scaled[case]).mean(axis=0)
    return weights / len(codes)
