"""Weeks of remission of 42 children with leukaemia, 21 on 6-mercaptopurine and 21 on placebo; 1: relapse, 0: censored.

Source: Freireich et al. (1963), Blood 21:699, as printed in Cox (1972), JRSS B 34:187, table 1.
"""

from __future__ import annotations

import numpy as np

TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

TIME = np.array(TREATED + PLACEBO, float)
EVENT = np.array(RELAPSED + [1] * 21)
ON_PLACEBO = np.repeat([0, 1], 21)


def simulated(seed: int, n: int = 60, *, digits: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times with ties, events, and two scores of which the first tells something."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, 2)).round(1)
    time = (10 * rng.exponential(np.exp(-scores[:, 0]))).round(digits)
    return time, (rng.random(n) < 0.7).astype(int), scores
