"""A decision list of cut-offs, against its definition in loops and what papers do by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_curve

from benchmark.classifiers.rule_list import Rule, RuleList, best_cut
from benchmark.errors import ConfigError

RNG = np.random.default_rng(3)
Y = np.repeat([0, 1], [50, 30])
X = RNG.normal(size=(80, 5)).round(1) + Y[:, None] * np.array([0, 0, 1.2, -0.9, 0])
SEVERAL = np.arange(80) % 3


def mass_of(y: np.ndarray) -> np.ndarray:
    return (y[:, None] == np.unique(y)).astype(float)


def by_definition(X: np.ndarray, y: np.ndarray, least: int) -> tuple[int, float, float]:
    """Feature, cut and Youden index of the best cut: the first of the largest."""
    best = (-1, np.nan, 0.0)
    for feature in range(X.shape[1]):
        values = np.unique(X[:, feature])
        for low, high in pairwise(values):
            below = X[:, feature] <= low
            if min(below.sum(), (~below).sum()) < least:
                continue
            gap = max(abs(below[y == c].mean() - below[y != c].mean()) for c in np.unique(y))
            if gap > best[2] + 1e-12:
                best = (feature, (low + high) / 2, gap)
    return best


@pytest.mark.parametrize("y", [Y, SEVERAL])
@pytest.mark.parametrize("least", [1, 10])
def test_the_best_cut_is_that_of_the_definition(y: np.ndarray, least: int) -> None:
    feature, cut, _ = by_definition(X, y, least)
    found = best_cut(X, mass_of(y), least)
    assert found is not None
    assert found[0] == feature and found[1] == pytest.approx(cut)


def test_one_rule_is_the_cut_off_of_papers() -> None:
    """One feature, its threshold by Youden's index; the share of events above and below it with one case of each class
    more."""
    fitted = RuleList(max_rules=1, min_cases=1).fit(X[:, [2]], Y)
    fall, sensitivity, thresholds = roc_curve(Y, X[:, 2], drop_intermediate=False)
    at = thresholds[np.argmax(sensitivity - fall)]
    above = X[:, 2] >= at
    expected = np.where(above, (Y[above].sum() + 1) / (above.sum() + 2), (Y[~above].sum() + 1) / ((~above).sum() + 2))
    np.testing.assert_allclose(fitted.predict_proba(X[:, [2]])[:, 1], expected)
    assert len(fitted.rules_) == 1


@pytest.mark.parametrize("y", [Y, SEVERAL])
def test_each_rule_is_learnt_from_what_no_earlier_rule_covers(y: np.ndarray) -> None:
    fitted = RuleList(max_rules=6, min_cases=4).fit(X, y)
    left = np.arange(len(y))
    for rule in fitted.rules_:
        feature, cut, _ = by_definition(X[left], y[left], 4)
        assert (rule.feature, rule.cut) == (feature, pytest.approx(cut))
        covered = (X[left, feature] > rule.cut) == rule.above
        counts = [[np.sum(y[left[side]] == c) for c in np.unique(y)] for side in (covered, ~covered)]
        here, there = ([(n + 1) / (sum(each) + len(each)) for n in each] for each in counts)
        np.testing.assert_allclose(rule.shares, here)
        assert max(here) >= max(there) and rule.n_cases == covered.sum() >= 4
        left = left[~covered]
    assert fitted.n_others_ == len(left) and 1 < len(fitted.rules_) <= 6


def test_weights_are_those_of_cases() -> None:
    weight = RNG.integers(1, 4, 80)
    weighted = RuleList(max_rules=3, min_cases=1).fit(X, Y, sample_weight=weight)
    repeated = RuleList(max_rules=3, min_cases=1).fit(np.repeat(X, weight, axis=0), np.repeat(Y, weight))
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X))
    assert [(rule.feature, rule.cut) for rule in weighted.rules_] == [(r.feature, r.cut) for r in repeated.rules_]


def test_a_class_without_weight_decides_nothing() -> None:
    y = np.append(Y, [2, 2])
    rows = np.vstack([X, [[99.0] * 5] * 2])
    weighted = RuleList(max_rules=1, min_cases=3).fit(rows, y, sample_weight=np.append(np.ones(80), [0, 0]))
    alone = RuleList(max_rules=1, min_cases=3).fit(X, Y)
    assert weighted.rules_[0].cut == alone.rules_[0].cut


def test_can_be_read() -> None:
    x = np.array([[1, 0.0], [2, 0], [3, 1], [4, 0], [5, 1], [6, 1]])
    fitted = clone(RuleList(max_rules=2, min_cases=1)).fit(x, np.array([0, 0, 0, 1, 1, 1]))
    assert fitted.rules_ == [Rule(0, 3.5, True, (0.2, 0.8), 3)]
    assert fitted.words(["HRF::volume", "HRF::mean"], ["none", "event"]) == [
        "if HRF::volume > 3.5: none 0.20, event 0.80 (3 cases)",
        "else: none 0.80, event 0.20 (3 cases)",
    ]
    two = RuleList(max_rules=2, min_cases=1).fit(x, np.array([0, 0, 1, 0, 1, 1]))
    assert two.words(["volume", "mean"], ["0", "1"]) == [
        "if mean > 0.5: 0 0.20, 1 0.80 (3 cases)",
        "else: 0 0.80, 1 0.20 (3 cases)",
    ]


@pytest.mark.parametrize("rows", [np.ones((20, 2)), X[:20]])
def test_without_a_cut_all_cases_get_the_shares_of_the_classes(rows: np.ndarray) -> None:
    y = np.arange(20) % 2
    fitted = RuleList(min_cases=11).fit(rows, y)
    assert fitted.rules_ == [] and fitted.words(["a", "b"], ["0", "1"]) == ["all: 0 0.50, 1 0.50 (20 cases)"]
    np.testing.assert_array_equal(fitted.predict_proba(rows), np.full((20, 2), 0.5))


def test_neighbouring_numbers_are_told_apart() -> None:
    a = 1.0
    b = np.nextafter(a, 2)
    fitted = RuleList(max_rules=1, min_cases=1).fit(np.array([[a], [a], [b], [b]]), np.array([0, 0, 1, 1]))
    np.testing.assert_allclose(fitted.predict_proba(np.array([[a], [b]]))[:, 1], [0.25, 0.75])


@pytest.mark.parametrize("name", ["max_rules", "min_cases"])
def test_numbers_below_one_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} of rules: found 0, expected 1 or more"):
        RuleList(**{name: 0}).fit(X, Y)
