"""Repeated readings: of the cases asked for, with a fingerprint, and of a shape that fits their names."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import DataError
from benchmark.reliability import Readings


def readings(external: bool = False) -> Readings:
    return Readings(pd.Index(["c", "a", "b"]), ("x", "y"), np.arange(12.0).reshape(3, 2, 2), external)


def test_readings_of_cases_follow_the_cases() -> None:
    found = readings().of(pd.Index(["b", "z", "c", "b"]))
    assert list(found.subjects) == ["b", "c"]
    np.testing.assert_array_equal(found.values, readings().values[[2, 0]])
    assert len(readings().of(pd.Index(["z"])).subjects) == 0
    everybody = readings(external=True)
    assert everybody.of(pd.Index(["b"])) is everybody
    assert copy.deepcopy(everybody) is everybody


def test_fingerprint_of_readings_moves_with_everything() -> None:
    base = readings()
    assert base.fingerprint() == readings().fingerprint()
    changed = base.values.copy()
    changed[0, 0, 0] += 1e-12
    others = [
        Readings(base.subjects, base.features, changed),
        Readings(pd.Index(["c", "a", "d"]), base.features, base.values),
        Readings(base.subjects, ("x", "z"), base.values),
        Readings(base.subjects, base.features, base.values.reshape(3, 2, 2), external=True),
    ]
    assert len({base.fingerprint(), *(other.fingerprint() for other in others)}) == 5


def test_readings_that_do_not_fit_their_names() -> None:
    with pytest.raises(DataError, match=r"values of shape \(3, 2, 2\) for 2 subjects and 2 features"):
        Readings(pd.Index(["a", "b"]), ("x", "y"), np.zeros((3, 2, 2)))
    with pytest.raises(DataError, match=r"duplicate subjects: 1 \(first: 'a'\)"):
        Readings(pd.Index(["a", "a"]), ("x",), np.zeros((2, 2, 1)))
