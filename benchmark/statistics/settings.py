"""What the experiment asks of the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmark.errors import ConfigError, unknown
from benchmark.statistics.decision_curve import percent_thresholds
from benchmark.statistics.multiplicity import ADJUSTMENTS
from benchmark.statistics.thresholds import Rule, rule_of


@dataclass(frozen=True, eq=False)
class Settings:
    """``level`` of all intervals; ``reference``: a feature set, the label of one recipe, or None; ``rule`` for
    thresholds; ``adjustment`` of p values; ``thresholds`` of the decision curve; ``margin``: the difference in AUC
    below which two models are equivalent; ``tests`` that are asked for besides."""

    level: float
    reference: str | None
    rule: Rule
    adjustment: str
    thresholds: np.ndarray
    margin: float
    tests: tuple[str, ...] = ()


def settings_of(statistics: Mapping[str, Any]) -> Settings:
    """The settings of the ``statistics`` of a run; what is not said is 0.95, no reference, Youden, Holm, 0.05 to
    0.60, and a margin of 0.05."""
    level = float(statistics.get("level", 0.95))
    if not 0 < level < 1:
        raise ConfigError(f"level of intervals: found {level}, expected between 0 and 1", path=("statistics", "level"))
    adjustment = statistics.get("adjust", "holm")
    if adjustment not in ADJUSTMENTS:
        raise ConfigError(unknown("adjustment of p values", adjustment, ADJUSTMENTS), path=("statistics", "adjust"))
    lowest, highest = statistics.get("decision_range", (0.05, 0.60))
    return Settings(
        level=level,
        reference=statistics.get("reference"),
        rule=rule_of(statistics.get("threshold", "youden")),
        adjustment=adjustment,
        thresholds=percent_thresholds(float(lowest), float(highest)),
        margin=float(statistics.get("margin", 0.05)),
        tests=tuple(statistics.get("tests") or ()),
    )
