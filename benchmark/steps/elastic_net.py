"""Keep the features with a non-zero coefficient of an elastic net, its mixing and penalty chosen by cross-validation.

Formula: the logistic model of ``lasso_logistic`` with ``lambda sum_j [a |b_j| + (1 - a) b_j^2 / 2]``; ``a`` = 1 is the
LASSO. The smaller ``a``, the more features that resemble each other stay together, where the LASSO takes one of them.
Each mixing has a path of its own on the same folds; the one with the least deviance wins (of equal ones the largest),
and the rule then chooses on its path (see ``lasso_path``). More than two classes: as in ``lasso``.

Source: Zou and Hastie (2005), Journal of the Royal Statistical Society B 67:301; Friedman, Hastie and Tibshirani
(2010), Journal of Statistical Software 33(1), equation 2. Their alpha and scikit-learn's ``l1_ratio`` are ``mixing``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from threadpoolctl import threadpool_limits

from benchmark.steps.lasso import Fit, choice_of, one_against_rest
from benchmark.steps.lasso_logistic import logistic_path_cv, smallest_share
from benchmark.steps.lasso_path import Folds, LassoPath, Rule, patience_of
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import class_codes, folds_of, standardized


class ElasticNet(Selector):
    """Elastic net selection; ``mixing`` is the list to choose from, and the other parameters are those of ``lasso``.

    ``mixings_`` and ``paths_`` have what was chosen for each group of features, and for each class against the rest if
    there are more than two.
    """

    title: ClassVar[str] = "elastic_net"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        mixing: Annotated[tuple[Annotated[float, Field(ge=0.05, le=1)], ...], Field(min_length=1, max_length=20)] = (
            0.25,
            0.5,
            0.75,
            1.0,
        ),
        folds: Annotated[int, Field(ge=2)] = 5,
        rule: Rule = "minimum",
        max_features: Annotated[int, Field(ge=1)] | None = None,
        n_lambdas: Annotated[int, Field(ge=2)] = 100,
        eps: Annotated[float, Field(gt=0, lt=1)] | None = None,
        patience: Annotated[float, Field(ge=0.25, le=1)] = 0.25,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.mixing = mixing
        self.folds = folds
        self.rule = rule
        self.max_features = max_features
        self.n_lambdas = n_lambdas
        self.eps = eps
        self.patience = patience
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``; ``y`` holds class codes."""
        self.paths_: list[LassoPath] = []
        self.mixings_: list[float] = []
        return super().fit(X, y)

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What has a coefficient."""
        codes = class_codes(self.title, y)
        standardized(self.title, values, rows)
        folds = folds_of(self.title, codes, rows.patient, self.folds, self.seed)
        with threadpool_limits(1, user_api="blas"):  # as in lasso
            fits = [self._fit(values, outcome, folds) for outcome in one_against_rest(codes)]
        return choice_of(fits, self.max_features, values, codes)

    def _fit(self, values: np.ndarray, outcome: np.ndarray, folds: Folds) -> Fit:
        """The model of the best mixing at the chosen place of its path."""
        paths = {
            mixing: logistic_path_cv(
                values, outcome, folds, n_lambdas=self.n_lambdas, eps=self.eps or smallest_share(values),
                patience=patience_of(self.patience, self.n_lambdas), mixing=mixing,
            )
            for mixing in sorted(self.mixing, reverse=True)
        }  # fmt: skip
        best = min(paths, key=lambda mixing: paths[mixing].mean_error.min())
        path = paths[best]
        self.mixings_.append(best)
        self.paths_.append(path)
        return path.choose(self.rule), lambda place: path.coefficients[place]
