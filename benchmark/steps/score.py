"""Rad-score and deep-score: one number per case in place of the features of a block, the log-odds of a LASSO logistic
model of the training rows.

    score_i = b0 + sum_j b_j (x_ij - mean_j) / sd_j          at the penalty that cross-validation chose

The second model, which joins the scores with clinical variables, must not take at face value what the first has fitted
to the same rows. With ``cross_fit`` the training rows therefore get the score of a model of the other folds, and every
other row that of the model of all training rows.

Source: Huang et al. (2016), Journal of Clinical Oncology 34:2157 (radiomics score by LASSO, joined in a nomogram);
Friedman, Hastie and Tibshirani (2010), Journal of Statistical Software 33(1) (the model); Wolpert (1992), Neural
Networks 5:241 (cross-fitting).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field
from threadpoolctl import threadpool_limits

from benchmark.frame import block_of, column_of, owner_of
from benchmark.steps.lasso import one_against_rest
from benchmark.steps.lasso_logistic import logistic_path, logistic_path_cv
from benchmark.steps.lasso_path import Rule, patience_of
from benchmark.steps.moments import moments
from benchmark.steps.step import Reducer, Rows, rows_of
from benchmark.steps.training_rows import class_codes, folds_of, require_finite

NAME = "score"


@dataclass(frozen=True)
class Line:
    """``intercept`` (n_scores,) and ``slopes`` (n_scores, k) of the raw features."""

    intercept: np.ndarray
    slopes: np.ndarray


class Score(Reducer):
    """The touched features of each block as one score; of more than two classes one per class, against the rest.

    ``rule``, ``max_features``, ``folds``, ``n_lambdas``: as in ``lasso``. A block of which nothing is selected has the
    constant log-odds of the training rows, and a remark. ``training_scores_``: the scores that the training rows had.
    """

    title: ClassVar[str] = "score"
    image_only: ClassVar[bool] = True
    per_block_default: ClassVar[bool] = True
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        rule: Rule = "minimum",
        max_features: Annotated[int, Field(ge=1)] | None = None,
        folds: Annotated[int, Field(ge=2)] = 5,
        n_lambdas: Annotated[int, Field(ge=2)] = 100,
        cross_fit: bool = True,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.rule = rule
        self.max_features = max_features
        self.folds = folds
        self.n_lambdas = n_lambdas
        self.cross_fit = cross_fit
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Line:
        """The line of all training rows."""
        require_finite(self.title, values, rows)
        found = self._line(values, rows.patient, class_codes(self.title, y))
        if not found.slopes.any():
            self.remarks_.append(f"no feature of {', '.join(rows.blocks)} has a coefficient: the score is constant")
        return found

    def apply(self, state: Line, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The scores, (n_cases, n_scores)."""
        used = state.slopes.any(axis=0)  # a feature without a coefficient cannot spoil a row
        return state.intercept + values[:, used] @ state.slopes[:, used].T

    def names(self, state: Line, features: list[str]) -> list[str]:
        """``score``, or ``score 0``, ``score 1`` ... by class."""
        n_scores = len(state.intercept)
        return [NAME] if n_scores == 1 else [f"{NAME} {code}" for code in range(n_scores)]

    def fit_transform(self, X: pd.DataFrame, y: Any = None, **params: Any) -> pd.DataFrame:
        """Fit, and give the training rows the scores that the next step is to learn from."""
        changed = self.fit(X, y).transform(X)
        if self.cross_fit:
            for columns, state in zip(self.groups_, self.states_, strict=True):
                names = self._columns(columns, state)
                changed[names] = self._cross_fitted(X, columns, np.asarray(y))
        self.training_scores_ = changed[self.score_columns]
        return changed

    @property
    def score_columns(self) -> list[str]:
        """The columns that hold the scores."""
        return [name for columns, state in zip(self.groups_, self.states_, strict=True)
                for name in self._columns(columns, state)]  # fmt: skip

    def _columns(self, features: list[str], state: Line) -> list[str]:
        owner = owner_of(dict.fromkeys(map(block_of, features)))
        return [column_of(owner, name) for name in self.names(state, features)]

    def _cross_fitted(self, X: pd.DataFrame, columns: list[str], y: np.ndarray) -> np.ndarray:
        """(n_cases, n_scores): each row by the model of the folds without it."""
        values, rows = X[columns].to_numpy(float), rows_of(X, columns)
        codes = class_codes(self.title, y)
        found = np.empty((len(values), len(one_against_rest(codes))))
        for train, held in folds_of(self.title, codes, rows.patient, self.folds, self.seed):
            patient = None if rows.patient is None else rows.patient[train]
            found[held] = self.apply(self._line(values[train], patient, codes[train]), values[held], rows)
        return found

    def _line(self, values: np.ndarray, patient: np.ndarray | None, codes: np.ndarray) -> Line:
        folds = folds_of(self.title, codes, patient, self.folds, self.seed)
        eps = 1e-2 if values.shape[1] > len(values) else 1e-4
        with threadpool_limits(1, user_api="blas"):
            fits = [self._fit_one(values, outcome, folds, eps) for outcome in one_against_rest(codes)]
        return Line(np.array([intercept for intercept, _ in fits]), np.array([slopes for _, slopes in fits]))

    def _fit_one(self, values: np.ndarray, outcome: np.ndarray, folds: Any, eps: float) -> tuple[float, np.ndarray]:
        """Intercept and slopes of the raw features at the chosen penalty, at most ``max_features`` of them."""
        patience = patience_of(1.0 / 4, self.n_lambdas)
        path = logistic_path_cv(values, outcome, folds, n_lambdas=self.n_lambdas, eps=eps, patience=patience)
        place = path.choose(self.rule)
        while self.max_features is not None and np.count_nonzero(path.coefficients[place]) > self.max_features:
            place -= 1
        intercepts, coefficients = logistic_path(values, outcome, path.penalties[: place + 1])
        mean, sd = moments(values)
        slopes = coefficients[-1] / np.where(sd > 0, sd, np.inf)
        return float(intercepts[-1] - slopes @ mean), slopes
