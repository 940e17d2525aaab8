"""A step whose answers are written into it is told apart from one that learns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.audit.independence import independent
from benchmark.recipe import StepChoice
from benchmark.steps import STEPS
from benchmark.steps.standardize import Moments, Standardize
from benchmark.steps.step import Choice, Rows
from benchmark.steps.univariate import Univariate
from tests.audit.conftest import SubjectOf
from tests.cohorts import QUICK, small_cohort
from tests.leaks import LEAKS, plant


class KnowsTheMoments(Standardize):
    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Any:
        k = np.arange(1.0, values.shape[1] + 1)
        return Moments(np.sin(k), np.sqrt(k + 1))


class KnowsTheFeatures(Univariate):
    def select(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Choice:
        keep = np.array([column.endswith(("l_1", "l_2", "l_5", "l_7", "l_8")) for column in rows.features])
        return Choice(keep, keep.astype(float))


@pytest.mark.parametrize("name", STEPS)
def test_step_of_the_menu_learns(name: str, subject_of: SubjectOf) -> None:
    steps = () if name in ("impute", "encode") else (StepChoice(name, QUICK.get(name, {})),)
    finding = next(independent(subject_of(small_cohort(n_hrf=20), *steps)))
    assert finding.verdict == "OK", finding


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (KnowsTheMoments, "step leak learned the same"),
        (KnowsTheFeatures, "step leak kept the same 5 of 26 features in other rows"),
        (LEAKS["scaling"], "step leak learned the same"),
        (LEAKS["selection"], "step leak kept the same"),
    ],
)
def test_answers_from_elsewhere(
    kind: type[Standardize], told: str, monkeypatch: pytest.MonkeyPatch, subject_of: SubjectOf
) -> None:
    cohort = small_cohort(n_hrf=20)
    leak = plant(monkeypatch, kind, whole=cohort)
    finding = next(independent(subject_of(cohort, StepChoice("leak", {}, families=("HRF", "DRF")))))
    assert leak.name == "leak"
    assert finding.verdict == "LEAK"
    assert finding.message.startswith(told)
