"""Each feature towards a normal distribution by its own power, then to mean 0 and standard deviation 1.

Formula: ``psi(x) = ((1 + x)^l - 1) / l`` for ``x >= 0`` and ``-((1 - x)^(2 - l) - 1) / (2 - l)`` for ``x < 0``, with
logarithms where the exponent is 0; ``l`` maximises the normal likelihood of the training rows,
``-n/2 log var(psi) + (l - 1) sum sign(x) log(1 + |x|)``; then ``z = (psi - mean) / sd`` (ddof 0).

Source: Yeo and Johnson (2000), Biometrika 87:954, sections 2 and 3; the output is that of scikit-learn's
``PowerTransformer``. Two things are done in another way. The maximum is the root of the derivative, for all features at
once. And ``psi`` is computed apart from a centre ``c``, over ``(1 + |c|)^l``, which ``z`` does not see: for a feature
like 1000 +/- 1 the power is large and negative, and every ``psi`` would round to ``-1 / l``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

import numpy as np

from benchmark.steps.moments import moments
from benchmark.steps.quantiles import quantiles
from benchmark.steps.step import Rows, Step

STEEPEST = 200.0
"""Largest exponent of e: the square of a difference of such powers is still a number."""
SERIES = 1e-3
"""Below this the closed form of a difference quotient has lost digits, and its series is exact."""
TOLERANCE = 1e-12
"""Of a power; where the likelihood is flat, rounding ends the search before."""
WIDTH = 512
"""Features per block: what one evaluation needs then stays in the cache."""

Slope = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From powers (m,) and the numbers of their columns (m,) to the slopes there, (m,)."""


class Power(NamedTuple):
    """Of each feature, (k,): ``side`` -1 if it is mirrored first, so that its centre is not negative; the power of the
    mirrored feature; ``centre``: log(1 + c); mean and SD of what comes out."""

    side: np.ndarray
    power: np.ndarray
    centre: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


