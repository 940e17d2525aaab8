"""A decision list of cut-offs on single features, learnt one rule after the other.

    if x_a > t_a: p_1;  else if x_b <= t_b: p_2;  ...  else p_0

Each rule is the cut with the largest Youden index among the cases that no earlier rule covers, over all features, all
cuts in the middle between neighbouring values that leave ``min_cases`` on both sides, and all classes:

    J = max_c |F_c(t) - F_not c(t)|,   F_c(t) the share of the cases of class c with x <= t

It covers the side on which the larger share is of one class; the other goes on to the next rule. The probabilities of a
rule are those of the cases it covers, Laplace-corrected: (w_c + 1) / (w + number of classes). With one rule this is the
cut-off rule of papers: one feature, one threshold by Youden. Equal cuts: the first feature, the lowest value.

Source: Rivest (1987), Machine Learning 2:229 (decision lists); Holte (1993), Machine Learning 11:63 (one rule); Cohen
(1995), International Conference on Machine Learning, 115 (covered cases are taken out before the next rule); Clark
and Boswell (1991), European Working Session on Learning, 151 (Laplace); Youden (1950), Cancer 3:32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from benchmark.errors import ConfigError

NO_CUT = 1e-9
"""Youden indices up to here are rounding."""


@dataclass(frozen=True)
class Rule:
    """Covers cases whose ``feature`` (a column) is above the ``cut``, or at most the cut. ``shares``: probabilities of
    the classes; ``n_cases`` of the training rows are covered."""

    feature: int
    cut: float
    above: bool
    shares: tuple[float, ...]
    n_cases: int

    def covers(self, X: np.ndarray) -> np.ndarray:
        """Which rows of (n_cases, k) features, (n_cases,)."""
        return (X[:, self.feature] > self.cut) == self.above

    def words(self, names: Sequence[str]) -> str:
        """``CT-HRF::volume > 12.5``."""
        return f"{names[self.feature]} {'>' if self.above else '<='} {self.cut:.4g}"


class RuleList(ClassifierMixin, BaseEstimator):
    """At most ``max_rules`` rules, in order, as ``rules_``; ``others_``: probabilities of what none covers."""

    def __init__(self, *, max_rules: int = 4, min_cases: int = 5) -> None:
        self.max_rules = max_rules
        self.min_cases = min_cases

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray | None = None) -> Self:
        """Fit on (n_cases, k) features and (n_cases,) class codes."""
        for name in ("max_rules", "min_cases"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} of rules: found {getattr(self, name)}, expected 1 or more", path=(name,))
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.n_features_in_ = X.shape[1]
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, float)
        mass = weight[:, None] * (codes[:, None] == np.arange(len(self.classes_)))
        left = np.arange(len(y))
        self.rules_: list[Rule] = []
        while len(self.rules_) < self.max_rules:
            found = best_cut(X[left], mass[left], self.min_cases)
            if found is None:
                break
            self.rules_.append(_purer_side(*found, X[left], mass[left]))
            left = left[~self.rules_[-1].covers(X[left])]
        self.others_ = _shares(mass[left])
        self.n_others_ = len(left)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        """Class probabilities, (n_cases, n_classes)."""
        found, open_ = np.tile(self.others_, (len(X), 1)), np.ones(len(X), bool)
        for rule in self.rules_:
            here = open_ & rule.covers(X)
            found[here] = rule.shares
            open_ &= ~here
        return found

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Class codes, (n_cases,)."""
        return self.classes_[np.argmax(self.predict_proba(X), axis=1)]

    def words(self, names: Sequence[str], classes: Sequence[str]) -> list[str]:
        """One line per rule: ``if HRF::volume > 12.5: event 0.81, none 0.19 (40 cases)``, and what holds for others."""
        heads = [f"{'else if' if number else 'if'} {rule.words(names)}" for number, rule in enumerate(self.rules_)]
        heads.append("else" if heads else "all")
        shares = [*(rule.shares for rule in self.rules_), self.others_]
        sizes = [*(rule.n_cases for rule in self.rules_), self.n_others_]
        told = [", ".join(f"{name} {p:.2f}" for name, p in zip(classes, each, strict=True)) for each in shares]
        return [f"{head}: {text} ({n} cases)" for head, text, n in zip(heads, told, sizes, strict=True)]


def best_cut(X: np.ndarray, mass: np.ndarray, least: int) -> tuple[int, float] | None:
    """The feature and the cut with the largest Youden index for ``X`` (n_cases, k) and ``mass`` (n_cases, n_classes),
    the weight of each case in the column of its class; None where no cut with ``least`` cases on both sides tells
    anything."""
    n, total = len(X), mass.sum(axis=0)
    if n < 2 * least or np.count_nonzero(total) < 2:
        return None
    order = np.argsort(X, axis=0, kind="stable")
    ranked = np.take_along_axis(X, order, axis=0)
    below = np.cumsum(mass[order], axis=0)[least - 1 : n - least]
    of_others = (below.sum(axis=2, keepdims=True) - below) / (total.sum() - total)
    there = total > 0
    youden = np.abs(below[..., there] / total[there] - of_others[..., there]).max(axis=2)
    low, high = ranked[least - 1 : n - least], ranked[least : n - least + 1]
    youden[low == high] = 0
    feature, place = np.unravel_index(np.argmax(youden.T), youden.T.shape)
    if youden[place, feature] <= NO_CUT:
        return None
    a, b = float(low[place, feature]), float(high[place, feature])
    middle = a + (b - a) / 2
    return int(feature), middle if middle < b else a


def _purer_side(feature: int, cut: float, X: np.ndarray, mass: np.ndarray) -> Rule:
    above = X[:, feature] > cut
    sides = {side: _shares(mass[above == side]) for side in (True, False)}
    side = max(sides, key=lambda one: sides[one].max())
    return Rule(feature, cut, side, tuple(sides[side].tolist()), int(np.sum(above == side)))


def _shares(mass: np.ndarray) -> np.ndarray:
    """Laplace-corrected shares of the classes, (n_classes,), of ``mass`` (n_cases, n_classes)."""
    return np.asarray((mass.sum(axis=0) + 1) / (mass.sum() + mass.shape[1]))
