"""What the intervals of the patient bootstrap cover: ``python benchmarks/bootstrap_coverage.py [COHORTS]``.

Cohorts of 150 and 500 cases whose logit of risk is normal (mean -0.8, SD 1.2), scored by calibrated probabilities and
by too extreme ones (1.5 logit + 0.3); the truth is the mean of five cohorts of 20,000. Of each interval the share of
cohorts in which it holds the truth, 500 draws each; with 300 cohorts the standard error is at most 0.03 (0.013 at
0.95).
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np
from scipy import special

from benchmark.statistics.bootstrap import bca_interval, bootstrap, percentile_interval
from benchmark.statistics.decisions import decision_draws
from benchmark.statistics.partial_auc import partial_aucs
from benchmark.statistics.precision_recall import average_precisions
from benchmark.statistics.resampled import DISTANCES
from benchmark.statistics.weighted_calibration import weighted_calibration_indices
from benchmark.statistics.weighted_scores import weighted_calibration_errors, weighted_scores

OF_DECISIONS = ("f1", "mcc", "balanced_accuracy")
NAMES = (
    "pr_auc",
    "partial_auc",
    "brier",
    "scaled_brier",
    "log_loss",
    *OF_DECISIONS,
    "ece",
    "ici",
    "e50",
    "e90",
    "emax",
)
LARGE, LARGE_COHORTS, DRAWS = 20_000, 5, 500


def statistic(y: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """All measures of one model, (n_draws, n_measures)."""
    scores, once = score[:, None], np.zeros((len(y), 1), int)
    calls = (scores >= 0.4).astype(float)[:, None]
    parts = [
        average_precisions(y, scores, weights),
        partial_aucs(y, scores, weights, between=(0.8, 1.0), corrected=True),
        weighted_scores(y, scores, weights)[..., 0],
        decision_draws(y, calls, once, weights, names=OF_DECISIONS)[..., 0],
        weighted_calibration_errors(y, scores, weights),
        weighted_calibration_indices(y, scores, weights)[..., 0],
    ]
    return np.concatenate(parts, axis=1)


def cohort(rng: np.random.Generator, n: int, tilt: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and scores."""
    logit = rng.normal(-0.8, 1.2, n)
    return (rng.random(n) < special.expit(logit)).astype(int), special.expit(shift + tilt * logit)


def coverage(n: int, tilt: float, shift: float, n_cohorts: int) -> dict[str, np.ndarray]:
    """By name of the interval the share of cohorts in which it holds the truth, (n_measures,)."""
    rng, ones = np.random.default_rng(5), np.ones((1, LARGE))
    truth = np.mean([statistic(*cohort(rng, LARGE, tilt, shift), ones)[0] for _ in range(LARGE_COHORTS)], axis=0)
    held: dict[str, list[np.ndarray]] = {"percentile": [], "BCa": [], "wide": []}
    for number in range(n_cohorts):
        found = bootstrap(partial(statistic, *cohort(rng, n, tilt, shift)), n, seed=number, n_draws=DRAWS)
        low, high = percentile_interval(found)
        wide = np.maximum(0, 2 * found.estimate - high), high
        for name, (first, last) in {"percentile": (low, high), "BCa": bca_interval(found), "wide": wide}.items():
            held[name].append((first <= truth) & (truth <= last))
    return {name: np.mean(shares, axis=0) for name, shares in held.items()}


def main() -> None:
    """Write a line per measure and kind of cohort."""
    n_cohorts = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for n in (150, 500):
        for kind, tilt, shift in (("calibrated", 1.0, 0.0), ("too extreme", 1.5, 0.3)):
            found = coverage(n, tilt, shift, n_cohorts)
            for place, name in enumerate(NAMES):
                shares = ", ".join(f"{way} {share[place]:.3f}" for way, share in found.items())
                ours = "wide" if name in DISTANCES else "percentile"
                sys.stdout.write(f"{n} cases, {kind}, {name}: {shares} (reported: {ours})\n")


if __name__ == "__main__":
    main()
