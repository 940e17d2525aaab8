"""What the statistics of scores say where there is nothing to say: one class, constant scores, NaN, no variance."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import astuple, is_dataclass
from typing import Any

import numpy as np
import pytest

from benchmark.metrics import METRICS
from benchmark.metrics.confusion import confusion
from benchmark.statistics.aucs import compare, equality_test, intervals
from benchmark.statistics.best_set import best_set
from benchmark.statistics.binormal_variance import binormal_variance
from benchmark.statistics.calibration import calibration, calibration_curve
from benchmark.statistics.calibration_bins import calibration_error, hosmer_lemeshow
from benchmark.statistics.calibration_tests import likelihood_indices, line_tests, slope_profile_interval, spiegelhalter
from benchmark.statistics.corrected_resampled import corrected_resampled_test
from benchmark.statistics.correlated_bayes import correlated_bayes
from benchmark.statistics.cross_validated_auc import cross_validated_auc, overlap_corrected_auc
from benchmark.statistics.decision_curve import net_benefit, net_benefit_difference, percent_thresholds, treated_rates
from benchmark.statistics.delong import delong, unpaired_test
from benchmark.statistics.equivalence import equivalence, non_inferiority
from benchmark.statistics.five_by_two import five_by_two
from benchmark.statistics.mcnemar import count_pairs, mcnemar
from benchmark.statistics.multiclass import hand_till, macro_auc
from benchmark.statistics.obuchowski import obuchowski
from benchmark.statistics.partial_auc import partial_auc
from benchmark.statistics.precision_recall import davis_goadrich_auprc, integral_auprc
from benchmark.statistics.reclassification import idi, nri_continuous
from benchmark.statistics.roc_coordinates import roc_coordinates
from benchmark.statistics.roc_curve import roc_curve
from benchmark.statistics.smooth_calibration import calibration_indices
from benchmark.statistics.survival.concordance import concordance
from benchmark.statistics.survival.cox import cox

N = 40
Y = np.arange(N) % 2
SCORE = (np.random.default_rng(0).random(N) * 0.5 + 0.25 * Y).round(3) + 0.1
FOLD = (np.arange(N) // 2 % 4)[:, None]
HOLED = np.where(np.arange(N) == 3, np.nan, SCORE)
PLACES = percent_thresholds(0.1, 0.5)
PAIR = np.array([0]), np.array([1])


def several(score: np.ndarray) -> np.ndarray:
    """Probabilities (n, 1, 2) of two classes."""
    return np.stack([1 - score, score], axis=1)[:, None, :]


OF_SCORES: dict[str, Callable[[np.ndarray, np.ndarray], Any]] = {
    **{name: metric.function for name, metric in METRICS.items() if metric.needs == "scores"},
    "delong": lambda y, s: (delong(y, s[:, None]).estimate, delong(y, s[:, None]).variance),
    "delong, logit limits": lambda y, s: intervals(delong(y, s[:, None]), scale="logit"),
    "obuchowski": lambda y, s: obuchowski(y, s[:, None], np.arange(N) // 2).estimate,
    "binormal_variance": binormal_variance,
    "cross_validated_auc": lambda y, s: cross_validated_auc(y, s[:, None, None], FOLD).aucs.estimate,
    "overlap_corrected_auc": lambda y, s: overlap_corrected_auc(y, s[:, None, None], FOLD).aucs.estimate,
    "partial_auc": partial_auc,
    "hand_till": lambda y, s: hand_till(y, several(s)).estimate,
    "macro_auc": lambda y, s: macro_auc(y, several(s)).estimate,
    "integral_auprc": integral_auprc,
    "davis_goadrich_auprc": davis_goadrich_auprc,
    "roc_curve": roc_curve,
    "roc_coordinates": lambda y, s: roc_coordinates(y, s).threshold,
    "calibration slope": lambda y, s: calibration(y, s).slope,
    "calibration in the large": lambda y, s: calibration(y, s).in_the_large,
    "calibration_curve": lambda y, s: calibration_curve(y, s).observed,
    "calibration_error": calibration_error,
    "hosmer_lemeshow": lambda y, s: hosmer_lemeshow(y, s).p,
    "spiegelhalter": spiegelhalter,
    "line_tests": lambda y, s: line_tests(y, s).both.p,
    "likelihood_indices": likelihood_indices,
    "slope_profile_interval": slope_profile_interval,
    "calibration_indices": calibration_indices,
    "net_benefit": lambda y, s: net_benefit(y, s[:, None], PLACES).estimate,
    "net_benefit_difference": lambda y, s: net_benefit_difference(y, s[:, None], s[:, None], PLACES).estimate,
    "treated_rates": lambda y, s: treated_rates(y, s[:, None], PLACES).true_positive,
    "nri_continuous": lambda y, s: nri_continuous(y, SCORE, s).nri.estimate,
    "idi": lambda y, s: idi(y, SCORE, s).idi.estimate,
    "concordance": lambda y, s: concordance(np.arange(1.0, N + 1), y, s[:, None]).estimate,
    "cox": lambda y, s: cox(np.arange(1.0, N + 1), y, s[:, None]).coefficients,
}
DEFINED_WITH_ONE_CLASS = {
    "brier": "a mean over cases",
    "rmse": "a mean over cases",
    "log_loss": "a mean over cases",
    "pr_auc": "precision is 1 where all cases are positive",
    "calibration_error": "distances of means",
    "spiegelhalter": "the variance comes from the scores",
    "net_benefit": "counts of cases",
    "net_benefit_difference": "counts of cases",
    "treated_rates": "counts of cases",
    "integral_auprc": "precision is 1 where all cases are positive",
    "davis_goadrich_auprc": "precision is 1 where all cases are positive",
    "concordance": "who has the event counts, not whether all have it",
    "cox": "who has the event counts, not whether all have it",
}


CHANCE = {
    **dict.fromkeys(["roc_auc", "delong", "obuchowski", "cross_validated_auc", "overlap_corrected_auc"], 0.5),
    **dict.fromkeys(["hand_till", "macro_auc", "concordance", "pr_auc"], 0.5),
    "partial_auc": 0.005,
    "brier": 0.25,
    "rmse": 0.5,
    "idi": float(SCORE[Y == 0].mean() - SCORE[Y == 1].mean()),
}
"""Constant scores of 0.5 of a balanced outcome."""
NO_SLOPE = ("calibration slope", "line_tests", "slope_profile_interval", "spiegelhalter", "cox", "binormal_variance")


def numbers(found: Any) -> np.ndarray:
    parts = astuple(found) if is_dataclass(found) and not isinstance(found, type) else found
    if isinstance(parts, tuple | list):
        return np.concatenate([np.ravel(np.asarray(part, float)) for part in parts]) if parts else np.empty(0)
    return np.ravel(np.asarray(parts, float))


def quietly(function: Callable[..., Any], *given: Any) -> np.ndarray:
    """The numbers, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return numbers(function(*given))


