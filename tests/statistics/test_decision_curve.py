"""Net benefit against dcurves (R), loops, and what must hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmark.errors import ConfigError
from benchmark.statistics.decision_curve import net_benefit, percent_thresholds


@pytest.mark.shared
def test_equals_dcurves(shared: Path) -> None:
    folder = shared / "oracles" / "05_dca"
    table = pd.read_csv(folder / "df_binary.csv")
    expected = json.loads((folder / "expected.json").read_text())["df_binary"]
    y, n = table["cancer"].to_numpy(), len(table)
    scores = np.column_stack(
        [table["cancerpredmarker"], table["famhistory"].astype(float), np.ones(n), np.zeros(n)]
    ).astype(float)
    thresholds = percent_thresholds(0.01, 0.99)
    assert thresholds.tolist() == expected["thresholds"]
    found = net_benefit(y, scores, thresholds)
    for k, name in enumerate(["cancerpredmarker", "famhistory", "all", "none"]):
        assert found.estimate[:, k] == pytest.approx(expected[name]["net_benefit"], rel=1e-9, abs=1e-12)


def test_thresholds_are_quotients_of_whole_numbers() -> None:
    assert percent_thresholds(0.05, 0.6).tolist() == [k / 100 for k in range(5, 61)]
    assert percent_thresholds(0.29, 0.29).tolist() == [0.29]
    assert percent_thresholds(0.055, 0.074).tolist() == [0.06, 0.07]


@pytest.mark.parametrize(("low", "high"), [(0, 0.5), (0.5, 1.0), (0.6, 0.4), (0.051, 0.059), (-1, 2)])
def test_wrong_ranges(low: float, high: float) -> None:
    with pytest.raises(ConfigError, match="expected a rising pair within") as error:
        percent_thresholds(low, high)
    assert error.value.path == ("statistics", "thresholds")


def test_risk_equal_to_the_threshold_is_treated() -> None:
    y, risk = np.array([1, 0, 0, 1]), np.array([0.29, 0.29, 0.28, 0.9])[:, None]
    assert net_benefit(y, risk, np.array([29 / 100])).estimate[0, 0] == pytest.approx(0.5 - 0.25 * 29 / 71)


def test_interval_is_that_of_a_mean() -> None:
    rng = np.random.default_rng(0)
    y, risk = (rng.random(200) < 0.3).astype(int), rng.random((200, 1))
    found = net_benefit(y, risk, np.array([0.2]), level=0.9)
    gain = np.array([(1.0 if y[i] else -0.25) if risk[i, 0] >= 0.2 else 0.0 for i in range(200)])
    error = gain.std() / np.sqrt(200)
    assert found.estimate[0, 0] == pytest.approx(gain.mean())
    assert found.low[0, 0] == pytest.approx(gain.mean() - 1.6448536269514722 * error)
    twice = np.repeat(np.arange(200), 2)
    clustered = net_benefit(y[twice], risk[twice], np.array([0.2]), patient=twice, level=0.9)
    assert clustered.low == pytest.approx(found.low)


def test_missing_scores_and_treat_none() -> None:
    y = np.array([0, 1, 1])
    scores = np.array([[0.2, np.nan, 0.0], [0.8, 0.5, 0.0], [0.7, 0.5, 0.0]])
    found = net_benefit(y, scores, np.array([0.1, 0.5]))
    assert np.isnan(found.estimate[:, 1]).all() and np.isnan(found.low[:, 1]).all()
    assert (found.estimate[:, 2] == 0).all() and (found.high[:, 2] == 0).all()
    assert found.estimate[1, 0] == pytest.approx(2 / 3)
