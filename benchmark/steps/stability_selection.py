"""Keep the features that the LASSO takes in most random halves of the training rows, with a bound on the false ones.

Formula: complementary pairs of halves are drawn ``pairs`` times; a feature's frequency is the share of the halves in
whose logistic LASSO path it enters before the path has, on average over the halves, ``q`` features. It stays if its
frequency is at least ``threshold`` pi. The expected number of kept features that a random selection of q would rarely
take is then at most ``q^2 / ((2 pi - 1) k)``, and q is the largest for which that is at most ``false_selections``.

Source: Meinshausen and Bühlmann (2010), Journal of the Royal Statistical Society B 72:417, theorem 1; Shah and Samworth
(2013), Journal of the Royal Statistical Society B 75:55, theorem 1 and equation 4: with complementary pairs the bound
needs no assumption of exchangeability. Their sharper bounds for unimodal frequencies are not used.

More than two classes: each against the rest, with an equal part of ``false_selections``; the frequency that counts is
the highest.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from threadpoolctl import threadpool_limits

from benchmark.steps.lasso import one_against_rest
from benchmark.steps.lasso_logistic import logistic_supports, null_gradient
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import class_codes, folds_of, standardized


class StabilitySelection(Selector):
    """Features with a frequency of ``threshold`` or more over halves that are stratified and keep patients together.

    The score is the frequency; where all are zero, the penalty at which the feature alone would enter.
    ``frequencies_`` has the frequency of each feature (k,) of each group.
    """

    title: ClassVar[str] = "stability_selection"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        threshold: Annotated[float, Field(gt=0.5, le=1)] = 0.75,
        false_selections: Annotated[float, Field(gt=0)] = 1.0,
        pairs: Annotated[int, Field(ge=5, le=1000)] = 50,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.threshold = threshold
        self.false_selections = false_selections
        self.pairs = pairs
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``; ``y`` holds class codes."""
        self.frequencies_: list[np.ndarray] = []
        return super().fit(X, y)

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What is frequent."""
        codes = class_codes(self.title, y)
        n_features = int(standardized(self.title, values, rows).any(axis=0).sum())
        halves = [half for number in range(self.pairs) for half in self._pair(codes, rows, number)]
        outcomes = one_against_rest(codes)
        ceiling = self.false_selections / len(outcomes) * (2 * self.threshold - 1) * n_features
        with threadpool_limits(1, user_api="blas"):  # as in lasso
            entered = [logistic_supports(values, outcome, halves, np.sqrt(ceiling)) for outcome in outcomes]
        frequency = np.max([each.mean(axis=0) for each in entered], axis=0)
        taken = np.array([each.sum(axis=1).mean() for each in entered])
        bound = float((np.square(taken) / ((2 * self.threshold - 1) * n_features)).sum())
        self.frequencies_.append(frequency)
        self.remarks_.append(
            f"{taken.mean():.3g} of {n_features} features of {', '.join(rows.blocks)} entered per half; of those in "
            f"{self.threshold:g} of {len(halves)} halves at most {bound:.2g} are expected to be false"
        )
        alone = [] if frequency.any() else [null_gradient(values, outcome) for outcome in outcomes]
        return Choice(frequency >= self.threshold, np.max(alone, axis=0) if alone else frequency)

    def _pair(self, codes: np.ndarray, rows: Rows, number: int) -> list[np.ndarray]:
        """The rows of two complementary halves."""
        return [half for half, _ in folds_of(self.title, codes, rows.patient, 2, self.seed + number)]
