"""Bands of decision curves by the patient bootstrap, for models and for differences of models.

    band(t) = [Q(alpha), Q(1 - alpha)] of NB_b(t),   alpha = (1 - level) / 2,   over the draws b
    difference: the same of NB_b1(t) - NB_b2(t) in the same draws, so it is paired

The bands are pointwise: 95 % holds at each threshold by itself, not for the whole curve. If the prevalence is given
(case-control) patients with and without the event are drawn separately, as the design did. ``decision_curve`` has the
same intervals in closed form; the bands do not need the normal distribution, which fails where a handful of cases is
treated. Beyond the highest prediction nobody is treated in any draw, and the band is the point 0.

Source: Vickers et al. (2008), BMC Medical Informatics and Decision Making 8:53; patients as units: see ``bootstrap``.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmark.statistics.bootstrap import Bootstrap, bootstrap, outcome_strata, percentile_interval
from benchmark.statistics.decision_curve import NetBenefit, check_prevalence
from benchmark.statistics.weighted_net_benefit import weighted_net_benefits


def bootstrap_net_benefit(
    y: np.ndarray,
    scores: np.ndarray,
    thresholds: np.ndarray,
    *,
    seed: int,
    patient: np.ndarray | None = None,
    prevalence: float | None = None,
    n_draws: int = 2000,
) -> Bootstrap:
    """Net benefit, (n_thresholds, k), and its draws for ``scores`` (n_cases, k) in [0, 1], ``y`` (n_cases,), 1 for
    positive, and rising ``thresholds``. Treat-all is a column of ones, which makes ``difference_bands`` against it
    possible. NaN as in ``net_benefit``."""
    check_prevalence(prevalence)
    return bootstrap(
        partial(_statistic, y, scores, thresholds, prevalence),
        len(y),
        seed=seed,
        n_draws=n_draws,
        patient=patient,
        strata=None if prevalence is None else outcome_strata(y, patient),
        influence=False,
    )


def net_benefit_bands(found: Bootstrap, *, level: float = 0.95) -> NetBenefit:
    """The curves and bands of all models, (n_thresholds, k)."""
    return NetBenefit(found.estimate, *percentile_interval(found, level=level))


def difference_bands(found: Bootstrap, first: np.ndarray, second: np.ndarray, *, level: float = 0.95) -> NetBenefit:
    """The curves and bands of the models at the positions ``first`` (m,) minus those at ``second`` (m,),
    (n_thresholds, m)."""
    estimate, draws = (each[..., first] - each[..., second] for each in (found.estimate, found.draws))
    return NetBenefit(estimate, *percentile_interval(Bootstrap(estimate, draws, None), level=level))


def _statistic(
    y: np.ndarray, scores: np.ndarray, thresholds: np.ndarray, prevalence: float | None, weights: np.ndarray
) -> np.ndarray:
    return weighted_net_benefits(y, scores, thresholds, weights, prevalence=prevalence)
