"""Partial least squares: components that covary most with the outcome of the training rows.

Formula: with standardized features ``Z`` and an indicator column per class ``Y`` (of two classes the second alone),
each component ``t = Z w`` has the unit weights ``w`` of largest covariance with ``Y``; ``Z`` and ``Y`` are deflated by
their regression on ``t`` before the next. In terms of the undeflated features ``T = Z W (P' W)^-1``. Source: Wold,
Sjostrom and Eriksson (2001), Chemometrics and Intelligent Laboratory Systems 58:109; for classes, Barker and Rayens
(2003), Journal of Chemometrics 17:166. The engine is scikit-learn's ``PLSRegression``.
"""

from __future__ import annotations

import warnings
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from sklearn.cross_decomposition import PLSRegression

from benchmark.steps.projection import Projector
from benchmark.steps.step import Rows
from benchmark.steps.training_rows import class_codes


class Pls(Projector):
    """Replace the features by components that are learned with the outcome of the training rows.

    There are no more ``components`` than features, or than training rows less one, and none once the outcome is
    explained to the last digit. On the training rows they look better than on any others: many components with few
    cases overfit like any model.
    """

    title: ClassVar[str] = "PLS"
    prefix: ClassVar[str] = "PLS"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        components: Annotated[int, Field(ge=1)] = 2,
        scale: bool = True,
        keep: bool = False,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.components = components
        self.scale = scale
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block

    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """The rotations of the fitted model."""
        codes = class_codes(self.title, y)
        classes = np.arange(codes.max() + 1)
        outcome = (codes[:, None] == classes[1 if len(classes) == 2 else 0 :]).astype(float)
        possible = min(len(standard) - 1, standard.shape[1])
        model = PLSRegression(self.capped(self.components, possible, rows), scale=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the outcome is explained: told below
            model.fit(standard, outcome)
        used = model.x_weights_.any(axis=0)
        if not used.all():
            self.remarks_.append(f"{', '.join(rows.blocks)}: the outcome is explained by {used.sum()} components")
        return model.x_rotations_[:, used]