@pytest.mark.parametrize("name", OF_SCORES)
def test_one_class_has_no_number_unless_said(name: str) -> None:
    each = [quietly(OF_SCORES[name], y, SCORE) for y in (np.ones(N, int), np.zeros(N, int))]
    assert all(np.isnan(found).all() for found in each) == (name not in DEFINED_WITH_ONE_CLASS)
    assert not np.isnan(quietly(OF_SCORES[name], Y, SCORE)).any()


@pytest.mark.parametrize("name", OF_SCORES)
def test_a_missing_score_is_not_left_out(name: str) -> None:
    found = quietly(OF_SCORES[name], Y, HOLED)
    assert np.isnan(found).all()


@pytest.mark.parametrize("name", OF_SCORES)
def test_constant_scores_are_no_error(name: str) -> None:
    found = quietly(OF_SCORES[name], Y, np.full(N, 0.5))
    if name in CHANCE:
        assert found[0] == pytest.approx(CHANCE[name])
    if name in NO_SLOPE:
        assert np.isnan(found).all()


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.needs != "scores"])
def test_decisions_of_one_class_and_one_call(name: str) -> None:
    for y, called in ((np.ones(N, int), Y), (np.zeros(N, int), Y), (Y, np.ones(N)), (Y, np.zeros(N)), (Y, Y)):
        found = quietly(lambda y, c: METRICS[name].function(confusion(y, c)), y, called)
        low, high = METRICS[name].bounds
        assert np.isnan(found).all() or ((low <= found) & (found <= high)).all()


def test_models_that_do_not_differ() -> None:
    twice = np.column_stack([SCORE, SCORE])
    aucs = delong(Y, twice)
    test = compare(aucs, *PAIR)
    assert (test.difference[0], test.statistic[0], test.p[0]) == (0, 0, 1)
    assert equality_test(aucs, np.array([[1.0, -1.0]])).p == 1
    assert best_set(aucs).may_be_best.all()
    assert unpaired_test(delong(Y, SCORE[:, None]), delong(Y, SCORE[:, None])).p == 1
    assert mcnemar(count_pairs(Y, Y)).p_mid == 1
    none = np.zeros(10)
    assert corrected_resampled_test(none, ratio=0.25).p[0] == 1
    assert five_by_two(np.zeros((5, 2))).p[0] == 1
    assert correlated_bayes(none, ratio=0.25, rope=0.01).equivalent[0] == 1
    assert equivalence(0.0, 0.0, 0.05).p == 0
    assert non_inferiority(0.0, 0.0, 0.05).p == 0


def test_a_difference_without_variance_cannot_be_tested() -> None:
    perfect = np.column_stack([Y * 1.0, np.full(N, 0.5)])
    test = compare(delong(Y, perfect), *PAIR)
    assert test.difference[0] == 0.5 and np.isnan([test.p[0], test.low[0]]).all()
    same = np.full(10, 0.1)
    assert np.isnan(corrected_resampled_test(same, ratio=0.25).p[0])
    assert np.isnan(five_by_two(np.full((5, 2), 0.1)).p[0])
