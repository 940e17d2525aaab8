"""Whether independent groups of cases differ in a measure, and by how much two of them do.

    estimates      Q = sum_i w_i (t_i - t)^2,    w_i = 1 / v_i,  t = sum_i w_i t_i / sum_i w_i
    proportions    X^2 = sum_i n_i (p_i - p)^2 / (p (1 - p)),    p = sum_i n_i p_i / sum_i n_i
    both           chi-square with (groups - 1) degrees of freedom
    two groups     d = t_1 - t_2,   d - sqrt((t_1 - l_1)^2 + (u_2 - t_2)^2)  to  d + sqrt((u_1 - t_1)^2 + (t_2 - l_2)^2)

with [l, u] the interval of each group on its own (for two proportions with Wilson's limits: Newcombe's interval). The
variance of a proportion of 0 or 1 is 0, so proportions are tested with the variance of the common one, as Pearson did.

Source: Cochran (1954), Biometrics 10:101; Pearson (1900), Philosophical Magazine 50:157; limits of a difference: Zou
and Donner (2008), Statistics in Medicine 27:1693, and Newcombe (1998), Statistics in Medicine 17:873, method 10.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from benchmark.statistics.aucs import JointTest
from benchmark.statistics.calibration import Estimate


def q_test(estimate: np.ndarray, variance: np.ndarray) -> JointTest:
    """Cochran's Q of ``estimate`` (m,) with ``variance`` (m,); a group without a number or a variance above 0 is no
    part of it, and with fewer than two others statistic and p are NaN."""
    usable = np.isfinite(estimate) & np.isfinite(variance) & (variance > 0)
    t, w = estimate[usable], 1 / variance[usable]
    return _chi_square(float(np.sum(w * (t - np.sum(w * t) / w.sum()) ** 2)) if len(t) > 1 else np.nan, len(t))


def share_test(share: np.ndarray, n: np.ndarray) -> JointTest:
    """Pearson's test of the ``share`` (m,) of ``n`` (m,) cases, which need not be whole; a group without cases is no
    part of it. Of shares that are all 0, or all 1, the statistic is 0."""
    usable = np.isfinite(share) & (n > 0)
    p_i, n_i = share[usable], n[usable]
    if len(p_i) < 2:
        return _chi_square(np.nan, len(p_i))
    p = float(np.sum(n_i * p_i) / n_i.sum())
    spread = float(np.sum(n_i * (p_i - p) ** 2))
    return _chi_square(spread / (p * (1 - p)) if 0 < p < 1 else 0.0, len(p_i))


def difference_of(first: Estimate, second: Estimate) -> Estimate:
    """The first minus the second with its limits, NaN where those of one of them are."""
    low = np.hypot(first.estimate - first.low, second.high - second.estimate)
    high = np.hypot(first.high - first.estimate, second.estimate - second.low)
    d = first.estimate - second.estimate
    return Estimate(d, float(d - low), float(d + high))


def _chi_square(statistic: float, n_groups: int) -> JointTest:
    df = max(n_groups - 1, 0)
    return JointTest(statistic, df, float(special.chdtrc(df, statistic)) if df else np.nan)
