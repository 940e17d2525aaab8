"""SHAP values add up to what the model says; coefficients are those of the model inside."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.classifiers import CLASSIFIERS
from benchmark.explain.attributions import attributions
from benchmark.explain.coefficients import coefficients
from benchmark.recipe import ClassifierChoice, Preprocessing, StepChoice, build_classifier

pytestmark = pytest.mark.filterwarnings("ignore")

RNG = np.random.default_rng(0)
LINEAR = ("logistic_l2", "logistic_l1", "logistic_elastic_net", "lda", "svm_linear")


def data(n_classes: int = 2, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    y = np.arange(n) % n_classes
    X = RNG.normal(size=(n, 4))
    X[:, 0] += 1.5 * y
    return X, y


def fitted(name: str, n_classes: int = 2, weight: str = "none", preprocessing: Preprocessing | None = None):
    X, y = data(n_classes)
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


@pytest.mark.parametrize("name", ["logistic_l2", "random_forest", "lightgbm", "xgboost", "catboost", "knn"])
def test_every_class_has_its_values(name: str) -> None:
    estimator, X = fitted(name, n_classes=3)
    found = attributions(estimator, X, X[:4], n_classes=3, background=10, seed=1)
    assert found.values.shape == (4, 4, 3)
    assert found.base.shape == (3,)
    if found.scale == "probability":
        total = found.base + found.values.sum(axis=1)
        np.testing.assert_allclose(total, estimator.predict_proba(X[:4]), atol=1e-6)


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