class YeoJohnson(Step):
    """Yeo-Johnson transformation with powers by maximum likelihood.

    NaN and infinite values are left out, and stay. A feature that is constant in the training rows keeps its units, its
    constant subtracted; one without any finite value there passes unchanged. ``lambdas_``: the power of each feature
    that varies, by group.
    """

    title: ClassVar[str] = "Yeo-Johnson"

    def __init__(self, *, blocks: tuple[str, ...] | None = None, per_block: bool = False) -> None:
        self.blocks = blocks
        self.per_block = per_block

    def learn(self, values: np.ndarray, rows: Rows, y: np.ndarray | None) -> Power:
        """Powers, and moments after them."""
        starts = range(0, values.shape[1], WIDTH)
        parts = [_learn(values[:, start : start + WIDTH]) for start in starts]
        return Power(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def apply(self, state: Power, values: np.ndarray, rows: Rows) -> np.ndarray:
        """Transformed values."""
        finite = np.isfinite(values)
        varies = ~np.isnan(state.power)
        new = np.where(finite, values - state.mean, values)
        part = Power(*(each[varies] for each in state))
        moved = transformed(np.where(finite, values, 0.0)[:, varies] * part.side, part.power, part.centre)
        new[:, varies] = np.where(finite[:, varies], part.side * (moved - part.mean) / part.sd, values[:, varies])
        return new

    @property
    def lambdas_(self) -> list[np.ndarray]:
        """(k,) of each group: the power of each feature, NaN if it is constant in the training rows."""
        return [np.where(state.side > 0, state.power, 2 - state.power) for state in self.states_]


def transformed(values: np.ndarray, power: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """``(psi(x) - psi(c)) / (1 + c)^l`` of values (n_cases, k), with ``centre = log(1 + c)``, (k,); finite."""
    size = np.log1p(np.abs(values))
    above = size - centre
    up = above * _quotient(power * above)
    zero = -centre * _quotient(-power * centre)  # where x is 0
    down = zero - np.exp(np.minimum(-power * centre, STEEPEST)) * size * _quotient((2 - power) * size)
    return np.where(values >= 0, up, down)


def _learn(values: np.ndarray) -> Power:
    finite = np.isfinite(values)
    # of the logarithms, in which the spread of huge values may be lost
    varies = moments(np.sign(values) * np.log1p(np.abs(values))).sd > 0
    mean = np.nan_to_num(moments(values).mean)
    low, middle, high = quantiles(values, (0.0, 0.5, 1.0))
    side = np.where(middle < 0, -1.0, 1.0)
    # With values on both sides of 0 the centre is 0: the two branches then share it.
    centre = np.where((low < 0) & (high > 0), 0.0, np.log1p(np.abs(middle)))
    power, sd = np.full(len(mean), np.nan), np.ones(len(mean))
    mirrored = np.where(finite, values, np.nan)[:, varies] * side[varies]
    power[varies] = best_power(mirrored, centre[varies])
    after = moments(np.where(finite[:, varies], transformed(mirrored, power[varies], centre[varies]), np.nan))
    mean[varies], sd[varies] = after.mean, np.where(after.sd > 0, after.sd, 1.0)
    return Power(side, power, np.nan_to_num(centre), mean, sd)


def best_power(values: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """(k,) powers of highest likelihood for columns (n_cases, k) that vary, NaN left out."""
    used = ~np.isnan(values)
    known = np.where(used, values, 0.0)
    positive = known >= 0
    size = np.log1p(np.abs(known))
    length = np.where(positive, size - centre, size)
    share = used / used.sum(axis=0)
    jacobian = (share * np.where(positive, length, -length)).sum(axis=0)

    def slope(power: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Derivative of the log likelihood over n, for the columns ``of``."""
        up, a, weight = positive[:, of], length[:, of], share[:, of]
        t = np.where(up, power, 2 - power) * a
        moved = np.where(up, a, -a) * _quotient(t)
        change = a**2 * _quotient_slope(t)
        apart = moved - (weight * moved).sum(axis=0)
        return jacobian[of] - (weight * apart * change).sum(axis=0) / (weight * apart**2).sum(axis=0)

    reach = STEEPEST / np.abs(length * used).max(axis=0)
    return _roots(slope, np.maximum(reach - 1.0, 2.0))


def _quotient(t: np.ndarray) -> np.ndarray:
    """``(e^t - 1) / t``, 1 at 0."""
    t = np.minimum(t, STEEPEST)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(t == 0, 1.0, np.expm1(t) / t)


def _quotient_slope(t: np.ndarray) -> np.ndarray:
    """Derivative of ``(e^t - 1) / t``, 1/2 at 0."""
    t = np.minimum(t, STEEPEST)
    with np.errstate(invalid="ignore", divide="ignore"):
        closed = (np.exp(t) - np.expm1(t) / t) / t
    return np.where(np.abs(t) < SERIES, 0.5 + t / 3 + t**2 / 8 + t**3 / 30, closed)


def _roots(slope: Slope, reach: np.ndarray) -> np.ndarray:
    """(k,) where the slope of each column is 0, or the end of its range ``1 -/+ reach`` if it is 0 nowhere. Ridders
    (1979), IEEE Transactions on Circuits and Systems 26:979."""
    low, high, at_low, at_high = _bracket(slope, reach)
    root = np.where(at_low <= 0, low, high)
    of = np.flatnonzero((at_low > 0) & (at_high < 0))
    while len(of):
        middle = 0.5 * (low[of] + high[of])
        at_middle = slope(middle, of)
        step = (middle - low[of]) * at_middle / np.sqrt(at_middle**2 - at_low[of] * at_high[of])
        new = middle + step
        at_new = slope(new, of)
        near = TOLERANCE * np.maximum(np.abs(new), 1.0)
        done = ~((np.abs(new - root[of]) > near) & (high[of] - low[of] > near))
        root[of] = new
        for place, value in ((middle, at_middle), (new, at_new)):
            to_low, to_high = (value > 0) & (place > low[of]), (value <= 0) & (place < high[of])
            low[of], at_low[of] = np.where(to_low, place, low[of]), np.where(to_low, value, at_low[of])
            high[of], at_high[of] = np.where(to_high, place, high[of]), np.where(to_high, value, at_high[of])
        of = of[~done]
    return root


def _bracket(slope: Slope, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ends of an interval around 1, (k,), and the slopes there: of different sign unless the range ends before."""
    of = every = np.arange(len(reach))
    width = np.minimum(2.0, reach)
    at_low, at_high = np.empty(len(reach)), np.empty(len(reach))
    while len(of):
        at_low[of], at_high[of] = slope(1 - width[of], of), slope(1 + width[of], of)
        of = every[((at_low < 0) | (at_high > 0)) & (width < reach)]
        width[of] = np.minimum(4 * width[of], reach[of])
    return 1 - width, 1 + width, at_low, at_high
