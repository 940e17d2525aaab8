"""No draw loses a rare class, and common classes are drawn as they came."""

from __future__ import annotations

import numpy as np

from benchmark.statistics.bootstrap import bootstrap
from benchmark.statistics.class_strata import FEW, patients_of_classes, rare_class_strata


def counted(y: np.ndarray, strata: np.ndarray, patient: np.ndarray | None = None) -> np.ndarray:
    """Cases of each class in 500 draws, (500, n_classes)."""
    one = np.eye(y.max() + 1)[y]
    return bootstrap(lambda w: w @ one, len(y), seed=0, n_draws=500, patient=patient, strata=strata).draws


def test_rare_classes_are_drawn_within_themselves_and_others_together() -> None:
    y = np.repeat([0, 1, 2, 3], [4, 60, 40, 6])
    draws = counted(y, rare_class_strata(y, None))
    assert (draws[:, 0] == 4).all() and (draws[:, 3] == 6).all()
    assert draws[:, 1].std() > 3
    np.testing.assert_array_equal(draws[:, 1] + draws[:, 2], 100)
    lost = counted(y, np.zeros(len(y), int))[:, 0] == 0
    assert lost.any()  # what it is for


def test_without_a_rare_class_nothing_is_drawn_separately() -> None:
    y = np.repeat([0, 1, 2], FEW)
    assert len(np.unique(rare_class_strata(y, None))) == 1


def test_patients_with_cases_of_a_rare_class_stay_whole() -> None:
    y = np.array([0, 2, 0, 1, 2, 2] + [0, 1] * 30)
    patient = np.array([0, 0, 1, 1, 2, 3, *np.repeat(np.arange(4, 34), 2)])
    strata = rare_class_strata(y, patient)
    assert patients_of_classes(y, patient) == {0: 32, 1: 31, 2: 3}
    assert strata[0] == strata[1] != 0 and strata[4] == strata[5] != strata[0] and (strata[6:] == 0).all()
    assert (counted(y, strata, patient)[:, 2] >= 1).all()
