"""Thresholds against pROC, a loop over all candidates, and undefined cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.thresholds import Rule, choose_threshold, rule_of

YOUDEN = Rule("youden")


def simulated(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return y, (0.4 * y + rng.random(n)).round(1)


def rates(y: np.ndarray, score: np.ndarray, threshold: float) -> tuple[float, float]:
    called = score >= threshold
    return float(called[y == 1].mean()), float((~called[y == 0]).mean())


def candidates(score: np.ndarray) -> np.ndarray:
    distinct = np.unique(score)
    return np.concatenate(([-np.inf], (distinct[1:] + distinct[:-1]) / 2, [np.inf]))


@pytest.mark.shared
@pytest.mark.parametrize("marker", ["wfns", "s100b", "ndka"])
def test_youden_equals_proc(shared: Path, marker: str) -> None:
    folder = shared / "oracles" / "01_auc"
    expected = json.loads((folder / "expected.json").read_text())["aSAH"]["coords"][marker]["best_youden"]
    table = pd.read_csv(folder / "aSAH.csv")
    y = (table["outcome"] == "Poor").to_numpy(int)
    threshold = choose_threshold(y, table[marker].to_numpy(float), YOUDEN)
    assert threshold == pytest.approx(expected["threshold"][0], rel=1e-12)
    found = rates(y, table[marker].to_numpy(float), threshold)
    assert found == pytest.approx((expected["sensitivity"][0], expected["specificity"][0]))


@pytest.mark.parametrize("seed", range(20))
def test_rules_equal_a_search_over_all_candidates(seed: int) -> None:
    y, score = simulated(seed)
    every = candidates(score)
    found = {t: rates(y, score, t) for t in every}
    best = max(sum(pair) for pair in found.values())
    assert choose_threshold(y, score, YOUDEN) == min(t for t in every if sum(found[t]) > best - 1e-9)
    for wanted in (0.0, 0.5, 0.9, 1.0):
        sensitive = max(t for t in every if found[t][0] >= wanted - 1e-9)
        specific = min(t for t in every if found[t][1] >= wanted - 1e-9)
        assert choose_threshold(y, score, Rule("sensitivity", wanted)) == sensitive
        assert choose_threshold(y, score, Rule("specificity", wanted)) == specific


def test_nine_of_ten_is_enough_for_ninety_percent() -> None:
    y = np.array([0] * 10 + [1] * 10)
    score = np.concatenate([np.zeros(10), np.arange(1, 11)]) / 10
    threshold = choose_threshold(y, score, Rule("sensitivity", 0.9))
    assert rates(y, score, threshold)[0] == pytest.approx(0.9)


def test_neighbouring_doubles_are_told_apart() -> None:
    low = 0.3
    high = np.nextafter(low, 1)
    y, score = np.array([0, 0, 1, 1]), np.array([low, low, high, high])
    assert rates(y, score, choose_threshold(y, score, YOUDEN)) == (1, 1)


def test_constant_scores_call_everybody_positive() -> None:
    y = np.array([0, 1, 0, 1])
    assert choose_threshold(y, np.full(4, 0.5), YOUDEN) == -np.inf


def test_undefined_cases_are_nan() -> None:
    for y, score in (([1, 1], [0.1, 0.2]), ([0, 0], [0.1, 0.2]), ([], []), ([0, 1], [np.nan, 0.2])):
        assert np.isnan(choose_threshold(np.array(y), np.array(score, float), YOUDEN))
        assert choose_threshold(np.array(y), np.array(score, float), Rule("value", 0.4)) == 0.4


def test_settings() -> None:
    assert rule_of("youden") == YOUDEN
    assert rule_of({"specificity": 0.9}) == Rule("specificity", 0.9)
    assert rule_of({"value": 0.5}).title == "threshold 0.5"
    assert rule_of({"sensitivity": 0.9}).title == "threshold for sensitivity 0.9 in training rows"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("yuden", "unknown threshold rule 'yuden'. Did you mean 'youden'?"),
        ("sensitivity", "threshold 'sensitivity': expected youden or one of"),
        ({"sensitivity": 90}, "threshold {'sensitivity': 90}: expected"),
        ({"sensitivity": 0.9, "specificity": 0.9}, "expected youden or one of"),
        ({}, "unknown threshold rule ''"),
    ],
)
def test_wrong_settings(setting: object, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        rule_of(setting)  # type: ignore[arg-type]
    assert message in str(error.value)
    assert error.value.path == ("statistics", "threshold")
