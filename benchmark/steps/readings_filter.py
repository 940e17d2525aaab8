"""What filters by repeated readings share: whose readings count, and which features they are of.

Readings are looked up by name for the cases that the step is fitted on: a filter measures the extraction, so it works
on the readings as they came from the files, wherever the step stands in its recipe; which features are offered is
decided by the steps before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from benchmark.errors import DataError, first_of
from benchmark.frame import block_of, feature_of
from benchmark.reliability import Readings
from benchmark.steps.step import Rows, Selector

Fraction = Annotated[float, Field(gt=0, lt=1)]


class ReadingsFilter(Selector):
    """A selector by the readings of the training cases, or by all of them if they are of subjects outside the cohort.

    A subject of whom a whole reading is missing was not read again and does not count, unless the measure takes every
    reading there is (``every_reading``).
    """

    image_only: ClassVar[bool] = True
    per_block_default: ClassVar[bool] = True
    needs_readings: ClassVar[bool] = True

    readings: Mapping[str, Readings] | None

    @property
    def every_reading(self) -> bool:
        """Whether subjects with fewer readings than others count."""
        return False

    def training_values(self, rows: Rows) -> list[tuple[np.ndarray, np.ndarray]]:
        """Per block: the numbers of its features among those of ``rows``, and their readings of the training subjects,
        (n_subjects, n_readings, n_features)."""
        blocks = np.array([block_of(column) for column in rows.features])
        found = []
        for block in rows.blocks:
            of_block = np.flatnonzero(blocks == block)
            found.append((of_block, self._of_block(block, [rows.features[place] for place in of_block], rows.cases)))
        return found

    def _of_block(self, block: str, columns: list[str], cases: pd.Index) -> np.ndarray:
        every = self._readings_of(block)
        position = pd.Index(every.features).get_indexer(pd.Index([feature_of(column) for column in columns]))
        unread = [feature_of(column) for column, found in zip(columns, position, strict=True) if found < 0]
        if unread:
            raise DataError(
                f"{self.title}: the readings of block '{block}' lack {first_of(unread)} of its {len(columns)} features"
            )
        mine = every.of(cases)
        read = ~np.isnan(mine.values).all(axis=2)
        twice = read.sum(axis=1) >= 2 if self.every_reading else read.all(axis=1)
        values = np.take(mine.values[twice], position, axis=2)
        if len(values) < 2:
            whose = "external subjects" if every.external else f"of {cases.nunique()} training cases"
            needed = "2 or more" if self.every_reading else f"all {values.shape[1]}"
            raise DataError(
                f"{self.title}: block '{block}' has {len(values)} {whose} with {needed} readings "
                f"({len(every.subjects)} subjects have readings at all); it needs at least 2"
            )
        return values

    def _readings_of(self, block: str) -> Readings:
        known = {name: readings for name, readings in (self.readings or {}).items() if readings is not None}
        if block not in known:
            others = f"[{', '.join(known)}]" if known else "none has readings"
            raise DataError(
                f"{self.title}: block '{block}' has no repeated readings. Give it readings in the cohort, or name the "
                f"blocks this step may touch: families: {others}"
            )
        return known[block]
