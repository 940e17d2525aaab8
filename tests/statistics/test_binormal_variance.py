"""The binormal variance of an AUC against pROC, simulation, and where it is undefined."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.binormal_variance import binormal_variance

TINY = json.loads((Path(__file__).parents[1] / "data" / "auc_tiny.json").read_text())["tiny"]


@pytest.mark.parametrize("case", TINY)
def test_equals_proc(case: str) -> None:
    one = TINY[case]
    expected = np.nan if one["var_obuchowski"] is None else one["var_obuchowski"]
    found = binormal_variance(np.array(one["y"]), np.array(one["x"], float))
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_is_near_the_spread_of_aucs_of_normal_scores() -> None:
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [120, 80])
    scores = rng.normal(size=(400, 200)) * np.where(y == 1, 1.5, 1) + y
    aucs = [roc_auc(y, score) for score in scores]
    assert np.mean([binormal_variance(y, score) for score in scores[:50]]) == pytest.approx(np.var(aucs), rel=0.2)


def test_direction_and_units_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    y = np.arange(50) % 2
    score = rng.normal(size=50) + y
    assert binormal_variance(y, -score) == pytest.approx(binormal_variance(y, score))
    assert binormal_variance(y, np.exp(score)) == pytest.approx(binormal_variance(y, score))


def test_undefined(recwarn: pytest.WarningsRecorder) -> None:
    y = np.arange(8) % 2
    for truth, score in ((np.ones(8, int), y * 1.0), (y, np.ones(8)), (y, y * 1.0), (y, np.full(8, np.nan))):
        assert np.isnan(binormal_variance(truth, score))
    assert not recwarn.list
