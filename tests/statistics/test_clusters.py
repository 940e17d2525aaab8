"""Sums within patients and the design effect."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.statistics.clusters import design_effect, sum_within


def test_sums_are_those_of_a_loop() -> None:
    rng = np.random.default_rng(0)
    patient, values = rng.integers(3, 12, 40), rng.normal(size=(40, 2, 3))
    expected = np.stack([values[patient == one].sum(0) for one in np.unique(patient)])
    assert sum_within(values, patient) == pytest.approx(expected)
    assert sum_within(values, None) is values


def test_design_effect_of_copies_is_their_number() -> None:
    values = np.random.default_rng(1).normal(size=(30, 4))
    copies = np.repeat(np.arange(30), 3)
    assert design_effect(values[copies], copies) == pytest.approx(3)
    assert design_effect(values, None) == pytest.approx(1)


def test_design_effect_is_never_below_one_and_has_a_worst_case() -> None:
    patient = np.array([0, 0, 1, 1])
    opposite, none = np.array([[1.0], [-1.0], [2.0], [-2.0]]), np.zeros((4, 1))
    assert design_effect(opposite, patient) == pytest.approx(1)
    assert design_effect(none, patient) == pytest.approx(2)
