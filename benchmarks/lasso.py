"""Times both LASSO engines against scikit-learn: ``python benchmarks/lasso.py [table.csv outcome [n_alphas eps]]``.

Linear: against ``LassoCV`` on the same folds, with the equality of alpha and coefficients. Logistic: against
``LogisticRegressionCV`` (L1, liblinear, 20 penalties instead of 100), and the largest difference of the coefficients
at the chosen penalty from a tight fit by saga. All in one process and with one thread. Without a table, 293 simulated
cases with 984 correlated features are used.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd
from sklearn.linear_model import LassoCV, LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import KFold, StratifiedKFold
from threadpoolctl import threadpool_limits

from benchmark.steps.lasso_linear import linear_lasso_path_cv
from benchmark.steps.lasso_logistic import logistic_path_cv
from benchmark.steps.lasso_path import patience_of
from benchmark.steps.moments import moments

Result = TypeVar("Result")


def simulated() -> tuple[np.ndarray, np.ndarray]:
    """Features in groups of ten, five of which decide the outcome."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(293, 99)), 10, axis=1)[:, :984] + 0.7 * rng.normal(size=(293, 984))
    return X, (X[:, ::200].sum(axis=1) + 3 * rng.normal(size=293) > 0).astype(float)


def read(path: str, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """The numeric columns of a table without gaps, and its outcome."""
    table = pd.read_csv(path).drop(columns="ID", errors="ignore")
    y = table.pop(outcome).to_numpy(float)
    return table.select_dtypes("number").to_numpy(float), y


def timed(task: Callable[[], Result]) -> tuple[Result, float]:
    """The result and the seconds it took."""
    start = time.perf_counter()
    return task(), time.perf_counter() - start


def linear(X: np.ndarray, y: np.ndarray, n_alphas: int, eps: float) -> str:
    """One line on the linear engine."""
    folds = list(KFold(5).split(X))
    patience = patience_of(0.25, n_alphas)
    own, seconds = timed(
        lambda: linear_lasso_path_cv(X, y, folds, n_alphas=n_alphas, eps=eps, patience=patience),
    )
    other, theirs = timed(lambda: LassoCV(alphas=n_alphas, eps=eps, cv=folds).fit(X, y))
    same = own.alpha == other.alpha_ and np.array_equal(own.coef, other.coef_)
    return (
        f"linear, {n_alphas} alphas to {eps:g}: {seconds:.2f} s, ended at {len(own.mse_path)}; "
        f"LassoCV {theirs:.2f} s; ratio {theirs / seconds:.1f}; {np.count_nonzero(own.coef)} features; "
        f"bit-equal alpha and coefficients: {same}\n"
    )


def logistic(X: np.ndarray, y: np.ndarray) -> str:
    """One line on the logistic engine."""
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    path, seconds = timed(lambda: logistic_path_cv(X, y, folds))
    place = max(1, path.choose("minimum"))
    liblinear = LogisticRegressionCV(
        Cs=1 / (len(y) * path.penalties[::5]), l1_ratios=[1], solver="liblinear", cv=folds, scoring="neg_log_loss",
        use_legacy_attributes=False,
    )  # fmt: skip
    _, theirs = timed(lambda: liblinear.fit(X, y))
    saga = LogisticRegression(
        C=1 / (len(y) * path.penalties[place]), l1_ratio=1, solver="saga", tol=1e-8, max_iter=10_000
    )
    difference = np.abs(saga.fit(X, y).coef_[0] - path.coefficients[place]).max()
    return (
        f"logistic, 100 lambdas to 0.01: {seconds:.2f} s, ended at {path.n_reached}; "
        f"LogisticRegressionCV, 20 penalties, {theirs:.2f} s; ratio {theirs / seconds:.1f}; "
        f"{np.count_nonzero(path.coefficients[place])} features; "
        f"largest difference from saga {difference:.1e}\n"
    )


def main(path: str | None = None, outcome: str = "Target", n_alphas: str = "100", eps: str = "0.001") -> None:
    """Write one line for each engine."""
    warnings.simplefilter("ignore")
    X, y = simulated() if path is None else read(path, outcome)
    mean, sd = moments(X)
    X = (X - mean) / np.where(sd > 0, sd, 1.0)
    with threadpool_limits(1):
        sys.stdout.write(f"{X.shape[0]} x {X.shape[1]}\n")
        sys.stdout.write(logistic(X, y))
        sys.stdout.write(linear(X, y, int(n_alphas), float(eps)))


if __name__ == "__main__":
    main(*sys.argv[1:])
