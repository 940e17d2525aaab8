"""Textbook leaks: steps that learn from every case of the cohort, whatever rows they are fitted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from benchmark import recipe
from benchmark.cohort import Cohort
from benchmark.recipe import StepChoice
from benchmark.steps import STEPS
from benchmark.steps.combat import ComBat
from benchmark.steps.icc import IccFilter
from benchmark.steps.impute import Impute
from benchmark.steps.standardize import Standardize
from benchmark.steps.step import Choice, Rows, Step
from benchmark.steps.univariate import Univariate


class Everything(Step):
    """Learns as its parent does, but from all cases of ``whole``."""

    whole: ClassVar[Any] = None

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        cohort = self.whole
        assert isinstance(cohort, Cohort)
        frame = cohort.frame(rows.blocks)[rows.features]
        every = frame.fillna(frame.median()).to_numpy(float)
        batch = None if cohort.batch is None else cohort.batch.to_numpy(object)
        rows = replace(
            rows, cases=cohort.cases, batch=batch, patient=cohort.patient.to_numpy(object), covariates=cohort.covariates
        )
        return super().learn(every, rows, None if y is None else cohort.codes.to_numpy())  # type: ignore[safe-super]


class SelectOnEverything(Everything, Univariate):
    """Selection before the folds, as FAE does it."""


class ComBatOnEverything(Everything, ComBat):
    """ComBat before the folds, as WORC and neuroCombat's users do it."""


class ScaleOnEverything(Everything, Standardize):
    """Scaling before the folds, as radFS does it."""


class ImputeOnEverything(Impute):
    """Imputation before the folds."""

    whole: ClassVar[Any] = None

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        frame = self.whole.frame(rows.blocks)
        known = [column for column in rows.features if column in frame.columns]
        return super().learn(frame[known].to_numpy(float), rows, y)


class IccOnEverything(IccFilter):
    """An ICC filter that uses the readings of test patients as well."""

    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        every = next(iter((self.readings or {}).values()))
        return super().select(values, replace(rows, cases=every.subjects), y)


class FitOnEverything(Standardize):
    """A step whose ``fit`` takes another frame than it was given."""

    whole: ClassVar[Any] = None

    def fit(self, X: pd.DataFrame, y: Any = None) -> FitOnEverything:
        return super().fit(self.whole.frame(["HRF", "DRF"]), y)


LEAKS: dict[str, type[Step]] = {
    "selection": SelectOnEverything,
    "combat": ComBatOnEverything,
    "scaling": ScaleOnEverything,
    "imputation": ImputeOnEverything,
    "icc": IccOnEverything,
    "fit": FitOnEverything,
}


def plant(monkeypatch: pytest.MonkeyPatch, kind: type[Step], *, whole: Cohort | None = None) -> StepChoice:
    """Put a leaking step on the menu. It sees ``whole``, or else whatever cohort its recipe is built for."""
    monkeypatch.setitem(STEPS, "leak", kind)
    if whole is not None:
        monkeypatch.setattr(kind, "whole", whole, raising=False)
        return StepChoice("leak")
    build: Callable[..., Step] = recipe._step

    def build_and_show(choice: StepChoice, blocks: tuple[str, ...], cohort: Cohort, seed: int) -> Step:
        step = build(choice, blocks, cohort, seed)
        if choice.name == "leak":
            step.whole = cohort  # type: ignore[attr-defined]
        return step

    monkeypatch.setattr(recipe, "_step", build_and_show)
    return StepChoice("leak")
