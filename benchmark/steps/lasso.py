"""Keep the features with a non-zero LASSO coefficient at a cross-validated penalty.

Two models: ``logistic``, as glmnet (see ``lasso_logistic``), and ``linear``, least squares on the 0/1 outcome as
scikit-learn's ``LassoCV`` (see ``lasso_linear``). The rules of the choice and of the early end are in ``lasso_path``.

More than two classes: each against the rest, on the same folds, every class with its own penalty; a feature stays if
it has a coefficient in one of these models at least (section 4 of Friedman, Hastie and Tibshirani 2010 has one
multinomial model instead, in which the supports of the classes differ likewise).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from threadpoolctl import threadpool_limits

from benchmark.errors import ConfigError
from benchmark.steps.lasso_linear import linear_coefficients, linear_path
from benchmark.steps.lasso_logistic import logistic_path_cv, null_gradient, smallest_share
from benchmark.steps.lasso_path import Folds, LassoPath, Rule, patience_of
from benchmark.steps.step import Choice, Rows, Selector
from benchmark.steps.training_rows import class_codes, folds_of, standardized

Fit = tuple[int, Callable[[int], np.ndarray]]
"""The chosen place of a path, and the coefficients (k,) at any place."""


class Lasso(Selector):
    """LASSO selection; the penalty is chosen by cross-validation of the training rows.

    ``folds``: stratified, shuffled with the seed, a patient never on both sides; at most as many as the rarest class
    has cases (patients where some own several cases), at least 2. ``rule``: see ``lasso_path``. ``max_features``: the
    chosen penalty is raised along the grid until no more features are left, so the result is still a LASSO model.
    ``n_lambdas``, ``eps``: length of the grid and smallest penalty as a share of the largest; by default that of
    glmnet (0.01 with more features than cases, else 0.0001) or of ``LassoCV`` (0.001). ``patience``: the share of the
    grid without improvement that ends the path, 1 for never. ``standardize``: the linear model as well takes
    standardized features (the logistic one always does).

    The score is the absolute coefficient; where all are zero, the penalty at which the feature alone would enter.
    ``paths_`` has the path of each group of features, and of each class against the rest if there are more than two.
    """

    title: ClassVar[str] = "lasso"
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        model: Literal["logistic", "linear"] = "logistic",
        folds: Annotated[int, Field(ge=2)] = 5,
        rule: Rule = "minimum",
        max_features: Annotated[int, Field(ge=1)] | None = None,
        n_lambdas: Annotated[int, Field(ge=2)] = 100,
        eps: Annotated[float, Field(gt=0, lt=1)] | None = None,
        patience: Annotated[float, Field(ge=0.25, le=1)] = 0.25,
        max_iter: Annotated[int, Field(ge=1)] = 1000,
        standardize: bool = True,
        when_empty: Literal["best", "error"] = "best",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.model = model
        self.folds = folds
        self.rule = rule
        self.max_features = max_features
        self.n_lambdas = n_lambdas
        self.eps = eps
        self.patience = patience
        self.max_iter = max_iter
        self.standardize = standardize
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def check(self) -> None:
        """The logistic model knows no raw features."""
        if self.model == "logistic" and not self.standardize:
            raise ConfigError("lasso: standardize: false is for model: linear; the logistic model always standardizes")

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``; ``y`` holds class codes."""
        self.check()
        self.paths_: list[LassoPath] = []
        return super().fit(X, y)

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What has a coefficient."""
        codes = class_codes(self.title, y)
        standard = standardized(self.title, values, rows)
        if self.model == "linear" and self.standardize:
            values = standard
        folds = folds_of(self.title, codes, rows.patient, self.folds, self.seed)
        fitted = self._logistic if self.model == "logistic" else self._linear
        outcomes = one_against_rest(codes)
        # Small systems: threads would wait for each other, and the last bits would depend on their number.
        with threadpool_limits(1, user_api="blas"):
            return choice_of([fitted(values, outcome, folds) for outcome in outcomes], self.max_features, values, codes)

    def _logistic(self, values: np.ndarray, outcome: np.ndarray, folds: Folds) -> Fit:
        """The logistic model at the chosen place."""
        eps = self.eps or smallest_share(values)
        patience = patience_of(self.patience, self.n_lambdas)
        path = logistic_path_cv(values, outcome, folds, n_lambdas=self.n_lambdas, eps=eps, patience=patience)
        self.paths_.append(path)
        return path.choose(self.rule), lambda place: path.coefficients[place]

    def _linear(self, values: np.ndarray, outcome: np.ndarray, folds: Folds) -> Fit:
        """The linear model at the chosen place."""
        path = linear_path(
            values, outcome, folds, n_alphas=self.n_lambdas, eps=self.eps or 1e-3, max_iter=self.max_iter,
            patience=patience_of(self.patience, self.n_lambdas),
        )  # fmt: skip
        self.paths_.append(path)
        return path.choose(self.rule), lambda place: linear_coefficients(
            values, outcome, path.penalties[place], max_iter=self.max_iter
        )


def choice_of(fits: list[Fit], max_features: int | None, values: np.ndarray, codes: np.ndarray) -> Choice:
    """The features with a coefficient in a model at least, scored by the largest one in absolute value; where all are
    zero, by the penalty at which a feature alone would enter."""
    size = _within(max_features, fits)
    alone = [] if size.any() else [null_gradient(values, outcome) for outcome in one_against_rest(codes)]
    return Choice(size > 0, np.max(alone, axis=0) if alone else size)


def _within(max_features: int | None, fits: list[Fit]) -> np.ndarray:
    """(k,) largest absolute coefficient over the models, at the chosen places; where there are more features than the
    cap, as many places before them as it takes, the same number for each model."""
    raised = 0
    while True:
        sizes = [np.abs(coefficients(max(place - raised, 0))) for place, coefficients in fits]
        size = np.max(sizes, axis=0)
        few = max_features is None or int(np.count_nonzero(size)) <= max_features
        if few or raised >= max(place for place, _ in fits):
            return size
        raised += 1


def one_against_rest(codes: np.ndarray) -> list[np.ndarray]:
    """0/1 outcomes (n_cases,): of two classes the second alone, of more each against the rest."""
    n_classes = int(codes.max()) + 1
    return [(codes == code).astype(float) for code in ([1] if n_classes == 2 else range(n_classes))]
