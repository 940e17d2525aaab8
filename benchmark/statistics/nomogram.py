"""A logistic model as points: each feature of a case gives some, and their total is a probability.

    c_j(x) = b_j (offset_j + slope_j x)                  what feature j adds to the log-odds; of a level, its b_j
    points_j(x) = (c_j(x) - min c_j) / R 100             R = max_j (max c_j - min c_j)
    log-odds = intercept + sum_j min c_j + R/100 total   total = sum_j points_j

Minimum and maximum are over the range of the training rows, so the feature that can move the log-odds most spans 0 to
100 points and no value within a range has fewer than 0. A value beyond it is read by the same line. rms has the same
points and, by default, the same ends; its axes of totals begin at the lowest total of a value that is shown, ours at 0.

Source: Iasonos, Schrag, Raj and Panageas (2008), Journal of Clinical Oncology 26:1364; Harrell (2015), Regression
Modeling Strategies, 2nd ed., section 5.3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from benchmark.estimates import NOMOGRAM
from benchmark.predictions import PLACE, RECIPE
from benchmark.statistics.even_steps import even_steps

FULL = 100.0
"""Points of the feature with the largest effect."""

PROBABILITIES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
TOTALS = 10
LEAST_TICKS, MOST_TICKS = 3, 10


@dataclass(frozen=True)
class Feature:
    """One axis: ``levels`` with what each adds to the log-odds, or a line ``start`` + ``slope`` x over ``low`` to
    ``high``, in ``unit``."""

    block: str
    name: str
    unit: str
    levels: Mapping[str, float]
    start: float = 0.0
    slope: float = 0.0
    low: float = math.nan
    high: float = math.nan

    def adds(self, value: float | str) -> float:
        """To the log-odds; ``KeyError`` for an unknown level."""
        return self.levels[str(value)] if self.levels else self.start + self.slope * float(value)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The least and the most that it adds."""
        found = list(self.levels.values()) or [self.adds(self.low), self.adds(self.high)]
        return min(found), max(found)

    @property
    def effect(self) -> float:
        """How far it can move the log-odds."""
        return self.ends[1] - self.ends[0]


@dataclass(frozen=True)
class Nomogram:
    """``features``: the largest effect first, at least one of which is above 0."""

    features: tuple[Feature, ...]
    intercept: float

    @cached_property
    def per_point(self) -> float:
        """Log-odds of a point."""
        return self.features[0].effect / FULL

    @cached_property
    def start(self) -> float:
        """Log-odds of no points."""
        return self.intercept + sum(feature.ends[0] for feature in self.features)

    @cached_property
    def highest(self) -> float:
        """The total of a case that has the most points of every feature."""
        return sum(feature.effect for feature in self.features) / self.per_point

    def points(self, feature: Feature, value: float | str) -> float:
        """Of one value, 0 to 100 within its range."""
        return (feature.adds(value) - feature.ends[0]) / self.per_point

    def probability(self, total: float) -> float:
        """Of a total of points."""
        return float(expit(self.start + self.per_point * total))

    def total(self, probability: float) -> float:
        """The total of points that has a probability within (0, 1)."""
        return float((logit(probability) - self.start) / self.per_point)


def nomogram_of(rows: pd.DataFrame) -> Nomogram:
    """The nomogram of one model: its rows of ``predictions.NOMOGRAMS``. Features without an effect stand last."""
    found = [_feature(part) for _, part in rows.groupby(["block", "feature", "unit"], sort=False, observed=True)]
    return Nomogram(tuple(sorted(found, key=lambda feature: -feature.effect)), float(rows["intercept"].iloc[0]))


def nomogram_ticks(nomograms: pd.DataFrame | None) -> pd.DataFrame:
    """The table ``NOMOGRAM`` of the table ``predictions.NOMOGRAMS``: what is drawn and printed of each model."""
    if nomograms is None or not len(nomograms):
        return pd.DataFrame(columns=NOMOGRAM)
    parts = []
    for _, rows in nomograms.groupby([*PLACE, "class"], sort=False, observed=True):
        first = rows.iloc[0]
        about = {name: first[name] for name in ("design", *RECIPE, "class", "n_cases")}
        parts += [about | tick for tick in _ticks(nomogram_of(rows))]
    return pd.DataFrame(parts, columns=NOMOGRAM)


def _feature(rows: pd.DataFrame) -> Feature:
    first = rows.iloc[0]
    names = str(first["block"]), str(first["feature"]), str(first["unit"])
    if first["level"]:
        return Feature(*names, dict(zip(rows["level"].astype(str), rows["coefficient"].astype(float), strict=True)))
    start, slope = (float(first["coefficient"] * first[column]) for column in ("offset", "slope"))
    return Feature(*names, {}, start, slope, float(first["low"]), float(first["high"]))


def _ticks(nomogram: Nomogram) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for feature in nomogram.features:
        if feature.effect > 0:
            about = {"block": feature.block, "feature": feature.name, "unit": feature.unit}
            found += [about | tick for tick in _of_feature(nomogram, feature)]
    for total in even_steps(0.0, nomogram.highest, TOTALS):
        found.append({"axis": "total", "points": total, "probability": nomogram.probability(total)})
    for probability in _probabilities(nomogram):
        found.append({"axis": "probability", "points": nomogram.total(probability), "probability": probability})
    ends = [{"axis": "total range", "points": end, "probability": nomogram.probability(end)}
            for end in (0.0, nomogram.highest)]  # fmt: skip
    return [{"block": "", "feature": "", "unit": "", "level": "", **tick} for tick in (*found, *ends)]


def _of_feature(nomogram: Nomogram, feature: Feature) -> list[dict[str, Any]]:
    """Levels from the fewest points to the most; or even steps of a range, more of them on a longer axis, and its
    ends."""
    if feature.levels:
        ranked = sorted(feature.levels, key=lambda level: feature.levels[level])
        return [{"axis": "feature", "level": level, "points": nomogram.points(feature, level)} for level in ranked]
    most = max(LEAST_TICKS, math.floor(MOST_TICKS * feature.effect / nomogram.features[0].effect))
    steps = even_steps(feature.low, feature.high, most)
    return [
        {"axis": axis, "value": value, "points": nomogram.points(feature, value)}
        for axis, values in (("feature", steps), ("range", [feature.low, feature.high]))
        for value in values
    ]


def _probabilities(nomogram: Nomogram) -> list[float]:
    low, high = nomogram.probability(0.0), nomogram.probability(nomogram.highest)
    usual = [p for p in PROBABILITIES if low <= p <= high]
    return usual if len(usual) > 2 else [p for p in even_steps(low, high, 6) if 0 < p < 1]


def read(nomogram: Nomogram, values: Mapping[tuple[str, str], float | str]) -> float:
    """The probability of a case by its points, from the value of each (block, feature)."""
    points = [nomogram.points(one, values[one.block, one.name]) for one in nomogram.features]
    return nomogram.probability(float(np.sum(points)))
