"""Cluster correlated features in the training rows, and keep one representative of each cluster.

Formula: hierarchical clustering of the distances ``1 - |r|``, cut where clusters would be merged at a distance above
``1 - threshold``. With ``complete`` linkage all members of a cluster have ``|r| >= threshold`` with each other, with
``single`` each has it with one other, with ``average`` two clusters have it on average. The representative is

* ``medoid``: the member with the highest mean ``|r|`` with the others of its cluster (Kaufman and Rousseeuw 1990);
* ``outcome``: the one with the highest association with the outcome, ``eta`` (see ``correlation``);
* ``variance``: the one with the highest variance, for features in one unit;
* ``first``: the first column.

Ties go to the earlier column. Where ``correlation`` keeps features that no kept one resembles, which depends on the
order of the visits, here groups are found first, so that a group of look-alikes counts once whatever the order.

Source: Müllner (2011), arXiv:1109.2378 (the algorithms, as in SciPy); Kaufman and Rousseeuw (1990), Finding groups in
data, Wiley (medoid).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.stats import rankdata

from benchmark.errors import DataError
from benchmark.steps.correlation import WIDTH, correlation_ratio, unit_columns
from benchmark.steps.moments import moments
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import require_finite


class Cluster(Selector):
    """Keep one feature of each cluster of features with ``|r|`` of ``threshold`` or more, chosen by ``keep``.

    A feature that is constant in the training rows has no correlation, is a cluster of its own, and stays.
    """

    title: ClassVar[str] = "cluster"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        threshold: Annotated[float, Field(gt=0, lt=1)] = 0.9,
        method: Literal["pearson", "spearman"] = "pearson",
        linkage: Literal["average", "complete", "single"] = "average",
        keep: Literal["medoid", "outcome", "variance", "first"] = "medoid",
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.threshold = threshold
        self.method = method
        self.linkage = linkage
        self.keep = keep
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """The representatives; the score is what they were chosen by."""
        require_finite(self.title, values, rows)
        units = unit_columns(rankdata(values, axis=0) if self.method == "spearman" else values)
        cluster = clusters(units, self.threshold, self.linkage)
        preference = self._preference(units, values, cluster, y)
        order = np.lexsort((np.arange(len(cluster)), -preference, cluster))
        keep = np.zeros(len(cluster), bool)
        keep[order[np.unique(cluster[order], return_index=True)[1]]] = True
        return Choice(keep, preference)

    def _preference(
        self, units: np.ndarray, values: np.ndarray, cluster: np.ndarray, y: np.ndarray | None
    ) -> np.ndarray:
        """(k,), higher is better."""
        if self.keep == "medoid":
            return within_cluster(units, cluster)
        if self.keep == "variance":
            return moments(values).sd
        if self.keep == "outcome":
            if y is None:
                raise DataError("cluster: keep: outcome needs the outcome of the training rows, and there is none")
            return correlation_ratio(units, y)
        return np.zeros(len(cluster))


def clusters(units: np.ndarray, threshold: float, method: str) -> np.ndarray:
    """(k,) the number of the cluster of each column of ``units`` (see ``correlation.unit_columns``)."""
    if units.shape[1] == 1:
        return np.ones(1, int)
    # rounding may leave 1 - r a hair above the cut for |r| equal to the threshold
    return fcluster(linkage(distances(units), method), 1 - threshold + 1e-12, "distance")


def distances(units: np.ndarray) -> np.ndarray:
    """(k (k - 1) / 2,) ``1 - |r|`` of each pair of columns, in the order of ``scipy.spatial.distance.pdist``."""
    k = units.shape[1]
    found = np.empty(k * (k - 1) // 2)
    end = 0
    for start in range(0, k, WIDTH):
        among = 1 - np.abs(units[:, start : start + WIDTH].T @ units[:, start:])
        for row, apart in enumerate(among):
            begin, end = end, end + len(apart) - row - 1
            found[begin:end] = apart[row + 1 :]
    return np.maximum(found, 0, out=found)


def within_cluster(units: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """(k,) mean ``|r|`` of each column with the others of its cluster, 0 where it is alone."""
    mean = np.zeros(len(cluster))
    for number in np.flatnonzero(np.bincount(cluster) > 1):
        members = np.flatnonzero(cluster == number)
        among = np.abs(units[:, members].T @ units[:, members])
        mean[members] = (among.sum(axis=1) - among.diagonal()) / (len(members) - 1)
    return mean
