"""Drop features that do not vary among the training rows.

Formula: a feature stays if ``sum((x - mean)^2) / n > threshold``, and is not constant up to rounding (see ``moments``).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from benchmark.steps.moments import moments
from benchmark.steps.step import Choice, Rows, Selector


class Variance(Selector):
    """Keep features whose variance in the training rows exceeds ``threshold``, in squared units of the feature.

    NaN and infinite values are left out; a feature without any finite value goes. With ``duplicates`` the later of two
    features that have the same value in every training row (NaN equals NaN) goes too.
    """

    title: ClassVar[str] = "variance"

    def __init__(
        self,
        *,
        threshold: Annotated[float, Field(ge=0)] = 0.0,
        duplicates: bool = False,
        when_empty: Literal["best", "error"] = "error",
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
    ) -> None:
        self.threshold = threshold
        self.duplicates = duplicates
        self.when_empty = when_empty
        self.blocks = blocks
        self.per_block = per_block

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        """What varies; the score is the standard deviation."""
        sd = moments(values).sd
        # Compared as SDs: the square of a huge SD overflows, that of a tiny one vanishes.
        keep = sd > np.sqrt(self.threshold)
        if self.duplicates:
            keep &= ~pd.DataFrame(values.T).duplicated().to_numpy()
        return Choice(keep, sd)
