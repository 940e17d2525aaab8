"""Logistic regression by maximum likelihood, without a penalty: the binomial generalized linear model with logit link.

    log p_i/(1 - p_i) = b_0 + sum_j b_j x_ij,   b = argmax sum_i log-likelihood_i       (several classes: multinomial)

Features are standardized for the search of the maximum and the coefficients turned back, so units do not matter. Where
there is no finite maximum (separated classes) coefficients are those where the gradient fell below 1e-8, predictions of
training cases are then 0 or 1; with dependent columns the coefficients of the least size. Both are remarks.

Source: McCullagh and Nelder (1989), Generalized Linear Models, 4; separation: Albert and Anderson (1984), Biometrika
71:1.
"""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
from sklearn.linear_model import LogisticRegression

SEPARATED = "the classes are separated: no finite maximum, the coefficients grew until the fit stopped"
NEARLY = "some training cases have probabilities of 0 or 1: perhaps there is no finite maximum"
DEPENDENT = "more features than the training cases tell apart: the coefficients are not unique"
UNFINISHED = "the likelihood has not reached its maximum"
CERTAIN = 1 - 1e-6


class UnpenalizedLogistic(LogisticRegression):
    """The maximum of the likelihood, and in ``remarks_`` what is wrong with it."""

    coef_: np.ndarray
    intercept_: np.ndarray

    def __init__(self, *, max_iter: int = 500) -> None:
        super().__init__(C=np.inf, tol=1e-8, max_iter=max_iter)

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> Self:
        """Fit on (n_cases, k) features and (n_cases,) class codes."""
        centre, spread = X.mean(axis=0), X.std(axis=0)
        spread = np.where(spread > 1e-12 * np.abs(centre), spread, 1.0)
        Z = (X - centre) / spread
        dependent = np.linalg.matrix_rank(np.column_stack([np.ones(len(Z)), Z])) <= Z.shape[1]
        # Newton's steps need an information matrix that can be inverted, which that of the multinomial never is
        self.solver = "lbfgs" if dependent or len(np.unique(y)) > 2 else "newton-cholesky"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told as remarks
            super().fit(Z, y, sample_weight=sample_weight)
        own = self.predict_proba(Z)[np.arange(len(Z)), np.searchsorted(self.classes_, y)]
        self.coef_ = self.coef_ / spread
        self.intercept_ = self.intercept_ - self.coef_ @ centre
        told = {
            SEPARATED: (own > 0.5).all(),
            NEARLY: (own > CERTAIN).any() and not (own > 0.5).all(),
            DEPENDENT: dependent,
            UNFINISHED: np.max(self.n_iter_) >= self.max_iter,
        }
        self.remarks_ = [remark for remark, holds in told.items() if holds]
        return self
