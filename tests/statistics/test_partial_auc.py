"""Partial AUCs against scikit-learn and their invariants; pROC in tests/oracles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmark.errors import ConfigError
from benchmark.metrics.roc_auc import roc_auc
from benchmark.statistics.partial_auc import partial_auc, partial_aucs


def simulated(seed: int, digits: int = 2, n: int = 70) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return y, (0.4 * y + rng.random(n)).round(digits)


@pytest.mark.parametrize("digits", [1, 12])
def test_corrected_equals_scikit_learn(digits: int) -> None:
    for seed in range(5):
        y, score = simulated(seed, digits)
        found = partial_auc(y, score, between=(0.75, 1), corrected=True)
        assert found == pytest.approx(roc_auc_score(y, score, max_fpr=0.25), abs=1e-13)


@pytest.mark.parametrize("focus", ["specificity", "sensitivity"])
def test_parts_add_up_to_the_auc(focus: str) -> None:
    y, score = simulated(1, 1)
    cuts = [0, 0.13, 0.5, 0.77, 1]
    parts = [partial_auc(y, score, focus=focus, between=pair) for pair in pairwise(cuts)]
    assert sum(parts) == pytest.approx(roc_auc(y, score), abs=1e-13)
    whole = partial_auc(y, score, focus=focus, between=(0, 1), corrected=True)
    assert whole == pytest.approx(roc_auc(y, score), abs=1e-13)


@pytest.mark.parametrize("focus", ["specificity", "sensitivity"])
def test_perfect_and_constant_scores(focus: str) -> None:
    y, _ = simulated(2)
    for between in ((0.9, 1), (0.2, 0.4)):
        assert partial_auc(y, y * 1.0, focus=focus, between=between, corrected=True) == pytest.approx(1)
        given = np.column_stack([np.full(len(y), 0.3), 1.0 - y])
        flat, inverted = partial_aucs(y, given, np.ones((1, len(y))), focus=focus, between=between, corrected=True)[0]
        assert flat == pytest.approx(0.5)
        assert inverted < 0.5 and np.isnan(partial_auc(y, 1.0 - y, focus=focus, between=between, corrected=True))


def test_weights_are_repeated_rows() -> None:
    y, score = simulated(3, 1)
    counts = np.random.default_rng(0).integers(0, 3, (6, len(y)))
    for focus in ("specificity", "sensitivity"):
        found = partial_aucs(y, score[:, None], counts, focus=focus, between=(0.6, 0.95))
        for draw in range(6):
            rows = np.repeat(np.arange(len(y)), counts[draw])
            expected = partial_auc(y[rows], score[rows], focus=focus, between=(0.6, 0.95))
            assert found[draw, 0] == pytest.approx(expected, abs=1e-14)


def test_undefined_and_wrong() -> None:
    y, score = simulated(4)
    assert np.isnan(partial_auc(np.ones_like(y), score))
    assert np.isnan(partial_auc(np.zeros_like(y), score, focus="sensitivity"))
    assert np.isnan(partial_auc(y, np.where(y == 1, np.nan, score)))
    for between in ((0.9, 0.9), (-0.1, 0.5), (0.5, 1.2)):
        with pytest.raises(ConfigError, match=r"in \[0, 1\]"):
            partial_auc(y, score, between=between)
