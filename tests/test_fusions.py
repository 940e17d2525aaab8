"""Fusions of predictions: each rule against its definition, and the promises they share."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from benchmark.fusions import RULES, Part, fuse, unknown_cases
from benchmark.metrics.roc_auc import roc_auc
from benchmark.tuning import mean_auc

N, TEST = 60, 20
FOLDS = [np.arange(start, N, 3) for start in range(3)]


def two_parts(n_classes: int = 2, seed: int = 0) -> tuple[list[Part], np.ndarray]:
    """A good and a poor model of one outcome."""
    rng = np.random.default_rng(seed)
    y = np.arange(N) // 6 % n_classes
    parts = []
    for strength in (2.0, 0.5):
        logits = rng.normal(size=(2 * N + TEST, n_classes))
        logits[:N] += strength * np.eye(n_classes)[y]
        logits[N : 2 * N] += 2 * strength * np.eye(n_classes)[y]
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        parts.append(Part(p[:N], p[N : 2 * N], p[2 * N :], mean_auc(y, p[:N])))
    return parts, y


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("rule", RULES)
def test_gives_probabilities_of_every_case(rule: str, n_classes: int) -> None:
    parts, y = two_parts(n_classes)
    found = fuse(rule, parts, y, FOLDS)
    for values, n in ((found.inner, N), (found.train, N), (found.test, TEST)):
        assert values.shape == (n, n_classes)
        np.testing.assert_allclose(values.sum(axis=1), 1, atol=1e-12)
        assert ((values >= 0) & (values <= 1)).all()
    assert found.weights.shape == (2,)
    assert found.score == pytest.approx(mean_auc(y, found.inner))


@pytest.mark.parametrize("rule", RULES)
def test_inner_predictions_do_not_know_their_own_outcome(rule: str) -> None:
    parts, y = two_parts()
    found = fuse(rule, parts, y, FOLDS)
    for fold in FOLDS:
        flipped = y.copy()
        flipped[fold] = 1 - flipped[fold]
        np.testing.assert_array_equal(fuse(rule, parts, flipped, FOLDS).inner[fold], found.inner[fold])


def test_mean_and_weighted_by_definition() -> None:
    parts, y = two_parts()
    np.testing.assert_allclose(fuse("mean", parts, y, FOLDS).test, (parts[0].test + parts[1].test) / 2)
    above = np.array([part.score - 0.5 for part in parts])
    expected = (above[0] * parts[0].test + above[1] * parts[1].test) / above.sum()
    found = fuse("weighted", parts, y, FOLDS)
    np.testing.assert_allclose(found.test, expected)
    np.testing.assert_allclose(found.weights, above / above.sum())


def test_stacked_is_a_logistic_regression_of_the_logits() -> None:
    parts, y = two_parts()
    logits = {side: np.column_stack([np.log(p[:, 1] / p[:, 0]) for p in (getattr(part, side) for part in parts)])
              for side in ("inner", "test")}  # fmt: skip
    model = LogisticRegression(C=1.0, max_iter=5000).fit(logits["inner"], y)
    found = fuse("stacked", parts, y, FOLDS)
    np.testing.assert_allclose(found.test, model.predict_proba(logits["test"]), atol=1e-10)
    assert found.weights[0] > found.weights[1]
    assert found.apparent >= found.score


def test_calibrated_mean_repairs_overconfidence() -> None:
    parts, y = two_parts()
    sharp = [Part(*(p**2 / (p**2).sum(axis=1, keepdims=True) for p in (part.inner, part.train, part.test)), part.score)
             for part in parts]  # fmt: skip
    np.testing.assert_allclose(
        fuse("calibrated_mean", sharp, y, FOLDS).test, fuse("calibrated_mean", parts, y, FOLDS).test, atol=1e-3
    )


def test_hard_vote_counts_votes() -> None:
    parts, y = two_parts()
    votes = np.mean([part.test[:, 1] > 0.5 for part in parts], axis=0)
    np.testing.assert_allclose(fuse("hard_vote", parts, y, FOLDS).test[:, 1], votes)


@pytest.mark.parametrize("rule", RULES)
def test_a_case_that_a_part_does_not_know_is_left_to_the_others(rule: str) -> None:
    parts, y = two_parts()
    places = {"train": np.arange(0, N, 2), "validated": np.arange(0, N, 2), "test": np.arange(0, TEST, 2)}
    half = Part(parts[1].inner[::2], parts[1].train[::2], parts[1].test[::2], parts[1].score)
    known = unknown_cases(half, places, {"train": N, "validated": N, "test": TEST})
    found = fuse(rule, [parts[0], known], y, FOLDS)
    assert np.isfinite(found.test).all()
    assert np.isfinite(found.inner).all()
    if rule == "mean":
        np.testing.assert_array_equal(found.test[1::2], parts[0].test[1::2])
        np.testing.assert_allclose(found.test[::2], (parts[0].test[::2] + half.test) / 2)


def test_a_case_that_only_parts_without_weight_know_is_left_to_them() -> None:
    parts, y = two_parts()
    poor = Part(parts[1].inner, parts[1].train, parts[1].test, 0.4)
    places = {"train": np.arange(N), "validated": np.arange(N), "test": np.arange(TEST - 1)}
    good = unknown_cases(
        Part(parts[0].inner, parts[0].train, parts[0].test[:-1], 0.9), places,
        {"train": N, "validated": N, "test": TEST},
    )  # fmt: skip
    found = fuse("weighted", [good, poor], y, FOLDS)
    np.testing.assert_allclose(found.test[:-1], parts[0].test[:-1])
    np.testing.assert_array_equal(found.test[-1], parts[1].test[-1])


def test_one_tuning_set_is_cross_fitted_in_folds_of_its_own() -> None:
    parts, y = two_parts()
    found = fuse("stacked", parts, y, [np.arange(N)])
    assert np.isfinite(found.inner).all()
    assert roc_auc(y, found.inner[:, 1]) <= found.apparent
