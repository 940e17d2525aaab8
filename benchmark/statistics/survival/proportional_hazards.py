"""Whether hazards are proportional: the score test of coefficients that change with time.

    b_k(t) = b_k + c_k g(t),   g(t) = 1 - S(t-), S the Kaplan-Meier curve of all cases, less its mean over the events
    U = (0, sum_m g_m r_m),   I = sum_m [V_m, g_m V_m; g_m V_m, g_m^2 V_m],   chi2 = U' I^-1 U

with r_m and V_m of ``cox.event_terms`` at the fitted b. For one column only its own c_k is added to the b (df 1), for
all together every c_k (df = columns).

Source: Grambsch and Therneau (1994), Biometrika 81:515; in this exact form ``cox.zph`` of R's survival from 3.0 on.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from benchmark.statistics.aucs import JointTest
from benchmark.statistics.survival.cox import CoxFit, Ties, event_terms
from benchmark.statistics.survival.kaplan_meier import kaplan_meier


def proportional_hazards(
    time: np.ndarray, event: np.ndarray, X: np.ndarray, fit: CoxFit, *, ties: Ties = "efron"
) -> tuple[list[JointTest], JointTest]:
    """The tests of each column of ``X`` (n_cases, p) and of all together, for a ``fit`` of these cases. NaN if the fit
    is, and where all events are at one time."""
    p = X.shape[1]
    undefined = [JointTest(np.nan, 1, np.nan)] * p, JointTest(np.nan, p, np.nan)
    if np.isnan(fit.coefficients).any():
        return undefined
    terms = event_terms(time, event, X - X.mean(0), fit.coefficients, ties=ties)
    curve = kaplan_meier(time, event)
    before = np.concatenate([[1.0], curve.survival])[np.searchsorted(curve.time, terms.time)]
    g = before.mean() - before
    if np.ptp(g) == 0:
        return undefined
    blocks = [np.tensordot(g**power, terms.spread, axes=1) for power in range(3)]
    information = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    gradient = np.concatenate([np.zeros(p), g @ terms.residual])
    each = [_test(gradient, information, np.append(np.arange(p), p + column)) for column in range(p)]
    return each, _test(gradient, information, np.arange(2 * p))


def _test(gradient: np.ndarray, information: np.ndarray, kept: np.ndarray) -> JointTest:
    u = gradient[kept]
    chi2, df = float(u @ np.linalg.solve(information[np.ix_(kept, kept)], u)), len(kept) - len(information) // 2
    return JointTest(chi2, df, float(special.chdtrc(df, chi2)))
