"""Reliability filter: the same as the ICC filter by other measures of agreement between readings.

A feature stays if its concordance correlation coefficient or cosine similarity is above the threshold, or its
within-subject coefficient of variation below it (see ``benchmark.reliability``). A pipeline that asks for two measures
has two steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from benchmark.errors import ConfigError, DataError
from benchmark.reliability import Readings, ccc, cosine, repeatability
from benchmark.steps.readings_filter import Fraction, ReadingsFilter
from benchmark.steps.step import Choice, Rows

Measure = Literal["ccc", "cosine", "wcv"]
THRESHOLDS: dict[str, float] = {"ccc": 0.9, "cosine": 0.9, "wcv": 0.1}
"""Where the author of the YAML says none."""


class ReliabilityFilter(ReadingsFilter):
    """Keeps the features whose ``measure`` is on the right side of ``threshold``: above for ``ccc`` and ``cosine``
    (0.9 unless told), below for ``wcv``, which is a share (0.1 unless told).

    ``bound``: ``estimate``, or ``limit``: the limit of the two-sided interval at ``level`` on the side of poor
    agreement, the lower of a CCC and the upper of a wCV; the cosine has none. A subject with a missing reading is left
    out of that feature; for ``wcv``, two readings of a subject suffice. A measure that cannot be computed never keeps a
    feature: the wCV of a feature whose readings have both signs is one.
    """

    title: ClassVar[str] = "reliability filter"

    def __init__(
        self,
        *,
        measure: Measure = "ccc",
        threshold: Annotated[float, Field(gt=0)] | None = None,
        bound: Literal["estimate", "limit"] = "estimate",
        level: Fraction = 0.95,
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
        readings: Mapping[str, Readings] | None = None,
    ) -> None:
        self.measure = measure
        self.threshold = threshold
        self.bound = bound
        self.level = level
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.readings = readings

    def check(self) -> None:
        """``ConfigError`` if the measure has no interval, or a threshold that nothing can pass."""
        if self.measure == "cosine" and self.bound == "limit":
            raise ConfigError(f"{self.title}: the cosine similarity has no interval. Set bound: estimate")
        if self.measure != "wcv" and self.threshold is not None and self.threshold >= 1:
            raise ConfigError(
                f"{self.title}: threshold is {self.threshold}, and no {self.measure} is above 1. Set it below 1"
            )

    @property
    def every_reading(self) -> bool:
        """Whether subjects with fewer readings than others count."""
        return self.measure == "wcv"

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """Features on the right side of the threshold; the score is the measure, negative for the wCV."""
        self.check()
        score = np.full(len(rows.features), np.nan)
        for of_block, readings in self.training_values(rows):
            score[of_block] = self._score(readings)
        if len(score) and np.isnan(score).all():
            raise DataError(
                f"{self.title}: the {self.measure} of none of {len(score)} features of {', '.join(rows.blocks)} can be "
                "computed on the readings of the training cases"
            )
        threshold = THRESHOLDS[self.measure] if self.threshold is None else self.threshold
        with np.errstate(invalid="ignore"):
            return Choice(keep=score > (-threshold if self.measure == "wcv" else threshold), score=score)

    def _score(self, readings: np.ndarray) -> np.ndarray:
        """(n_features,): the larger the better."""
        if self.measure == "cosine":
            return cosine(readings)
        if self.measure == "ccc":
            return ccc(readings, level=self.level)["estimate" if self.bound == "estimate" else "low"].to_numpy()
        column = "wcv" if self.bound == "estimate" else "wcv_high"
        return -repeatability(readings, level=self.level)[column].to_numpy()
