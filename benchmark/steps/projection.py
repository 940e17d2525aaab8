"""Steps whose new features are weighted sums of the touched ones.

Formula: ``score = ((x - mean) / unit) R`` with the rotation ``R`` (k, m) learned from the training rows. The sign of a
component says nothing and is fixed: the weight of largest size is positive (the first of equal ones).
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd

from benchmark.errors import DataError
from benchmark.steps.moments import moments
from benchmark.steps.step import Reducer, Rows
from benchmark.steps.training_rows import require_finite


class Projection(NamedTuple):
    """``mean`` and ``unit`` (k,), and the weights of the standardized features in each component, (k, m)."""

    mean: np.ndarray
    unit: np.ndarray
    rotation: np.ndarray


class Projector(Reducer):
    """A reducer by weighted sums. Subclasses give ``rotate``, ``prefix`` (the components are ``PC1``, ``PC2`` ...) and
    the parameters ``scale`` (features with SD 1 weigh alike) and ``keep``.

    ``weights_`` has, for each group, the weights of its features; a feature that is constant in the training rows has
    weight 0.
    """

    image_only = True
    prefix: ClassVar[str]
    scale: bool

    @abstractmethod
    def rotate(self, standard: np.ndarray, rows: Rows, y: np.ndarray | None) -> np.ndarray:
        """(k, m) weights from centred features (n_cases, k) that vary; ``rows.features`` are theirs."""

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Projection:
        """Mean, unit and weights."""
        require_finite(self.title, values, rows)
        mean, sd = moments(values)
        varies = sd > 0
        if not varies.any():
            blocks = ", ".join(rows.blocks)
            raise DataError(f"{self.title}: none of {len(sd)} features of {blocks} varies in the training rows")
        unit = np.where(varies & self.scale, sd, 1.0)
        names = [feature for feature, used in zip(rows.features, varies, strict=True) if used]
        here = Rows(rows.cases, names, rows.patient, rows.batch, rows.covariates)
        part = self.rotate(((values - mean) / unit)[:, varies], here, y)
        rotation = np.zeros((len(sd), part.shape[1]))
        rotation[varies] = oriented(part)
        return Projection(mean, unit, rotation)

    def apply(self, state: Projection, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The scores, (n_cases, m)."""
        return (values - state.mean) / state.unit @ state.rotation

    def names(self, state: Projection, features: list[str]) -> list[str]:
        """``PC1``, ``PC2`` ..."""
        return self.named(state.rotation.shape[1])

    def named(self, count: int) -> list[str]:
        """The names of so many components."""
        return [f"{self.prefix}{number}" for number in range(1, count + 1)]

    @property
    def weights_(self) -> list[pd.DataFrame]:
        """For each group: features x components."""
        groups = zip(self.groups_, self.states_, strict=True)
        return [pd.DataFrame(state.rotation, index=names, columns=self.names(state, names)) for names, state in groups]

    def capped(self, wanted: int, possible: int, rows: Rows) -> int:
        """The number of components, at most as many as there can be, which is remarked."""
        if wanted > possible:
            self.remarks_.append(
                f"{', '.join(rows.blocks)}: {possible} components instead of {wanted}, more are not in "
                f"{len(rows.cases)} cases x {len(rows.features)} features"
            )
        return min(wanted, possible)


def oriented(rotation: np.ndarray) -> np.ndarray:
    """The weights (k, m) with the sign of each component fixed."""
    largest = np.abs(rotation).argmax(axis=0)
    sign = np.sign(rotation[largest, np.arange(rotation.shape[1])])
    return rotation * np.where(sign < 0, -1.0, 1.0)
