"""Multiple factor analysis: principal components in which each block has the same say.

Formula: each block's standardized training rows ``Z_b`` are divided by their first singular value over ``sqrt(n)``, so
that no block alone can make the first component; the components are those of all blocks side by side. Source: Escofier
and Pages (1994), Computational Statistics and Data Analysis 18:121, section 2; Abdi, Williams and Valentin (2013),
Wiley Interdisciplinary Reviews: Computational Statistics 5:149. The scale of the scores is that of FactoMineR.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from benchmark.frame import block_of
from benchmark.steps.pca import Number, Pca, Share, singular
from benchmark.steps.step import Rows


class Mfa(Pca):
    """Replace the features of several blocks by joint components; a large block does not drown a small one.

    ``components`` and ``share`` as in ``pca``. With one block this is a PCA, whose scores are divided by the SD of the
    first. ``first_``: the first singular value of each block over ``sqrt(n)``, by group of features.
    """

    title: ClassVar[str] = "multiple factor analysis"
    prefix: ClassVar[str] = "MFA"
    scale = True

    def __init__(
        self,
        *,
        components: Number | None = None,
        share: Share = 0.95,
        keep: bool = False,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.components = components
        self.share = share
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``."""
        self.first_: list[dict[str, float]] = []
        return super().fit(X, y)

    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """The first right singular vectors of the weighted features, times their weights."""
        owners = np.array([block_of(column) for column in rows.features])
        root = np.sqrt(len(standard))
        first = {block: float(singular(standard[:, owners == block])[0][0] / root) for block in rows.blocks}
        self.first_.append(first)
        weight = 1 / np.array([first[owner] for owner in owners])
        return weight[:, None] * super().rotate(standard * weight, rows, y)
