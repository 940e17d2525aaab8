"""Sparse principal components: each is made of few features.

Formula: codes ``U`` (n, m) with columns of length at most 1 and weights ``V`` (m, k) minimise ``0.5 ||Z - U V||^2 +
alpha sum |V|`` on the standardized training rows ``Z``; the scores of any row are its ridge regression on the weights,
``Z V' (V V' + ridge I)^-1``, with the weights of length 1. Source: Jenatton, Obozinski and Bach (2010), AISTATS 9:366;
the engine is scikit-learn's ``SparsePCA``.
"""

from __future__ import annotations

import warnings
from typing import Annotated, Any, ClassVar, Self

import numpy as np
import pandas as pd
from pydantic import Field
from sklearn.decomposition import SparsePCA
from sklearn.exceptions import ConvergenceWarning

from benchmark.errors import DataError
from benchmark.steps.projection import Projector, oriented
from benchmark.steps.step import Rows


class SparsePca(Projector):
    """Replace the features by sparse components.

    ``alpha``: the higher, the fewer features in a component; a component without any is left out. ``loadings_``: the
    sparse weights ``V``, features that vary x components, by group; the weights of the scores (``weights_``) are less
    sparse where components share features. Meant for some hundred features: a thousand take minutes.
    """

    title: ClassVar[str] = "sparse PCA"
    prefix: ClassVar[str] = "SPC"
    scale = True

    def __init__(
        self,
        *,
        components: Annotated[int, Field(ge=1)] = 5,
        alpha: Annotated[float, Field(gt=0)] = 1.0,
        ridge: Annotated[float, Field(gt=0)] = 0.01,
        keep: bool = False,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.components = components
        self.alpha = alpha
        self.ridge = ridge
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``."""
        self.loadings_: list[pd.DataFrame] = []
        return super().fit(X, y)

    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """What the ridge regression on the sparse weights does to a row."""
        count = self.capped(self.components, min(len(standard) - 1, standard.shape[1]), rows)
        model = SparsePCA(count, alpha=self.alpha, method="cd", tol=1e-6, random_state=self.seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # of single updates: what counts is the last one
            model.fit(standard)
        sparse = model.components_[model.components_.any(axis=1)]
        if not len(sparse):
            raise DataError(f"sparse PCA: with alpha {self.alpha:g} all weights are 0. Lower alpha.")
        if len(sparse) < count:
            self.remarks_.append(f"{', '.join(rows.blocks)}: {len(sparse)} of {count} components have a feature")
        rotation = oriented(sparse.T @ np.linalg.inv(sparse @ sparse.T + self.ridge * np.eye(len(sparse))))
        sign = np.sign((rotation * sparse.T).sum(axis=0))
        self.loadings_.append(pd.DataFrame(sparse.T * sign, rows.features, self.named(len(sparse))))
        return rotation
