"""Local linear regression on one predictor without robustness steps: R's ``lowess(x, y, iter = 0)``.

At x_i, with the window of q = floor(f n) cases that is nearest and h the distance to its farther end:

    w_j = 1 for |x_j - x_i| <= 0.001 h, (1 - (|x_j - x_i| / h)^3)^3 up to 0.999 h, else 0
    fit = sum_j w_j y_j (1 + (x_i - m) (x_j - m) / v) / sum_j w_j,   m, v: weighted mean and variance of the window

The line is left out (the fit is the weighted mean) where the window is narrower than 0.001 of the range. Cases within
``delta`` of the last fitted one are interpolated; R's default is 1 % of the range. It is not ``loess``: degree 1
instead of 2, span 2/3 instead of 3/4. The lowess of statsmodels agrees to 1e-9, but for the
last case within ``delta`` of the highest one, which it fits where R interpolates.

Source: Cleveland (1979), Journal of the American Statistical Association 74:829; Cleveland (1981), The American
Statistician 35:54.
"""

from __future__ import annotations

import numpy as np

SPAN, DELTA = 2 / 3, 0.01
SMALL, LARGE = 0.001, 0.999


def lowess(x: np.ndarray, y: np.ndarray, *, span: float = SPAN, delta: float = DELTA) -> np.ndarray:
    """The fit of ``y`` (n_cases,) on ``x`` (n_cases,) at each case, (n_cases,), not clipped. ``span`` in (0, 1],
    ``delta`` as a share of the range of x. NaN for all if a value is NaN or there are fewer than two cases."""
    n = len(x)
    if n < 2 or np.isnan(x).any() or np.isnan(y).any():
        return np.full(n, np.nan)
    order = np.argsort(x, kind="stable")
    ranked, outcome = x[order], y[order].astype(float)
    n_near = max(2, min(n, int(span * n + 1e-7)))
    fitted = _fitted_cases(ranked, delta * (ranked[-1] - ranked[0]))
    values = [_fit(ranked, outcome, place, _window(ranked, place, n_near), n_near) for place in fitted]
    smooth = np.interp(ranked, ranked[fitted], values)
    found = np.empty(n)
    found[order] = smooth
    return found


def _fitted_cases(ranked: np.ndarray, delta: float) -> np.ndarray:
    """Where the line is fitted: from one case to the last one within ``delta``, or else to the next distinct one."""
    found, last = [0], int(np.searchsorted(ranked, ranked[0], side="right")) - 1
    while last < len(ranked) - 1:
        within = int(np.searchsorted(ranked, ranked[last] + delta, side="right")) - 1
        found.append(max(last + 1, within))
        last = int(np.searchsorted(ranked, ranked[found[-1]], side="right")) - 1
    return np.array(found)


def _window(ranked: np.ndarray, place: int, n_near: int) -> int:
    """The first case of the window: it moves right while the case beyond its right end is nearer than its first."""
    starts = np.arange(len(ranked) - n_near)
    stands = ranked[place] - ranked[starts] <= ranked[starts + n_near] - ranked[place]
    return int(np.argmax(stands)) if stands.any() else len(starts)


def _fit(ranked: np.ndarray, outcome: np.ndarray, place: int, first: int, n_near: int) -> float:
    at = ranked[place]
    radius = max(at - ranked[first], ranked[first + n_near - 1] - at)
    x, y = ranked[first:], outcome[first:]  # ties of the right end belong to the window
    apart = np.abs(x - at)
    share = apart / radius if radius > 0 else np.zeros(len(x))
    weight = np.where(apart <= LARGE * radius, np.where(apart <= SMALL * radius, 1.0, (1 - share**3) ** 3), 0.0)
    weight = weight / weight.sum()
    mean = weight @ x
    variance = weight @ (x - mean) ** 2
    if radius > 0 and np.sqrt(variance) > SMALL * (ranked[-1] - ranked[0]):
        weight = weight * (1 + (at - mean) * (x - mean) / variance)
    return float(weight @ y)
