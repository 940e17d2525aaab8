"""ICC filter: drops the features that repeated readings of the training cases do not reproduce.

A feature stays if its intraclass correlation (see ``benchmark.reliability``), or the lower limit of its confidence
interval, is above the threshold. The ICC measures the extraction, so it is computed on the readings as they came from
the files, wherever the step stands in its recipe; which features are offered is decided by the steps before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from benchmark.errors import DataError, first_of
from benchmark.frame import block_of, feature_of
from benchmark.reliability import COLUMNS, Readings, icc
from benchmark.steps.step import Choice, Rows, Selector

Form = Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]
Fraction = Annotated[float, Field(gt=0, lt=1)]


class IccFilter(Selector):
    """Keeps the features with ``bound`` of the ICC above ``threshold``.

    ``bound``: ``estimate``, or ``lower``, the lower limit of the two-sided confidence interval at ``level``.
    ``missing``: what a missing reading does; ``drop_subject`` leaves that subject out of that feature's ICC,
    ``drop_feature`` drops the feature. A subject of whom a whole reading is missing was not read twice and counts for
    neither. Only readings of training cases are used, or all of them if they come from subjects outside the cohort.
    An ICC that cannot be computed never keeps a feature.
    """

    title = "ICC filter"
    image_only = True
    per_block_default = True
    needs_readings = True

    def __init__(
        self,
        *,
        form: Form = "ICC(2,1)",
        threshold: Fraction = 0.75,
        bound: Literal["estimate", "lower"] = "estimate",
        level: Fraction = 0.95,
        missing: Literal["drop_subject", "drop_feature"] = "drop_subject",
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

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """Features with an ICC above the threshold; the score is the estimate or the lower limit."""
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
        blocks = np.array([block_of(column) for column in rows.features])
        table = pd.DataFrame(np.nan, index=rows.features, columns=[*COLUMNS, "n_missing"])
        for block in rows.blocks:
            of_block = np.flatnonzero(blocks == block)
            readings = self._training_values(block, [rows.features[position] for position in of_block], rows.cases)
            measured = icc(readings, form=self.form, level=self.level)
            measured["n_missing"] = len(readings) - measured["n_subjects"]
            table.iloc[of_block] = measured.to_numpy(float)
        return table.astype({"n_subjects": np.int64, "n_missing": np.int64})

    def _training_values(self, block: str, columns: list[str], cases: pd.Index) -> np.ndarray:
        """(n_subjects, n_readings, n_columns): the readings of a block's columns, of subjects who have all of them."""
        every = self._of_block(block)
        position = pd.Index(every.features).get_indexer(pd.Index([feature_of(column) for column in columns]))
        unread = [feature_of(column) for column, found in zip(columns, position, strict=True) if found < 0]
        if unread:
            raise DataError(
                f"{self.title}: the readings of block '{block}' lack {first_of(unread)} of its {len(columns)} features"
            )
        mine = every.of(cases)
        read = ~np.isnan(mine.values).all(axis=2).any(axis=1)
        values = np.take(mine.values[read], position, axis=2)
        if len(values) < 2:
            whose = "external subjects" if every.external else f"of {cases.nunique()} training cases"
            raise DataError(
                f"{self.title}: block '{block}' has {len(values)} {whose} with all {values.shape[1]} readings "
                f"({len(every.subjects)} subjects have readings at all); the ICC needs at least 2"
            )
        return values

    def _of_block(self, block: str) -> Readings:
        known = {name: readings for name, readings in (self.readings or {}).items() if readings is not None}
        if block not in known:
            others = f"[{', '.join(known)}]" if known else "none has readings"
            raise DataError(
                f"{self.title}: block '{block}' has no repeated readings. Give it readings in the cohort, or name the "
                f"blocks this step may touch: families: {others}"
            )
        return known[block]
