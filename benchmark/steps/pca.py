"""Principal components of the training rows.

Formula: with the standardized training rows ``Z = U S V'``, the components are ``Z V``, in the order of their variances
``s^2 / n``; their share is ``s_j^2 / sum s^2``. Source: Hotelling (1933), Journal of Educational Psychology 24:417. The
numbers are those of scikit-learn's ``PCA`` after its ``StandardScaler``; R's ``prcomp(scale. = TRUE)`` divides by the
SD with ddof 1, so its scores are smaller by ``sqrt((n - 1) / n)``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

import numpy as np
import pandas as pd
from pydantic import Field

from benchmark.steps.projection import Projector
from benchmark.steps.step import Rows

Number = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Pca(Projector):
    """Replace the features by their principal components, jointly, or block by block with ``per_block``.

    ``components``: how many; if not given, as few as have at least this ``share`` of the variance. There are no more
    than features, or than training rows less one. ``shares_``: the shares of all components, by group of features.
    """

    title: ClassVar[str] = "PCA"
    prefix: ClassVar[str] = "PC"

    def __init__(
        self,
        *,
        components: Number | None = None,
        share: Share = 0.95,
        scale: bool = True,
        keep: bool = False,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.components = components
        self.share = share
        self.scale = scale
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``."""
        self.shares_: list[np.ndarray] = []
        return super().fit(X, y)

    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """The first right singular vectors."""
        sizes, axes = singular(standard)
        shares = sizes**2 / (sizes**2).sum()
        self.shares_.append(shares)
        if self.components is not None:
            return axes[:, : self.capped(self.components, len(sizes), rows)]
        # rounding of the sum must not ask for one more
        return axes[:, : int(np.searchsorted(np.cumsum(shares), self.share - 1e-12)) + 1]


def singular(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Singular values above rounding, (m,), in falling order, and the right singular vectors, (k, m)."""
    # of a wide table (n, k), the vectors are those of its small triangle (n, n) in an orthonormal basis of its rows
    basis, triangle = np.linalg.qr(values.T) if values.shape[1] > len(values) else (None, values.T)
    _, sizes, axes = np.linalg.svd(triangle.T, full_matrices=False)
    real = sizes > sizes[0] * max(values.shape) * np.finfo(float).eps
    return sizes[real], axes[real].T if basis is None else basis @ axes[real].T
