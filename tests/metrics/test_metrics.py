"""The contract of the menu: bounds, perfect and inverted predictions, invariance, undefined cases, scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion

SCORES = [name for name, metric in METRICS.items() if metric.needs == "scores"]
DECISIONS = [name for name, metric in METRICS.items() if metric.needs == "decisions"]

SKLEARN = {
    "roc_auc": reference.roc_auc_score,
    "pr_auc": reference.average_precision_score,
    "brier": reference.brier_score_loss,
    "rmse": lambda y, s: reference.root_mean_squared_error(y, s),
    "log_loss": reference.log_loss,
    "accuracy": reference.accuracy_score,
    "balanced_accuracy": reference.balanced_accuracy_score,
    "sensitivity": reference.recall_score,
    "specificity": lambda y, d: reference.recall_score(y, d, pos_label=0),
    "ppv": reference.precision_score,
    "npv": lambda y, d: reference.precision_score(y, d, pos_label=0),
    "f1": reference.f1_score,
    "mcc": reference.matthews_corrcoef,
    "kappa": reference.cohen_kappa_score,
    "lr_positive": lambda y, d: reference.class_likelihood_ratios(y, d)[0],
    "lr_negative": lambda y, d: reference.class_likelihood_ratios(y, d)[1],
}


def value(name: str, y: np.ndarray, score: np.ndarray) -> float:
    metric = METRICS[name]
    return float(metric.function(y, score) if metric.needs == "scores" else metric.function(confusion(y, score >= 0.5)))


def cases(seed: int, n: int = 60, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    score = np.clip(0.35 + 0.2 * y + rng.normal(0, 0.25, n), 0.001, 0.999)
    return y, score.round(1) if ties else score


@pytest.mark.parametrize("name", METRICS)
def test_entry_is_complete(name: str) -> None:
    metric = METRICS[name]
    assert metric.title and metric.undefined_when and metric.bounds[0] < metric.bounds[1]


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("ties", [False, True])
def test_in_bounds(name: str, ties: bool) -> None:
    low, high = METRICS[name].bounds
    for seed in range(20):
        y, score = cases(seed, ties=ties)
        assert low <= value(name, y, score) <= high
        assert low <= value(name, y, 1 - score) <= high


@pytest.mark.parametrize("name", METRICS)
def test_perfect_and_inverted_predictions_reach_the_ends(name: str) -> None:
    y, _ = cases(1)
    low, high = METRICS[name].bounds
    perfect, inverted = value(name, y, y.astype(float)), value(name, y, 1.0 - y)
    best, worst = (high, low) if METRICS[name].best == "high" else (low, high)
    assert perfect == pytest.approx(best, abs=1e-12)
    assert inverted < perfect if METRICS[name].best == "high" else inverted > perfect
    if name not in {"pr_auc", "scaled_brier", "log_loss", "kappa"}:  # their worst value depends on the prevalence
        assert inverted == pytest.approx(worst, abs=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_better_scores_move_it_in_its_direction(name: str) -> None:
    y, score = cases(2, n=400)
    better = np.clip(score + 0.3 * (2 * y - 1), 0.001, 0.999)
    gain = value(name, y, better) - value(name, y, score)
    assert gain > 0 if METRICS[name].best == "high" else gain < 0


@pytest.mark.parametrize("name", METRICS)
def test_order_of_cases_does_not_matter(name: str) -> None:
    y, score = cases(3, ties=True)
    order = np.random.default_rng(0).permutation(len(y))
    assert value(name, y[order], score[order]) == pytest.approx(value(name, y, score), abs=1e-12)


@pytest.mark.parametrize("name", sorted(SKLEARN))
@pytest.mark.parametrize("ties", [False, True])
def test_equals_scikit_learn(name: str, ties: bool) -> None:
    for seed in range(10):
        y, score = cases(seed, ties=ties)
        given = score if METRICS[name].needs == "scores" else score >= 0.5
        assert value(name, y, score) == pytest.approx(float(SKLEARN[name](y, given)), abs=1e-14, rel=1e-14)


def test_every_metric_but_the_scaled_brier_score_has_a_reference() -> None:
    assert set(METRICS) - set(SKLEARN) == {"scaled_brier"}


def test_scaled_brier_is_zero_for_the_prevalence() -> None:
    y, _ = cases(4)
    assert value("scaled_brier", y, np.full(len(y), y.mean())) == pytest.approx(0, abs=1e-12)


UNDEFINED = {
    "roc_auc": ([1, 1], [0.2, 0.7]),
    "pr_auc": ([0, 0], [0.2, 0.7]),
    "brier": ([], []),
    "rmse": ([], []),
    "scaled_brier": ([1, 1], [0.2, 0.7]),
    "log_loss": ([], []),
    "accuracy": ([], []),
    "balanced_accuracy": ([1, 1], [0.2, 0.7]),
    "sensitivity": ([0, 0], [0.2, 0.7]),
    "specificity": ([1, 1], [0.2, 0.7]),
    "ppv": ([0, 1], [0.2, 0.3]),
    "npv": ([0, 1], [0.8, 0.7]),
    "f1": ([0, 0], [0.2, 0.3]),
    "mcc": ([0, 1], [0.2, 0.3]),
    "kappa": ([0, 0], [0.2, 0.3]),
    "lr_positive": ([0, 1], [0.2, 0.3]),
    "lr_negative": ([0, 1], [0.8, 0.7]),
}


@pytest.mark.parametrize("name", METRICS)
def test_undefined_is_nan(name: str) -> None:
    y, score = UNDEFINED[name]
    assert np.isnan(value(name, np.array(y, int), np.array(score, float)))


@pytest.mark.parametrize("name", SCORES)
def test_a_missing_score_is_never_a_number(name: str) -> None:
    y, score = cases(5)
    score[7] = np.nan
    assert np.isnan(value(name, y, score))


@pytest.mark.parametrize("name", DECISIONS)
def test_many_decisions_at_once(name: str) -> None:
    y, _ = cases(6)
    decisions = np.random.default_rng(6).random((len(y), 4, 3)) > 0.5
    whole = METRICS[name].function(confusion(y, decisions))
    assert whole.shape == (4, 3)
    assert whole[2, 1] == pytest.approx(float(METRICS[name].function(confusion(y, decisions[:, 2, 1]))))


def test_likelihood_ratios_of_one_class_are_undefined_and_of_no_error_infinite_or_zero() -> None:
    for outcome in (0, 1):
        counts = confusion(np.full(4, outcome), np.array([1, 0, 1, 0]))
        assert np.isnan([METRICS["lr_positive"].function(counts), METRICS["lr_negative"].function(counts)]).all()
    counts = confusion(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0]))
    assert METRICS["lr_positive"].function(counts) == np.inf
    counts = confusion(np.array([1, 1, 0, 0]), np.array([0, 1, 1, 1]))
    assert METRICS["lr_negative"].function(counts) == np.inf
