"""The threshold above which a case is called positive, chosen on training rows only.

Candidates are the midpoints between neighbouring distinct scores, and -inf and inf; a case is called positive if its
score is at or above the threshold.

    youden       max over t of sensitivity(t) + specificity(t) - 1; of equals the lowest t, the most sensitive one
    sensitivity  the highest t with sensitivity(t) >= the wanted value
    specificity  the lowest t with specificity(t) >= the wanted value
    value        the given number, the same for all models

A constant score leaves only -inf and inf, of which Youden's rule takes the first: everybody is called positive.

Source: Youden (1950), Cancer 3:32; midpoints as in pROC, Robin et al. (2011), BMC Bioinformatics 12:77.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

import numpy as np

from benchmark.errors import ConfigError, unknown
from benchmark.statistics.roc_coordinates import best_points, roc_coordinates

Kind = Literal["youden", "sensitivity", "specificity", "value"]


@dataclass(frozen=True)
class Rule:
    """How a threshold is chosen; ``wanted`` in [0, 1] for all kinds but ``youden``."""

    kind: Kind
    wanted: float = 0.0

    @property
    def title(self) -> str:
        """As the method column says it."""
        if self.kind == "youden":
            return "Youden threshold from training rows"
        if self.kind == "value":
            return f"threshold {self.wanted:g}"
        return f"threshold for {self.kind} {self.wanted:g} in training rows"


def rule_of(setting: str | Mapping[str, float]) -> Rule:
    """The rule of ``"youden"`` or of one pair like ``{"sensitivity": 0.9}``."""
    pairs = {setting: 0.0} if isinstance(setting, str) else dict(setting)
    kind, wanted = next(iter(pairs.items()), ("", 0.0))
    if kind not in get_args(Kind):
        raise ConfigError(unknown("threshold rule", kind, get_args(Kind)), path=("statistics", "threshold"))
    if len(pairs) != 1 or (isinstance(setting, str) and kind != "youden") or not 0 <= float(wanted) <= 1:
        expected = "youden or one of {sensitivity: 0.9}, {specificity: 0.9}, {value: 0.5}"
        raise ConfigError(f"threshold {setting!r}: expected {expected}", path=("statistics", "threshold"))
    return Rule(cast(Kind, kind), float(wanted))


def choose_threshold(y: np.ndarray, score: np.ndarray, rule: Rule) -> float:
    """The threshold by ``rule`` for ``score`` (n_cases,) and ``y`` (n_cases,), 1 for positive. NaN with one class,
    without a case, or with a NaN among the scores, unless the value is given."""
    if rule.kind == "value":
        return rule.wanted
    found = roc_coordinates(y, score)
    candidates, true_positives, true_negatives = found.threshold, found.counts.tp, found.counts.tn
    if not len(candidates):
        return float("nan")
    n_positive, n_negative = true_positives[0], true_negatives[-1]
    if rule.kind == "youden":
        return float(candidates[best_points(found, "youden")[0]])
    slack = 1e-9  # 0.9 of 10 cases is 9 cases
    if rule.kind == "sensitivity":
        return float(candidates[np.flatnonzero(true_positives >= rule.wanted * n_positive - slack)[-1]])
    return float(candidates[np.flatnonzero(true_negatives >= rule.wanted * n_negative - slack)[0]])
