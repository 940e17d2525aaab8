"""SHAP values add up to what the model says; coefficients are those of the model inside."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from benchmark.classifiers import CLASSIFIERS
from benchmark.explain.attributions import attributions
from benchmark.explain.coefficients import coefficients, intercepts, is_line
from benchmark.recipe import ClassifierChoice, Preprocessing, StepChoice, build_classifier

pytestmark = pytest.mark.filterwarnings("ignore")

RNG = np.random.default_rng(0)
LINEAR = ("logistic", "logistic_l2", "logistic_l1", "logistic_elastic_net", "lda", "svm_linear")


def data(n_classes: int = 2, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(n) % n_classes
    X = RNG.normal(size=(n, 4))
    X[:, 0] += 1.5 * y
    return X, y


def fitted(
    name: str,
    n_classes: int = 2,
    weight: str = "none",
    preprocessing: Preprocessing | None = None,
    rare: bool = False,
):
    X, y = data(n_classes)
    if rare:
        X, y = X[20:], np.concatenate([y[20:40] * 0, y[40:]])
    choice = ClassifierChoice(name, class_weight=weight)
    estimator = build_classifier(
        choice, preprocessing or Preprocessing("p", ()), seed=1, n_classes=n_classes, params={}
    )
    return estimator.fit(X, y), X


def said(estimator, rows: np.ndarray, scale: str) -> np.ndarray:
    p = estimator.predict_proba(rows)[:, 1]
    return p if scale == "probability" else np.log(p / (1 - p))


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_values_add_up_to_the_prediction(name: str) -> None:
    estimator, X = fitted(name)
    rows = X[:5]
    found = attributions(estimator, X, rows, n_classes=2, background=20, seed=1)
    assert found.values.shape == (5, 4, 1)
    total = found.base[0] + found.values[:, :, 0].sum(axis=1)
    tolerance = 1e-4 if name in ("xgboost", "catboost") else 1e-6
    np.testing.assert_allclose(total, said(estimator, rows, found.scale), atol=tolerance)
    again = attributions(estimator, X, rows, n_classes=2, background=20, seed=1)
    np.testing.assert_array_equal(found.values, again.values)
    assert np.abs(found.values[:, 0]).mean() > np.abs(found.values[:, 1:]).mean()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_class_has_its_values(name: str) -> None:
    estimator, X = fitted(name, n_classes=3)
    found = attributions(estimator, X, X[:2], n_classes=3, background=5, seed=1)
    assert found.values.shape == (2, 4, 3)
    assert found.base.shape == (3,)
    total = found.base + found.values.sum(axis=1)
    total = total if found.scale == "probability" else softmax(total, axis=1)
    np.testing.assert_allclose(total, estimator.predict_proba(X[:2]), atol=1e-6)


@pytest.mark.parametrize(
    "name", ["logistic", "lda", "random_forest", "gradient_boosting", "xgboost", "svm_linear", "rules"]
)
@pytest.mark.parametrize("how", ["balanced", "smote"])
def test_values_add_up_under_weights_and_resampling(name: str, how: str) -> None:
    smote = Preprocessing("p", (), StepChoice("smote")) if how == "smote" else None
    estimator, X = fitted(name, weight="none" if smote else how, preprocessing=smote, rare=True)
    found = attributions(estimator, X, X[:3], n_classes=2, background=5, seed=1)
    total = found.base[0] + found.values[:, :, 0].sum(axis=1)
    np.testing.assert_allclose(total, said(estimator, X[:3], found.scale), atol=1e-4 if name == "xgboost" else 1e-6)


@pytest.mark.parametrize("name", [name for name in CLASSIFIERS if is_line(name)])
@pytest.mark.parametrize("how", ["none", "balanced", "smote"])
def test_intercept_and_coefficients_are_the_log_odds(name: str, how: str) -> None:
    smote = Preprocessing("p", (), StepChoice("smote")) if how == "smote" else None
    estimator, X = fitted(name, weight="none" if smote else how, preprocessing=smote, rare=True)
    line = intercepts(estimator)[0] + X @ coefficients(estimator)[0]
    np.testing.assert_allclose(line, said(estimator, X, "log-odds"), atol=1e-9)


def test_lines_are_logistic_regressions_and_lda() -> None:
    lines = {name for name in CLASSIFIERS if is_line(name)}
    assert {"logistic", "logistic_l1", "logistic_l2", "logistic_elastic_net", "lda"} == lines
    assert intercepts(fitted("random_forest")[0]) is None


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_linear_models_have_coefficients(name: str) -> None:
    estimator, _ = fitted(name)
    found = coefficients(estimator)
    assert (found is not None) == (name in LINEAR)
    if found is not None:
        assert found.shape == (1, 4)
        assert found[0, 0] > 0


def test_the_model_inside_weights_and_resampling() -> None:
    smote = Preprocessing("p", (), StepChoice("smote"))
    for weight, preprocessing in (("balanced", None), ("none", smote)):
        estimator, _ = fitted("logistic_l2", weight=weight, preprocessing=preprocessing)
        assert coefficients(estimator).shape == (1, 4)
    assert coefficients(fitted("logistic_l1", n_classes=3)[0]).shape == (3, 4)
    assert coefficients(fitted("svm_linear", n_classes=3)[0]) is None
