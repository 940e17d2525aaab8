"""Factor analysis: few common factors behind many correlated features, each with noise of its own.

Formula: ``z = L f + e`` with ``f ~ N(0, I)`` and ``e ~ N(0, Psi)``, ``Psi`` diagonal, by maximum likelihood on the
standardized training rows; the scores are the expected factors of a row, ``E(f | z) = (I + L' Psi^-1 L)^-1 L' Psi^-1
z`` (regression scores). Source: Barber (2012), Bayesian Reasoning and Machine Learning, algorithm 21.1; varimax: Kaiser
(1958), Psychometrika 23:187. The engine is scikit-learn's ``FactorAnalysis``.
"""

from __future__ import annotations

import warnings
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from sklearn.decomposition import FactorAnalysis as Engine
from sklearn.exceptions import ConvergenceWarning

from benchmark.steps.projection import Projector
from benchmark.steps.step import Rows


class FactorAnalysis(Projector):
    """Replace the features by the scores of their common factors.

    There are fewer ``factors`` than features and than training rows. ``rotation``: ``varimax`` makes each factor large
    in few features. Meant for fewer features than cases; with more, the noise of a feature cannot be told from its
    factors.
    """

    title: ClassVar[str] = "factor analysis"
    prefix: ClassVar[str] = "Factor"
    scale = True

    def __init__(
        self,
        *,
        factors: Annotated[int, Field(ge=1)] = 5,
        rotation: Literal["none", "varimax", "quartimax"] = "varimax",
        max_iter: Annotated[int, Field(ge=1)] = 1000,
        keep: bool = False,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.factors = factors
        self.rotation = rotation
        self.max_iter = max_iter
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block

    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """What the expected factors do to a row."""
        count = self.capped(self.factors, max(min(len(standard), standard.shape[1]) - 1, 1), rows)
        rotation = None if self.rotation == "none" else self.rotation
        model = Engine(count, rotation=rotation, max_iter=self.max_iter, svd_method="lapack")
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", ConvergenceWarning)
            model.fit(standard)
        if heard:
            self.remarks_.append(f"{', '.join(rows.blocks)}: not converged after {self.max_iter} rounds")
        by_noise = model.components_ / model.noise_variance_
        return by_noise.T @ np.linalg.inv(np.eye(count) + by_noise @ model.components_.T)
