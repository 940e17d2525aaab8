"""How much a case looks like the training rows of one class: the score of a one-class support vector machine.

Formula: the machine finds the region of small volume that holds about ``1 - nu`` of the rows of its class; the score is
``f(x) = sum_i a_i K(x_i, x) - rho``, positive inside, with ``K(x, z) = exp(-gamma |x - z|^2)`` on standardized features
and ``gamma = 1 / (features x variance)``. Several machines, each on features drawn at random, give the mean of their
scores, each in units of its SD over the training rows. Source: Scholkopf et al. (2001), Neural Computation 13:1443;
random subspaces: Ho (1998), IEEE Transactions on Pattern Analysis and Machine Intelligence 20:832. The engine is
scikit-learn's ``OneClassSVM`` (LIBSVM).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field
from sklearn.svm import OneClassSVM as Engine

from benchmark.errors import DataError
from benchmark.steps.moments import Moments, moments
from benchmark.steps.step import Reducer, Rows
from benchmark.steps.training_rows import class_codes, require_finite


class Machine(NamedTuple):
    """A fitted machine, the places of its features (m,), and the unit of its scores."""

    engine: Engine
    features: np.ndarray
    unit: float


class Machines(NamedTuple):
    """The scale of the features, and the machines."""

    scale: Moments
    machines: list[Machine]


class OneClassSvm(Reducer):
    """Add the score as a feature ``one-class score``, or with ``keep: false`` put it in the place of the features.

    ``fitted_on``: the class whose training rows the machines see, ``negative`` for the first class of the outcome,
    ``positive`` for the last. ``machines`` of them, each on the share ``features`` of the features. The score of a
    training row of that class is that of a row the machine has seen: a little higher than it would be otherwise.
    """

    title: ClassVar[str] = "one-class SVM"
    image_only: ClassVar[bool] = True
    supervised: ClassVar[bool] = True

    def __init__(
        self,
        *,
        fitted_on: Literal["negative", "positive"] = "negative",
        machines: Annotated[int, Field(ge=1)] = 1,
        features: Annotated[float, Field(gt=0, le=1)] = 1.0,
        nu: Annotated[float, Field(gt=0, le=1)] = 0.1,
        keep: bool = True,
        blocks: tuple[str, ...] | None = None,
        per_block: bool = False,
        seed: int = 0,
    ) -> None:
        self.fitted_on = fitted_on
        self.machines = machines
        self.features = features
        self.nu = nu
        self.keep = keep
        self.blocks = blocks
        self.per_block = per_block
        self.seed = seed

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Machines:
        """The machines."""
        require_finite(self.title, values, rows)
        codes = class_codes(self.title, y)
        inside = codes == (0 if self.fitted_on == "negative" else codes.max())
        if inside.sum() < 2:
            raise DataError(
                f"{self.title}: the {self.fitted_on} class has {inside.sum()} of {len(codes)} training rows; it needs 2"
            )
        mean, sd = moments(values)
        varying = np.flatnonzero(sd > 0)
        if not len(varying):
            blocks = ", ".join(rows.blocks)
            raise DataError(f"{self.title}: none of {len(sd)} features of {blocks} varies in the training rows")
        scale = Moments(mean, np.where(sd > 0, sd, 1.0))
        standard = (values - scale.mean) / scale.sd
        rng = np.random.default_rng(self.seed)
        count = max(1, round(self.features * len(varying)))
        chosen = [np.sort(rng.choice(varying, count, replace=False)) for _ in range(self.machines)]
        return Machines(scale, [self._machine(standard, inside, features) for features in chosen])

    def _machine(self, standard: np.ndarray, inside: np.ndarray, features: np.ndarray) -> Machine:
        # the variance of all training rows is 1, whatever that of the class
        engine = Engine(nu=self.nu, gamma=1 / len(features)).fit(standard[inside][:, features])
        spread = float(engine.decision_function(standard[:, features]).std())
        return Machine(engine, features, spread if spread > 0 else 1.0)

    def apply(self, state: Machines, values: np.ndarray, rows: Rows) -> np.ndarray:
        """The scores, (n_cases, 1)."""
        require_finite(self.title, values, rows)
        standard = (values - state.scale.mean) / state.scale.sd
        scores = [engine.decision_function(standard[:, features]) / unit for engine, features, unit in state.machines]
        return np.mean(scores, axis=0)[:, None]

    def names(self, state: Machines, features: list[str]) -> list[str]:
        """One name."""
        return ["one-class score"]
