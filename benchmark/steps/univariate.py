"""Keep features that alone are associated with the outcome of the training rows.

The tests and their formulas are in ``univariate_tests``. What stays is decided by one of

* ``alpha``: p at most this, 0.05 if nothing is said;
* ``fdr``: p adjusted by Benjamini and Hochberg at most this, ``q_(i) = min_{j >= i} m p_(j) / j`` over the m features
  that vary;
* ``k`` or ``share``: that number or share (rounded up) of the features, the strongest first.

Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.stats import false_discovery_control

from benchmark.errors import ConfigError, DataError
from benchmark.steps.ranking import best, capped
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import class_codes, standardized
from benchmark.steps.univariate_tests import FOR_MORE_CLASSES, TESTS

Test = Literal["mann_whitney", "t", "welch", "anova", "kruskal_wallis", "chi_square", "mutual_information", "auc"]
Fraction = Annotated[float, Field(gt=0, lt=1)]


class Univariate(Selector):
    """Features by one ``test`` each; at most one of ``alpha``, ``fdr``, ``k`` and ``share`` says which stay.

    ``bins``: intervals of a continuous feature in ``chi_square`` and ``mutual_information``. A feature that is constant
    in the training rows is not tested and goes.
    """

    title: ClassVar[str] = "univariate"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        test: Test = "mann_whitney",
        alpha: Fraction | None = None,
        fdr: Fraction | None = None,
        k: Annotated[int, Field(ge=1)] | None = None,
        share: Annotated[float, Field(gt=0, le=1)] | None = None,
        bins: Annotated[int, Field(ge=2, le=100)] = 5,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.test = test
        self.alpha = alpha
        self.fdr = fdr
        self.k = k
        self.share = share
        self.bins = bins
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def check(self) -> None:
        """One rule at most says which features stay."""
        told = [name for name in ("alpha", "fdr", "k", "share") if getattr(self, name) is not None]
        if len(told) > 1:
            raise ConfigError(f"univariate: one of alpha, fdr, k and share says which features stay, found {told}")

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What stays; the score is minus the logarithm of p, or the area or the information."""
        self.check()
        codes = class_codes(self.title, y)
        self._refuse_classes(codes)
        standard = standardized(self.title, values, rows)
        varies = standard.any(axis=0)
        strength, p = np.full((2, values.shape[1]), np.nan)
        strength[varies], p[varies] = TESTS[self.test](standard[:, varies], codes, self.bins)
        return Choice(self._keep(strength, p, rows), strength)

    def _keep(self, strength: np.ndarray, p: np.ndarray, rows: Rows) -> np.ndarray:
        """(k,) bool; a NaN never stays."""
        if self.k is not None:
            return best(strength, capped(self.k, strength, rows, self.remarks_))
        if self.share is not None:
            return best(strength, math.ceil(self.share * (~np.isnan(strength)).sum()))
        tested = np.flatnonzero(~np.isnan(p))
        found = false_discovery_control(p[tested]) if self.fdr is not None and len(tested) else p[tested]
        keep = np.zeros(len(p), bool)
        keep[tested] = found <= (self.fdr or self.alpha or 0.05)
        return keep

    def _refuse_classes(self, codes: np.ndarray) -> None:
        counts = np.bincount(codes)
        if len(counts) > 2 and self.test in FOR_MORE_CLASSES:
            raise DataError(
                f"univariate: {self.test} compares two classes, and the training rows have {len(counts)}. "
                f"Set test: {FOR_MORE_CLASSES[self.test]}"
            )
        if self.test == "welch" and counts.min() < 2:
            raise DataError("univariate: welch needs 2 training cases of each class; the rarest class has 1")
