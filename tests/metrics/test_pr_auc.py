"""Average precision against R's step form and the definition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.metrics.pr_auc import pr_auc


@pytest.mark.shared
@pytest.mark.parametrize("marker", ["wfns", "s100b", "ndka"])
def test_equals_the_reference(shared: Path, marker: str) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]["precision_recall"][marker]
    table = pd.read_csv(folder / "aSAH.csv")
    found = pr_auc((table["outcome"] == "Poor").to_numpy(int), table[marker].to_numpy(float))
    assert found == pytest.approx(expected["average_precision_step_as_sklearn"], rel=1e-12)


def test_by_the_definition_with_ties() -> None:
    rng = np.random.default_rng(0)
    y, score = np.arange(50) % 3 == 0, rng.random(50).round(1)
    total, before = 0.0, 0.0
    for cut in sorted(set(score), reverse=True):
        called = score >= cut
        recall = (called & y).sum() / y.sum()
        total += (recall - before) * (called & y).sum() / called.sum()
        before = recall
    assert pr_auc(y, score) == pytest.approx(total, abs=1e-14)


def test_constant_scores_give_the_prevalence() -> None:
    assert pr_auc(np.array([1, 0, 0, 0]), np.full(4, 0.2)) == 0.25
