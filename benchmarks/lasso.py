"""Times both LASSO engines against scikit-learn: ``python benchmarks/lasso.py [table.csv outcome [n_alphas eps]]``,
``... wide`` for 400 x 15,680 simulated, or ``... tables FOLDER`` for ten tables below the folder of real cohorts.

Linear: against ``LassoCV`` on the same folds, with the equality of alpha and coefficients. Logistic: against
``LogisticRegressionCV`` (L1, liblinear, 20 penalties instead of 100), and the largest difference of the coefficients
at the chosen penalty from a tight fit by saga. All in one process and with one thread. Without a table, 293 simulated
cases with 984 correlated features are used. The wide table has no fit by saga, and all 100 penalties for scikit-learn,
which takes minutes. On the ten tables the logistic path that ends early is compared with the whole one.
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


TABLES = [
    *(f"radmlbench-hosny2018/Hosny2018{centre}" for centre in "ABC"),
    *(f"radmlbench-worc/WORC-{name}" for name in ("Lipo", "Desmoid", "Liver", "GIST", "CRLM", "Melanoma")),
    "radmlbench-petct/Head-Neck-PET-CT",
]


def simulated(n: int = 293, k: int = 984) -> tuple[np.ndarray, np.ndarray]:
    """Features in groups of ten, five of which decide the outcome."""
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(n, k // 10 + 1)), 10, axis=1)[:, :k] + 0.7 * rng.normal(size=(n, k))
    return X, (X[:, :: k // 5 + 4].sum(axis=1) + 3 * rng.normal(size=n) > 0).astype(float)


def read(path: str, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """The numeric columns of a table without gaps, and its outcome."""
    table = pd.read_csv(path).drop(columns="ID", errors="ignore")
    y = table.pop(outcome).to_numpy(float)
    return table.select_dtypes("number").to_numpy(float), y


def timed(task: Callable[[], Result]) -> tuple[Result, float]:
    """The result and the seconds of processor time it took, so that other work on the machine does not count."""
    start = time.process_time()
    return task(), time.process_time() - start


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


def early(X: np.ndarray, y: np.ndarray) -> str:
    """One line on the end of the logistic path."""
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    one, seconds = timed(lambda: logistic_path_cv(X, y, folds))
    whole, theirs = timed(lambda: logistic_path_cv(X, y, folds, patience=100))
    places = [(one.choose(rule), whole.choose(rule)) for rule in ("minimum", "one_standard_error")]
    same = all(ours == other for ours, other in places)
    return (
        f"logistic, {seconds:.2f} s, ended at {one.n_reached}; whole path {theirs:.2f} s; "
        f"same lambda and support by both rules: {same}\n"
    )


def plain(X: np.ndarray, y: np.ndarray) -> str:
    """One line on the logistic engine beside scikit-learn's call with the same folds and all 100 penalties."""
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y))
    path, seconds = timed(lambda: logistic_path_cv(X, y, folds))
    liblinear = LogisticRegressionCV(
        Cs=1 / (len(y) * path.penalties), l1_ratios=[1], solver="liblinear", cv=folds, scoring="neg_log_loss",
        use_legacy_attributes=False,
    )  # fmt: skip
    _, theirs = timed(lambda: liblinear.fit(X, y))
    return (
        f"logistic, 100 lambdas to 0.01: {seconds:.2f} s; LogisticRegressionCV, the same penalties, {theirs:.1f} s; "
        f"ratio {theirs / seconds:.1f}\n"
    )


def tables(folder: str) -> None:
    """Two lines for each of ten tables."""
    for name in TABLES:
        X, y = standard(*read(f"{folder}/{name}.csv.gz", "Target"))
        sys.stdout.write(f"{name}, {X.shape[0]} x {X.shape[1]}\n{early(X, y)}{linear(X, y, 100, 1e-3)}")


def standard(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The table with standardized features."""
    mean, sd = moments(X)
    return (X - mean) / np.where(sd > 0, sd, 1.0), y


def main(path: str | None = None, outcome: str = "Target", n_alphas: str = "100", eps: str = "0.001") -> None:
    """Write one line for each engine."""
    warnings.simplefilter("ignore")
    with threadpool_limits(1):
        if path == "tables":
            tables(outcome)
            return
        made = simulated(400, 15_680) if path == "wide" else simulated()
        X, y = standard(*(made if path in (None, "wide") else read(str(path), outcome)))
        sys.stdout.write(f"{X.shape[0]} x {X.shape[1]}\n")
        sys.stdout.write(early(X, y) + plain(X, y) if path == "wide" else logistic(X, y))
        sys.stdout.write(linear(X, y, int(n_alphas), float(eps)))


if __name__ == "__main__":
    main(*sys.argv[1:])
