"""ICC filter: drops the features that repeated readings of the training cases do not reproduce.

A feature stays if its intraclass correlation (see ``benchmark.reliability.icc``), or the lower limit of its confidence
interval, is above the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from benchmark.errors import ConfigError, DataError
from benchmark.reliability import COLUMNS, ONE_WAY_FORMS, Readings, icc, icc_unequal
from benchmark.steps.readings_filter import Fraction, ReadingsFilter
from benchmark.steps.step import Choice, Rows

Form = Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]


class IccFilter(ReadingsFilter):
    """Keeps the features with ``bound`` of the ICC above ``threshold``.

    ``bound``: ``estimate``, or ``lower``, the lower limit of the two-sided confidence interval at ``level``.
    ``missing``: what a missing reading does; ``drop_subject`` leaves that subject out of that feature's ICC,
    ``drop_feature`` drops the feature, ``use_all`` counts every subject with the readings that it has (one-way forms
    only). An ICC that cannot be computed never keeps a feature.
    """

    title: ClassVar[str] = "ICC filter"

    def __init__(
        self,
        *,
        form: Form = "ICC(2,1)",
        threshold: Fraction = 0.75,
        bound: Literal["estimate", "lower"] = "estimate",
        level: Fraction = 0.95,
        missing: Literal["drop_subject", "drop_feature", "use_all"] = "drop_subject",
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = True,
        readings: Mapping[str, Readings] | None = None,
    ) -> None:
        self.form = form
        self.threshold = threshold
        self.bound = bound
        self.level = level
        self.missing = missing
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block
        self.readings = readings

    def check(self) -> None:
        """``ConfigError`` if the form is not defined for unequal numbers of readings, and they are asked for."""
        if self.every_reading and self.form not in ONE_WAY_FORMS:
            raise ConfigError(
                f"{self.title}: missing: use_all is defined for {' and '.join(ONE_WAY_FORMS)}, not for {self.form}: a "
                "two-way form must know which reading is missing"
            )

    @property
    def every_reading(self) -> bool:
        """Whether subjects with fewer readings than others count."""
        return self.missing == "use_all"

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """Features with an ICC above the threshold; the score is the estimate or the lower limit."""
        self.check()
        table = self.measure(rows)
        score = table["estimate" if self.bound == "estimate" else "low"].to_numpy(copy=True)
        if self.missing == "drop_feature":
            score[table["n_missing"].to_numpy() > 0] = np.nan
        if len(score) and np.isnan(score).all():
            raise DataError(
                f"{self.title}: the {self.form} of none of {len(score)} features of {', '.join(rows.blocks)} can be "
                f"computed on the readings of the training cases (missing: {self.missing})"
            )
        with np.errstate(invalid="ignore"):
            return Choice(keep=score > self.threshold, score=score)

    def measure(self, rows: Rows) -> pd.DataFrame:
        """The ICC of each feature of ``rows``, on the readings of their cases: index = columns of the frame,
        ``COLUMNS`` of ``benchmark.reliability``, and ``n_missing`` subjects left out for a missing reading."""
        table = pd.DataFrame(np.nan, index=rows.features, columns=[*COLUMNS, "n_missing"])
        measure = icc_unequal if self.every_reading else icc
        for of_block, readings in self.training_values(rows):
            measured = measure(readings, form=self.form, level=self.level)[list(COLUMNS)]
            measured["n_missing"] = len(readings) - measured["n_subjects"]
            table.iloc[of_block] = measured.to_numpy(float)
        return table.astype({"n_subjects": np.int64, "n_missing": np.int64})
