"""Logistic regression without a penalty, held to the generalized linear model of statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.base import clone

from benchmark.classifiers.unpenalized_logistic import DEPENDENT, NEARLY, SEPARATED, UNFINISHED, UnpenalizedLogistic

RNG = np.random.default_rng(1)
X = RNG.normal([50, 0, 1e-4], [12, 1, 1e-5], (120, 3))
LOGIT = 0.05 * (X[:, 0] - 50) + 0.8 * X[:, 1]
Y = (RNG.uniform(size=120) < 1 / (1 + np.exp(-LOGIT))).astype(int)
CLASSES = np.digitize(LOGIT + RNG.logistic(size=120), [-0.7, 0.7])


def glm(X: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    family = sm.families.Binomial()
    return sm.GLM(y, sm.add_constant(X), family=family, freq_weights=weight).fit(tol=1e-12).params


def test_is_the_binomial_generalized_linear_model_in_any_units() -> None:
    fitted = UnpenalizedLogistic().fit(X, Y)
    np.testing.assert_allclose([*fitted.intercept_, *fitted.coef_[0]], glm(X, Y), rtol=1e-6)
    expected = 1 / (1 + np.exp(-(fitted.intercept_ + X @ fitted.coef_[0])))
    np.testing.assert_allclose(fitted.predict_proba(X)[:, 1], expected, rtol=1e-12)
    assert fitted.remarks_ == []


def test_weights_are_those_of_cases() -> None:
    weight = RNG.integers(1, 4, 120)
    fitted = UnpenalizedLogistic().fit(X, Y, sample_weight=weight)
    again = UnpenalizedLogistic().fit(np.repeat(X, weight, axis=0), np.repeat(Y, weight))
    np.testing.assert_allclose([*fitted.intercept_, *fitted.coef_[0]], glm(X, Y, weight), rtol=1e-6)
    np.testing.assert_allclose(fitted.coef_, again.coef_, rtol=1e-6)


def test_several_classes_are_multinomial() -> None:
    fitted = UnpenalizedLogistic().fit(X, CLASSES)
    expected = sm.MNLogit(CLASSES, sm.add_constant((X - X.mean(0)) / X.std(0))).fit(disp=0, maxiter=200)
    np.testing.assert_allclose(fitted.predict_proba(X), expected.predict(), atol=1e-5)
    assert fitted.remarks_ == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("y", [(X[:, 1] > 0).astype(int), np.digitize(X[:, 1], [-0.5, 0.5])])
def test_separated_classes_are_a_remark_and_finite(y: np.ndarray) -> None:
    fitted = UnpenalizedLogistic().fit(X, y)
    assert SEPARATED in fitted.remarks_ and NEARLY not in fitted.remarks_
    assert np.isfinite(fitted.coef_).all() and (fitted.predict(X) == y).all()


def test_quasi_separation_is_a_remark() -> None:
    x = np.array([0, 0, 0, 0, 1, 1, 1, 1.0])
    fitted = UnpenalizedLogistic().fit(x[:, None], np.array([0, 1, 0, 1, 1, 1, 1, 1]))
    assert fitted.remarks_ == [NEARLY]
    assert fitted.predict_proba([[0.0]])[0, 1] == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("wide", [np.column_stack([X, X[:, 1]]), np.column_stack([X, np.full(120, 0.1)])])
def test_columns_that_depend_on_others_are_a_remark_and_change_no_probability(wide: np.ndarray) -> None:
    fitted, plain = UnpenalizedLogistic().fit(wide, Y), UnpenalizedLogistic().fit(X, Y)
    assert fitted.remarks_ == [DEPENDENT]
    np.testing.assert_allclose(fitted.predict_proba(wide), plain.predict_proba(X), atol=1e-5)


def test_more_features_than_cases() -> None:
    wide = np.random.default_rng(0).normal(size=(20, 50))
    fitted = clone(UnpenalizedLogistic()).fit(wide, Y[:20])
    assert fitted.remarks_ == [SEPARATED, DEPENDENT]
    assert np.isfinite(fitted.predict_proba(wide)).all()


def test_a_fit_that_was_stopped_says_so() -> None:
    assert UNFINISHED in UnpenalizedLogistic(max_iter=1).fit(X, Y).remarks_
