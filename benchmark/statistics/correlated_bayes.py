"""The Bayesian correlated t test: how probable is it that one model is better, worse, or the same for practice?

The J differences of two models over folds are normal with mean mu, one variance, and correlation rho between any two
folds, from their shared training rows. With the matching prior (flat in mu and in the log of the variance),

    mu | d  ~  mean(d) + sqrt((1/J + rho/(1 - rho)) var(d)) t_(J-1),   rho = n_test / (n_test + n_train)

so that rho/(1 - rho) = n_test/n_train, and the posterior interval is the interval of the corrected resampled t test.
A region of practical equivalence (ROPE) of half width r around 0 cuts the posterior into

    worse = P(mu < -r),    equivalent = P(-r <= mu <= r),    better = P(mu > r)

These are posterior probabilities about this cohort and this way of splitting, not p values.

Source: Corani and Benavoli (2015), Machine Learning 100:285; with ROPE: Benavoli, Corani, Demsar and Zaffalon
(2017), Journal of Machine Learning Research 18(77):1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import ConfigError
from benchmark.statistics.corrected_resampled import corrected_variance


@dataclass(frozen=True, eq=False)
class Posterior:
    """For m pairs of models: the centre ``difference`` (first minus second) and ``scale`` of a Student t with ``df``,
    the credible limits ``low`` and ``high``, and the probabilities that the first is ``worse``, ``equivalent`` or
    ``better``, which add up to 1; all (m,)."""

    difference: np.ndarray
    scale: np.ndarray
    df: int
    low: np.ndarray
    high: np.ndarray
    worse: np.ndarray
    equivalent: np.ndarray
    better: np.ndarray


def correlated_bayes(differences: np.ndarray, *, ratio: float, rope: float, level: float = 0.95) -> Posterior:
    """The posterior of ``differences`` (J,) or (J, m), first minus second model in each fold of each repeat; ``ratio``
    is n_test/n_train; ``rope`` >= 0, in the unit of the differences, else ``ConfigError``. Equal differences put all
    the probability on their value; with a NaN or a single fold all is NaN."""
    if not (np.isfinite(rope) and rope >= 0):
        raise ConfigError(f"region of practical equivalence: found {rope}, expected a half width of 0 or more")
    d = np.asarray(differences, float)
    d = d[:, None] if d.ndim == 1 else d
    mean, variance = corrected_variance(d, ratio)
    scale, df = np.sqrt(variance), max(len(d) - 1, 0)
    margin = special.stdtrit(df, (1 + level) / 2) * scale if df else np.full(len(scale), np.nan)
    below = _tail(-rope - mean, scale, df)
    above = _tail(mean - rope, scale, df)
    return Posterior(mean, scale, df, mean - margin, mean + margin, below, 1 - below - above, above)


def _tail(distance: np.ndarray, scale: np.ndarray, df: int) -> np.ndarray:
    """P(T < distance / scale); without any scale, whether the distance is positive: what lies on the border of the
    region belongs to it."""
    standard = np.divide(distance, scale, out=np.where(distance > 0, np.inf, -np.inf), where=scale != 0)
    standard[np.isnan(scale)] = np.nan
    return special.stdtr(df, standard)
