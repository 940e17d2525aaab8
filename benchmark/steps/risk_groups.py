"""Groups of cases found without the outcome, as features: imaging risk groups, phenotypes.

Formula: the standardized training rows are clustered; a row, of training or not, belongs to the group with the nearest
centre, ``min_g |z - c_g|`` (``kmeans``, ``hierarchical``: ``c_g`` the mean of the group), or with the highest
probability (``gaussian_mixture``). Source: k-means: Lloyd (1982), IEEE Transactions on Information Theory 28:129;
hierarchical: Ward (1963), Journal of the American Statistical Association 58:236; mixture: Fraley and Raftery (2002),
Journal of the American Statistical Association 97:611. The engines are scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field
from scipy.spatial.distance import cdist
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.mixture import GaussianMixture

from benchmark.errors import DataError
from benchmark.steps.moments import Moments, moments
from benchmark.steps.step import Reducer, Rows
from benchmark.steps.training_rows import require_finite


class Groups(NamedTuple):
    """The scale of the features; the centres (n_groups, k) of standardized rows, the largest group first; and, of a
    mixture, the model with its own order of groups."""

    scale: Moments
    centres: np.ndarray
    mixture: GaussianMixture | None
    order: np.ndarray


class RiskGroups(Reducer):
    """Add indicator columns ``group 1`` (the largest in training), ``group 2`` ..., or the distances to the centres.

    With ``keep: false`` they take the place of the features. There are at most as many groups as different training
    rows. The mixture has diagonal covariances.
    """

    title: ClassVar[str] = "risk groups"
    image_only: ClassVar[bool] = True

    def __init__(
        self,
        *,
        method: Literal["kmeans", "gaussian_mixture", "hierarchical"] = "kmeans",
        groups: Annotated[int, Field(ge=2)] = 3,
        gives: Literal["indicators", "distances"] = "indicators",
        keep: bool = True,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.method = method
        self.groups = groups
        self.gives = gives
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Groups:
        """The groups of the training rows."""
        require_finite(self.title, values, rows)
        mean, sd = moments(values)
        scale = Moments(mean, np.where(sd > 0, sd, 1.0))
        standard = (values - scale.mean) / scale.sd
        different = len(np.unique(standard, axis=0))
        if different < 2:
            raise DataError(f"{self.title}: the {len(values)} training rows of {', '.join(rows.blocks)} are all equal")
        count = min(self.groups, different)
        if count < self.groups:
            self.remarks_.append(f"{', '.join(rows.blocks)}: {count} groups instead of {self.groups}, one per row")
        member, mixture = METHODS[self.method](standard, count, self.seed)
        found, sizes = np.unique(member, return_counts=True)
        order = found[np.argsort(-sizes, kind="stable")]
        centres = np.array([standard[member == group].mean(axis=0) for group in order])
        return Groups(scale, centres, mixture, order)

    def apply(self, state: Groups, values: np.ndarray, rows: Rows) -> np.ndarray:
        """(n_cases, n_groups) indicators 0.0 and 1.0, or distances in SDs."""
        require_finite(self.title, values, rows)
        standard = (values - state.scale.mean) / state.scale.sd
        distances = cdist(standard, state.centres)
        if self.gives == "distances":
            return distances
        if state.mixture is None:
            return (distances.argmin(axis=1)[:, None] == np.arange(len(state.order))).astype(float)
        return (state.mixture.predict(standard)[:, None] == state.order).astype(float)

    def names(self, state: Groups, features: list[str]) -> list[str]:
        """``group 1``, or ``distance to group 1``."""
        before = "distance to group" if self.gives == "distances" else "group"
        return [f"{before} {number}" for number in range(1, len(state.order) + 1)]


def _kmeans(standard: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, None]:
    return KMeans(count, n_init=10, random_state=seed).fit_predict(standard), None


def _hierarchical(standard: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, None]:
    return AgglomerativeClustering(count, linkage="ward").fit_predict(standard), None


def _mixture(standard: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, GaussianMixture]:
    model = GaussianMixture(count, covariance_type="diag", n_init=5, random_state=seed).fit(standard)
    return model.predict(standard), model


METHODS: dict[str, Callable[[np.ndarray, int, int], tuple[np.ndarray, Any]]] = {
    "kmeans": _kmeans, "gaussian_mixture": _mixture, "hierarchical": _hierarchical,
}  # fmt: skip
