"""The menu of classifiers. To add one: an entry of three to six lines in ``CLASSIFIERS``; an estimator of our own has
its file beside this one.

Every estimator runs on one thread: the harness places the parallelism. Search spaces are meant for some hundred cases
and ten to a hundred features; a parameter that the YAML fixes leaves the space.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from sklearn.base import BaseEstimator
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Kernel, Matern, RationalQuadratic
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from benchmark.classifiers.calibrated_machine import CalibratedMachine
from benchmark.classifiers.rule_list import RuleList
from benchmark.classifiers.unpenalized_logistic import UnpenalizedLogistic

Weighting = Literal["sample_weight", "priors"]


@dataclass(frozen=True)
class Classifier:
    """One entry of the menu.

    ``make(seed)`` gives the unfitted estimator; ``space`` is what the tuner searches; ``weighting`` says how balanced
    class weights reach it (None: they cannot); ``max_cases`` is the largest training set that it is offered;
    ``two_classes``: it knows two classes only, and more are made of each against the rest.
    """

    title: str
    make: Callable[[int], BaseEstimator]
    space: Mapping[str, BaseDistribution]
    weighting: Weighting | None = "sample_weight"
    max_cases: int | None = None
    two_classes: bool = False


KERNELS: dict[str, Callable[[], Kernel]] = {
    "rbf": lambda: ConstantKernel(1.0) * RBF(1.0),
    "matern": lambda: ConstantKernel(1.0) * Matern(1.0, nu=1.5),
    "rational_quadratic": lambda: ConstantKernel(1.0) * RationalQuadratic(1.0, 1.0),
}
HIDDEN_LAYERS: dict[str, tuple[int, ...]] = {"16": (16,), "64": (64,), "32-16": (32, 16)}
WORDS: dict[str, Mapping[str, Any]] = {"kernel": KERNELS, "hidden_layer_sizes": HIDDEN_LAYERS}
"""Parameters whose values are written as words in the YAML and in the trials table."""


def _log(low: float, high: float) -> FloatDistribution:
    return FloatDistribution(low, high, log=True)


def _of(*values: Any) -> CategoricalDistribution:
    return CategoricalDistribution(values)


def _calibrated(estimator: SVC) -> CalibratedMachine:
    # SVC(probability=True) is deprecated; with ensemble=False one machine is fitted on all training rows.
    return CalibratedMachine(estimator, ensemble=False)


def _xgboost(seed: int) -> BaseEstimator:
    from xgboost import XGBClassifier

    return XGBClassifier(random_state=seed, n_jobs=1, tree_method="hist", verbosity=0)


def _lightgbm(seed: int) -> BaseEstimator:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(random_state=seed, n_jobs=1, verbose=-1, deterministic=True, subsample_freq=1)


def _catboost(seed: int) -> BaseEstimator:
    from catboost import CatBoostClassifier

    return CatBoostClassifier(
        random_seed=seed, thread_count=1, verbose=0, allow_writing_files=False, border_count=32, iterations=200
    )


CLASSIFIERS: dict[str, Classifier] = {
    "logistic": Classifier("Logistic regression", lambda seed: UnpenalizedLogistic(), {}),
    "logistic_l2": Classifier(
        "Logistic regression (L2)",
        lambda seed: LogisticRegression(max_iter=2000, random_state=seed),
        {"C": _log(1e-3, 1e2)},
    ),
    "logistic_l1": Classifier(
        "Logistic regression (L1, LASSO)",
        lambda seed: LogisticRegression(l1_ratio=1.0, solver="liblinear", max_iter=2000, random_state=seed),
        {"C": _log(1e-2, 1e2)},
        two_classes=True,
    ),
    "logistic_elastic_net": Classifier(
        "Logistic regression (elastic net)",
        lambda seed: LogisticRegression(l1_ratio=0.5, solver="saga", max_iter=2000, tol=1e-3, random_state=seed),
        {"C": _log(1e-2, 1e1), "l1_ratio": FloatDistribution(0.1, 0.9)},
    ),
    "lda": Classifier(
        "Linear discriminant analysis",
        lambda seed: LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"),
        {"shrinkage": _log(1e-3, 1.0)},
        weighting="priors",
    ),
    "qda": Classifier(
        "Quadratic discriminant analysis",
        lambda seed: QuadraticDiscriminantAnalysis(solver="eigen", shrinkage=0.1),
        {"shrinkage": _log(1e-2, 1.0)},
        weighting="priors",
    ),
    "naive_bayes": Classifier("Gaussian naive Bayes", lambda seed: GaussianNB(), {"var_smoothing": _log(1e-9, 1e0)}),
    "knn": Classifier(
        "k-nearest neighbours",
        lambda seed: KNeighborsClassifier(n_neighbors=15),
        {"n_neighbors": IntDistribution(3, 35, step=2), "weights": _of("uniform", "distance")},
        weighting=None,
    ),
    "svm_linear": Classifier(
        "Support vector machine (linear)",
        lambda seed: _calibrated(SVC(kernel="linear", random_state=seed)),
        {"C": _log(1e-3, 1e1)},
        max_cases=20_000,
    ),
    "svm_rbf": Classifier(
        "Support vector machine (RBF)",
        lambda seed: _calibrated(SVC(kernel="rbf", random_state=seed)),
        {"C": _log(1e-1, 1e2), "gamma": _log(1e-4, 1e0)},
        max_cases=20_000,
    ),
    "svm_poly": Classifier(
        "Support vector machine (polynomial)",
        lambda seed: _calibrated(SVC(kernel="poly", degree=2, coef0=1.0, random_state=seed)),
        {"C": _log(1e-2, 1e2), "degree": IntDistribution(2, 3), "gamma": _log(1e-4, 1e0)},
        max_cases=20_000,
    ),
    "gaussian_process": Classifier(
        "Gaussian process",
        lambda seed: GaussianProcessClassifier(KERNELS["rbf"](), random_state=seed),
        {"kernel": _of("rbf", "matern", "rational_quadratic")},
        weighting=None,
        max_cases=1_000,
    ),
    "decision_tree": Classifier(
        "Decision tree",
        lambda seed: DecisionTreeClassifier(random_state=seed),
        {"max_depth": IntDistribution(1, 8), "min_samples_leaf": IntDistribution(2, 30, log=True)},
    ),
    "rules": Classifier(
        "Decision list of cut-offs",
        lambda seed: RuleList(),
        {"max_rules": IntDistribution(1, 8), "min_cases": IntDistribution(3, 30, log=True)},
    ),
    "bagging": Classifier(
        "Bagged decision trees",
        lambda seed: BaggingClassifier(n_estimators=50, random_state=seed),
        {"max_samples": FloatDistribution(0.3, 1.0), "max_features": FloatDistribution(0.3, 1.0)},
    ),
    "random_forest": Classifier(
        "Random forest",
        lambda seed: RandomForestClassifier(n_estimators=100, n_jobs=1, random_state=seed),
        {
            "max_depth": _of(3, 5, 8, None),
            "min_samples_leaf": IntDistribution(1, 10),
            "max_features": _of("sqrt", "log2", 0.5),
        },
    ),
    "extra_trees": Classifier(
        "Extra trees",
        lambda seed: ExtraTreesClassifier(n_estimators=100, n_jobs=1, random_state=seed),
        {
            "max_depth": _of(3, 5, 8, None),
            "min_samples_leaf": IntDistribution(1, 10),
            "max_features": _of("sqrt", "log2", 0.5),
        },
    ),
    "adaboost": Classifier(
        "AdaBoost",
        lambda seed: AdaBoostClassifier(random_state=seed),
        {"n_estimators": IntDistribution(20, 100, step=10), "learning_rate": _log(1e-2, 1e0)},
    ),
    "gradient_boosting": Classifier(
        "Gradient boosting",
        lambda seed: GradientBoostingClassifier(random_state=seed),
        {
            "n_estimators": IntDistribution(25, 150, step=25),
            "learning_rate": _log(1e-2, 3e-1),
            "max_depth": IntDistribution(1, 4),
            "min_samples_leaf": IntDistribution(2, 30, log=True),
            "subsample": FloatDistribution(0.5, 1.0),
        },
    ),
    "hist_gradient_boosting": Classifier(
        "Histogram gradient boosting",
        lambda seed: HistGradientBoostingClassifier(random_state=seed, early_stopping=False),
        {
            "max_iter": IntDistribution(25, 150, step=25),
            "learning_rate": _log(1e-2, 3e-1),
            "max_leaf_nodes": IntDistribution(3, 15),
            "min_samples_leaf": IntDistribution(5, 30),
            "l2_regularization": _log(1e-3, 1e1),
        },
    ),
    "mlp": Classifier(
        "Multilayer perceptron",
        lambda seed: MLPClassifier(hidden_layer_sizes=(64,), max_iter=300, random_state=seed),
        {
            "hidden_layer_sizes": _of("16", "64", "32-16"),
            "alpha": _log(1e-5, 1e1),
            "learning_rate_init": _log(1e-3, 3e-2),
        },
    ),
    "xgboost": Classifier(
        "XGBoost",
        _xgboost,
        {
            "n_estimators": IntDistribution(50, 300, step=50),
            "max_depth": IntDistribution(2, 5),
            "learning_rate": _log(1e-2, 3e-1),
            "subsample": FloatDistribution(0.6, 1.0),
            "colsample_bytree": FloatDistribution(0.3, 1.0),
            "reg_lambda": _log(1e-1, 3e1),
        },
    ),
    "lightgbm": Classifier(
        "LightGBM",
        _lightgbm,
        {
            "n_estimators": IntDistribution(50, 300, step=50),
            "num_leaves": IntDistribution(3, 15),
            "learning_rate": _log(1e-2, 3e-1),
            "min_child_samples": IntDistribution(5, 30),
            "subsample": FloatDistribution(0.6, 1.0),
            "reg_lambda": _log(1e-3, 1e1),
        },
    ),
    "catboost": Classifier(
        "CatBoost",
        _catboost,
        {"depth": IntDistribution(2, 4), "learning_rate": _log(1e-2, 3e-1), "l2_leaf_reg": _log(1e0, 3e1)},
    ),
}
