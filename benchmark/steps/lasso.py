"""Keep the features with a non-zero LASSO coefficient at a cross-validated penalty.

Two models: ``logistic``, as glmnet (see ``lasso_logistic``), and ``linear``, least squares on the 0/1 outcome as
scikit-learn's ``LassoCV`` (see ``lasso_linear``). The rules of the choice and of the early end are in ``lasso_path``.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from threadpoolctl import threadpool_limits

from benchmark.errors import ConfigError, DataError
from benchmark.frame import block_of, feature_of
from benchmark.steps.lasso_linear import linear_coefficients, linear_path
from benchmark.steps.lasso_logistic import logistic_path_cv, null_gradient
from benchmark.steps.lasso_path import Folds, LassoPath, Rule, patience_of
from benchmark.steps.moments import moments
from benchmark.steps.step import Choice, Rows, Selector


class Lasso(Selector):
    """LASSO selection for an outcome of two classes; the penalty is chosen by cross-validation of the training rows.

    ``folds``: stratified, shuffled with the seed, a patient never on both sides; at most as many as the rarer class
    has cases (patients where some own several cases), at least 2. ``rule``: see ``lasso_path``. ``max_features``: the
    chosen penalty is raised along the grid until no more features are left, so the result is still a LASSO model.
    ``n_lambdas``, ``eps``: length of the grid and smallest penalty as a share of the largest; by default that of
    glmnet (0.01 with more features than cases, else 0.0001) or of ``LassoCV`` (0.001). ``patience``: the share of the
    grid without improvement that ends the path, 1 for never. ``standardize``: the linear model as well takes
    standardized features (the logistic one always does).

    The score is the absolute coefficient; where all are zero, the penalty at which the feature alone would enter.
    ``paths_`` has the path of each group of features.
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

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Learn from the rows of ``X``; ``y`` holds class codes."""
        if self.model == "logistic" and not self.standardize:
            raise ConfigError("lasso: standardize: false is for model: linear; the logistic model always standardizes")
        self.paths_: list[LassoPath] = []
        return super().fit(X, y)

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What has a coefficient."""
        outcome = _two_classes(y)
        _refuse(values, rows)
        folds = folds_of(outcome, rows.patient, self.folds, self.seed)
        fitted = self._logistic if self.model == "logistic" else self._linear
        # Small systems: threads would wait for each other, and the last bits would depend on their number.
        with threadpool_limits(1, user_api="blas"):
            size = np.abs(fitted(values, outcome, folds))
        return Choice(size > 0, size if size.any() else null_gradient(values, outcome))

    def _logistic(self, values: np.ndarray, outcome: np.ndarray, folds: Folds) -> np.ndarray:
        """(k,) coefficients of the logistic model."""
        eps = self.eps or (1e-2 if values.shape[1] > len(values) else 1e-4)
        path = logistic_path_cv(values, outcome, folds, n_lambdas=self.n_lambdas, eps=eps, patience=self._patience)
        self.paths_.append(path)
        place = path.choose(self.rule)
        while self._too_many(path.coefficients[place]) and place > 0:
            place -= 1
        return path.coefficients[place]

    def _linear(self, values: np.ndarray, outcome: np.ndarray, folds: Folds) -> np.ndarray:
        """(k,) coefficients of the linear model."""
        if self.standardize:
            mean, sd = moments(values)
            values = (values - mean) / np.where(sd > 0, sd, np.inf)
        path = linear_path(
            values, outcome, folds,
            n_alphas=self.n_lambdas, eps=self.eps or 1e-3, max_iter=self.max_iter, patience=self._patience,
        )  # fmt: skip
        self.paths_.append(path)
        place = path.choose(self.rule)
        coefficients = linear_coefficients(values, outcome, path.penalties[place], max_iter=self.max_iter)
        while self._too_many(coefficients) and place > 0:
            place -= 1
            coefficients = linear_coefficients(values, outcome, path.penalties[place], max_iter=self.max_iter)
        return coefficients

    @property
    def _patience(self) -> int:
        return patience_of(self.patience, self.n_lambdas)

    def _too_many(self, coefficients: np.ndarray) -> bool:
        return self.max_features is not None and int(np.count_nonzero(coefficients)) > self.max_features


def folds_of(outcome: np.ndarray, patient: np.ndarray | None, n_folds: int, seed: int) -> Folds:
    """Stratified folds of a 0/1 outcome, whole patients where some own several rows. See ``Lasso`` for their number."""
    grouped = patient is not None and pd.Series(patient).duplicated().any()
    owners = np.asarray(patient) if grouped else np.arange(len(outcome))
    rarest = min(len(set(owners[outcome == code])) for code in (0, 1))
    if rarest < 2:
        raise DataError(
            f"lasso: its cross-validation needs 2 {'patients' if grouped else 'cases'} of each class among the "
            f"{len(outcome)} training rows; the rarer class has {rarest}"
        )
    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    splitter = kind(min(n_folds, rarest), shuffle=True, random_state=seed)
    folds = list(splitter.split(np.zeros(len(outcome)), outcome, owners if grouped else None))
    if any(len(np.unique(outcome[train])) < 2 for train, _ in folds):
        raise DataError(
            f"lasso: in {len(folds)} folds by patient, the training rows of one hold a single class, because few "
            f"patients own all cases of the other. Set folds to another number than {len(folds)}."
        )
    return folds


def _two_classes(y: np.ndarray | None) -> np.ndarray:
    """(n_cases,) 1.0 for the higher of two class codes, 0.0 for the lower."""
    if y is None:
        raise DataError("lasso: it needs the outcome of the training rows, and there is none")
    classes = np.unique(y)
    if len(classes) != 2:
        raise DataError(f"lasso: the training rows have {len(classes)} class(es); LASSO is for two classes for now")
    return (y == classes[1]).astype(float)


def _refuse(values: np.ndarray, rows: Rows) -> None:
    bad = ~np.isfinite(values).all(axis=0)
    if bad.any():
        column = rows.features[int(np.argmax(bad))]
        raise DataError(
            f"lasso: {int(bad.sum())} of {len(bad)} features have missing or infinite values "
            f"(first: '{feature_of(column)}' of block '{block_of(column)}'). Put impute before lasso."
        )
    if not (moments(values).sd > 0).any():
        raise DataError(f"lasso: none of {len(bad)} features of {', '.join(rows.blocks)} varies in the training rows")
