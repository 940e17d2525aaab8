"""An independent set of cases (a cohort, a centre) on which several models were scored: what is combined over sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.statistics.aucs import Aucs
from benchmark.statistics.combined import combine


@dataclass(frozen=True, eq=False)
class ScoredSet:
    """``aucs`` of the ``models`` (k,) with their joint covariance."""

    name: str
    models: tuple[str, ...]
    aucs: Aucs

    def auc(self, model: str) -> tuple[float, float]:
        """The AUC of a model and its variance."""
        place = self.models.index(model)
        return float(self.aucs.estimate[place]), float(self.aucs.variance[place])

    def difference(self, first: str, second: str) -> tuple[float, float]:
        """The first AUC minus the second and its variance, from the contributions of the same cases."""
        one, other = self.models.index(first), self.models.index(second)
        apart = self.aucs.contributions[:, one] - self.aucs.contributions[:, other]
        return float(self.aucs.estimate[one] - self.aucs.estimate[other]), float(apart @ apart)


def combined_auc(sets: Sequence[ScoredSet], model: str, *, level: float) -> pd.DataFrame:
    """The table ``META`` of a model's AUC over the sets that have it, on the logit scale."""
    having = [one for one in sets if model in one.models]
    estimate, variance = np.array([one.auc(model) for one in having]).reshape(-1, 2).T
    return combine([one.name for one in having], estimate, variance, scale="logit", level=level)


def combined_difference(sets: Sequence[ScoredSet], first: str, second: str, *, level: float) -> pd.DataFrame:
    """The table ``META`` of the first AUC minus the second over the sets that have both."""
    having = [one for one in sets if {first, second} <= set(one.models)]
    estimate, variance = np.array([one.difference(first, second) for one in having]).reshape(-1, 2).T
    return combine([one.name for one in having], estimate, variance, level=level)
