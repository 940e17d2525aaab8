"""Decisions among several classes against scikit-learn, the metrics of two classes, and rows repeated by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics as sk

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion
from benchmark.statistics.class_decisions import CLASS_METRICS, NOBODY, called_classes, matrices


def decided(seed: int, n: int = 80, classes: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % (classes + 1) % classes)
    return y, np.where(rng.random(n) < 0.5, y, rng.integers(classes, size=n))


def whole(y: np.ndarray, called: np.ndarray, classes: int = 4) -> np.ndarray:
    return matrices(y, called[:, None], classes, np.ones((1, len(y))))[0, 0]


REFERENCES: dict[str, Callable[..., float]] = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "f1_macro": lambda y, called: sk.f1_score(y, called, average="macro"),
    "f1_weighted": lambda y, called: sk.f1_score(y, called, average="weighted"),
    "kappa": sk.cohen_kappa_score,
    "kappa_quadratic": lambda y, called: sk.cohen_kappa_score(y, called, weights="quadratic"),
    "mcc": sk.matthews_corrcoef,
}


@pytest.mark.parametrize("name", CLASS_METRICS)
def test_equals_scikit_learn(name: str) -> None:
    for seed in range(5):
        y, called = decided(seed)
        assert CLASS_METRICS[name](whole(y, called)) == pytest.approx(REFERENCES[name](y, called), abs=1e-14)


def test_matrix_is_that_of_scikit_learn() -> None:
    y, called = decided(1)
    np.testing.assert_array_equal(whole(y, called), sk.confusion_matrix(y, called))


@pytest.mark.parametrize("name", ["accuracy", "balanced_accuracy", "kappa", "mcc"])
def test_with_two_classes_it_is_the_metric_of_two(name: str) -> None:
    y, called = decided(2, classes=2)
    expected = METRICS[name].function(confusion(y, called))
    assert CLASS_METRICS[name](whole(y, called, 2)) == pytest.approx(float(expected), abs=1e-14)


def test_weights_are_repeated_rows() -> None:
    y, called = decided(3)
    weights = np.random.default_rng(0).integers(0, 4, (3, len(y)))
    found = matrices(y, called[:, None], 4, weights)
    for draw in range(3):
        rows = np.repeat(np.arange(len(y)), weights[draw])
        np.testing.assert_array_equal(found[draw, 0], whole(y[rows], called[rows]))


def test_the_highest_probability_is_called_and_the_first_of_equals() -> None:
    scores = np.array([[[0.2, 0.5, 0.3]], [[0.4, 0.2, 0.4]], [[0.1, np.nan, 0.9]]])
    np.testing.assert_array_equal(called_classes(scores)[:, 0], [1, 0, NOBODY])


def test_a_model_that_lacks_a_case_has_no_matrix() -> None:
    y, called = decided(4)
    both = np.column_stack([called, np.where(np.arange(len(y)) == 3, NOBODY, called)])
    found = matrices(y, both, 4, np.ones((1, len(y))))[0]
    assert not np.isnan(found[0]).any() and np.isnan(found[1]).all()
    assert all(np.isnan(function(found[1])) for function in CLASS_METRICS.values())


def test_undefined() -> None:
    y = np.array([0, 0, 1, 1])
    found = {name: float(function(whole(y, y, 3))) for name, function in CLASS_METRICS.items()}
    assert np.isnan(found["balanced_accuracy"]) and np.isnan(found["f1_macro"])  # nobody is or is called class 2
    assert [found[name] for name in ("accuracy", "f1_weighted", "kappa", "mcc")] == pytest.approx([1, 1, 1, 1])
    one = {
        name: float(function(whole(np.zeros(4, int), np.zeros(4, int), 2))) for name, function in CLASS_METRICS.items()
    }
    assert np.isnan(one["kappa"]) and np.isnan(one["mcc"]) and one["accuracy"] == 1
