"""Intervals of one bootstrap: percentiles, the wide interval of distances, and what cannot be drawn."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from benchmark.statistics.bootstrap import bootstrap, percentile_interval
from benchmark.statistics.held_out import arrange
from benchmark.statistics.performance import score_parts
from benchmark.statistics.resampled import draw, drawn_rows
from benchmark.statistics.settings import settings_of
from benchmark.statistics.weighted_scores import weighted_scores

CLASSES = ["no", "yes"]


@pytest.fixture
def held(make_run):
    return arrange(make_run(sets=("HRF", "DRF"), classifiers=("lr",), repeats=1).predictions, CLASSES)[0]


def test_limits_are_percentiles_of_the_shared_draws(held) -> None:
    settings = settings_of({"draws": 200}, seed=7)
    drawn = draw(held, score_parts(held, settings), settings)
    alone = bootstrap(
        partial(weighted_scores, held.y, held.scores[:, 0, :, 0]), len(held.y), seed=7, n_draws=200, influence=False
    )
    low, high = percentile_interval(alone)
    assert (drawn["brier"].found.low == low[0]).all() and (drawn["log_loss"].found.high == high[3]).all()


def test_distances_go_from_the_basic_to_the_percentile_limit(held) -> None:
    rng = np.random.default_rng(0)
    values = np.abs(rng.normal(0.05, 0.02, (200, 1, 2)))

    def statistic(weights: np.ndarray) -> np.ndarray:
        return np.full((1, 1, 2), 0.04) if len(weights) == 1 else values

    drawn = draw(held, {("ici",): statistic}, settings_of({"draws": 200}))["ici"]
    low, high = np.quantile(values[:, 0], [0.025, 0.975], axis=0)
    assert drawn.found.low == pytest.approx(np.maximum(0, 0.08 - high))
    assert drawn.found.high == pytest.approx(high) and (low > drawn.found.low).all()


def test_a_draw_without_a_value_leaves_no_limits_and_says_so(held) -> None:
    def statistic(weights: np.ndarray) -> np.ndarray:
        found = np.ones((len(weights), 1, 2))
        if len(weights) > 1:
            found[:3, 0, 1] = np.nan
        return found

    settings = settings_of({"draws": 150})
    drawn = draw(held, {("f1",): statistic}, settings)["f1"]
    rows = drawn_rows(held, "f1", [0.5, 0.6], drawn, settings, method="rule")
    assert rows["low"].isna().tolist() == [False, True]
    assert rows["method"].tolist() == [
        "rule, percentile interval of 150 draws of patients",
        "rule, percentile interval of 150 draws of patients, no interval: undefined in 3 of them",
    ]


def test_cases_sampled_by_outcome_are_drawn_by_outcome(held) -> None:
    settings = settings_of({"draws": 100, "prevalence": 0.1})
    seen = []

    def statistic(weights: np.ndarray) -> np.ndarray:
        seen.append(weights @ (held.y == 1))
        return np.ones((len(weights), 1, 2))

    draw(held, {("brier",): statistic}, settings)
    assert all((events == held.events).all() for events in seen)
