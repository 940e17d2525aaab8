"""What the experiment asks of the statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

import numpy as np

from benchmark.errors import ConfigError, unknown
from benchmark.statistics.class_contrast import Contrast, contrast_of
from benchmark.statistics.decision_curve import check_prevalence, percent_thresholds
from benchmark.statistics.design_rules import known_test
from benchmark.statistics.multiplicity import ADJUSTMENTS
from benchmark.statistics.partial_auc import Focus, check_range
from benchmark.statistics.recalibration import Method
from benchmark.statistics.thresholds import Rule, rule_of

SOME_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""At which the table of net benefit stands unless it is said, as far as the decision range has them."""


@dataclass(frozen=True)
class PartialRange:
    """The part of the ROC curve of the partial AUC."""

    focus: Focus
    between: tuple[float, float]

    @property
    def named(self) -> dict[str, Any]:
        """The arguments of ``partial_auc``."""
        return {"focus": self.focus, "between": self.between, "corrected": True}

    @property
    def title(self) -> str:
        """As the method column says it."""
        low, high = sorted(self.between)
        return f"{self.focus} {low:g} to {high:g}, McClish-corrected"


@dataclass(frozen=True, eq=False)
class Settings:
    """``level`` of all intervals; ``reference``: a feature set, the label of one recipe, or None; ``rule`` for
    thresholds; ``adjustment`` of p values; ``thresholds`` of the decision curve, ``net_benefit_at`` those of its table;
    ``margin``: the difference in AUC below which two models are equivalent; ``tests`` that are asked for besides, with
    the ``risk_categories`` of the NRI; ``contrasts`` of feature sets by name; ``partial``: the part of the ROC curve
    that counts; ``prevalence`` where the cases were sampled by outcome; ``recalibrate``: methods; ``groups`` of Hosmer
    and Lemeshow; ``draws`` and ``seed`` of the patient bootstrap; ``class_contrast``: a binary question within an
    outcome of several classes, which may be ``ordinal``."""

    level: float
    reference: str | None
    rule: Rule
    adjustment: str
    thresholds: np.ndarray
    margin: float
    net_benefit_at: np.ndarray
    tests: tuple[str, ...] = ()
    risk_categories: tuple[float, ...] = ()
    contrasts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    partial: PartialRange | None = None
    prevalence: float | None = None
    recalibrate: tuple[Method, ...] = ()
    groups: int = 10
    draws: int = 2000
    seed: int = 0
    class_contrast: Contrast | None = None
    ordinal: bool = False


def settings_of(statistics: Mapping[str, Any], *, seed: int = 0) -> Settings:
    """The settings of the ``statistics`` of a run; what is not said is 0.95, no reference, Youden, Holm, 0.05 to
    0.60, a margin of 0.05, ten groups and 2,000 draws. ``ConfigError`` for what is out of range."""
    lowest, highest = statistics.get("decision_range", (0.05, 0.60))
    thresholds = percent_thresholds(float(lowest), float(highest))
    tests = tuple(known_test(name) for name in statistics.get("tests") or ())
    categories = tuple(statistics.get("risk_categories") or ())
    if "nri categorical" in tests and not categories:
        raise ConfigError(
            "test 'nri categorical': say where the risk categories begin, as in risk_categories: [0.1, 0.3]",
            path=("statistics", "risk_categories"),
        )
    prevalence = statistics.get("prevalence")
    check_prevalence(prevalence)
    return Settings(
        level=_number(statistics, "level", 0.95, "level of intervals", "between 0 and 1", lambda x: 0 < x < 1),
        reference=statistics.get("reference"),
        rule=rule_of(statistics.get("threshold", "youden")),
        adjustment=_one_of("adjustment of p values", statistics.get("adjust", "holm"), ADJUSTMENTS, "adjust"),
        thresholds=thresholds,
        net_benefit_at=_net_benefit_at(statistics.get("net_benefit_at"), thresholds),
        margin=_number(statistics, "margin", 0.05, "margin of equivalence", "more than 0, less than 0.5",
                       lambda x: 0 < x < 0.5),
        tests=tests,
        risk_categories=tuple(map(float, categories)),
        contrasts=dict(statistics.get("contrasts") or {}),
        partial=_partial(statistics.get("partial_auc")),
        prevalence=prevalence,
        recalibrate=tuple(
            cast(Method, _one_of("recalibration", method, get_args(Method), "recalibrate"))
            for method in statistics.get("recalibrate") or ()
        ),
        groups=int(_number(statistics, "groups", 10, "groups of Hosmer and Lemeshow", "3 or more", lambda x: x >= 3)),
        draws=int(_number(statistics, "draws", 2000, "draws of the bootstrap", "100 or more", lambda x: x >= 100)),
        seed=seed,
        class_contrast=contrast_of(statistics.get("contrast")),
        ordinal=bool(statistics.get("ordinal", False)),
    )  # fmt: skip


def _number(
    statistics: Mapping[str, Any], key: str, default: float, what: str, expected: str, good: Callable[[float], bool]
) -> float:
    value = float(statistics.get(key, default))
    if not good(value):
        raise ConfigError(f"{what}: found {value:g}, expected {expected}", path=("statistics", key))
    return value


def _one_of(what: str, name: Any, known: Any, key: str) -> str:
    if name not in known:
        raise ConfigError(unknown(what, name, known), path=("statistics", key))
    return str(name)


def _net_benefit_at(told: Any, thresholds: np.ndarray) -> np.ndarray:
    """Those that are asked for, rising; else the round ones of the decision range, or its middle."""
    if told:
        found = np.unique(np.asarray(told, float))
        if not np.all((found > 0) & (found < 1)):
            raise ConfigError(
                f"net benefit at {', '.join(f'{one:g}' for one in found)}: expected probabilities within (0, 1)",
                path=("statistics", "net_benefit_at"),
            )
        return found
    some = np.array([one for one in SOME_THRESHOLDS if thresholds[0] <= one <= thresholds[-1]])
    return some if len(some) else thresholds[[len(thresholds) // 2]]


def _partial(told: Mapping[str, Any] | None) -> PartialRange | None:
    if told is None:
        return None
    if len(told) != 1 or next(iter(told)) not in get_args(Focus):
        raise ConfigError(
            f"partial AUC over {', '.join(map(str, told)) or 'nothing'}: expected one of {{specificity: [0.9, 1]}} and "
            "{sensitivity: [0.9, 1]}",
            path=("statistics", "partial_auc"),
        )
    ((focus, (low, high)),) = told.items()
    check_range((float(low), float(high)))
    return PartialRange(cast(Focus, focus), (float(low), float(high)))
