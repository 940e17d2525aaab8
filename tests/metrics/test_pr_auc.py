"""Average precision against the definition; R's numbers are in tests/oracles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.metrics.pr_auc import pr_auc


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
