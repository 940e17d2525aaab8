"""The patient bootstrap: intervals of any statistic of many models from resampled patients.

A draw takes as many patients with replacement as there are, within each stratum if there are strata. It is handed to
the statistic as weights: how often each case counts. All cases of a patient come together, and all models see the same
draws, so differences of models are paired. With estimate t, draws t_1 ... t_B and Q their quantiles (linear between
order statistics):

    percentile  [Q(alpha), Q(1 - alpha)],   alpha = (1 - level) / 2
    bca         Q at Phi(z0 + (z0 + z) / (1 - a (z0 + z))),   z = Phi^-1(alpha), Phi^-1(1 - alpha)
                z0 = Phi^-1((#{t_b < t} + #{t_b = t} / 2) / B)
                a = sum_g l_g^3 / (6 (sum_g l_g^2)^(3/2))
                l_g = (G - 1) (mean_h t_(-h) - t_(-g)) / G over the G patients of a stratum

with t_(-g) the statistic without patient g. A draw in which the statistic is undefined (one class; nobody called
positive) is neither drawn again nor left out: the limits are NaN, and ``undefined`` counts such draws. Strata by
outcome keep both classes in every draw.

Source: Efron (1987), Journal of the American Statistical Association 82:171; strata: Davison and Hinkley (1997),
Bootstrap Methods and their Application, 3.2 and 5.3; patients as units: Field and Welsh (2007), JRSS B 69:369.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from benchmark.errors import ConfigError, DataError, first_of

Statistic = Callable[[np.ndarray], np.ndarray]
"""Takes weights (n_draws, n_cases) and gives (n_draws, ...), one value or array per draw."""

BLOCK = 250_000
"""How many weights are made at once: 2 MB, which stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """``estimate`` (...): of the cases as they are; ``draws`` (n_draws, ...); ``influence`` (n_patients, ...): the l_g
    of the acceleration, None if they were not asked for."""

    estimate: np.ndarray
    draws: np.ndarray
    influence: np.ndarray | None

    @cached_property
    def standard_error(self) -> np.ndarray:
        """Standard deviation of the draws, (...); NaN where a draw is undefined."""
        return self.draws.std(0, ddof=1)

    @cached_property
    def undefined(self) -> np.ndarray:
        """In how many draws the statistic is undefined, (...)."""
        return np.isnan(self.draws).sum(0)


@dataclass(frozen=True, eq=False)
class Units:
    """What is resampled: ``patient`` (n_cases,), the positions of the cases' patients from 0; ``strata``: the patients
    of each stratum."""

    patient: np.ndarray
    strata: tuple[np.ndarray, ...]

    @property
    def n_patients(self) -> int:
        """How many are drawn."""
        return sum(map(len, self.strata))


def bootstrap(
    statistic: Statistic,
    n_cases: int,
    *,
    seed: int,
    n_draws: int = 2000,
    patient: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    influence: bool = True,
) -> Bootstrap:
    """The ``statistic`` of all cases and of ``n_draws`` draws. ``patient`` (n_cases,): numbers of the patients, None if
    every case is one; ``strata`` (n_cases,): what is drawn separately, see ``outcome_strata``. The draws depend on the
    seed, the patients and the strata alone. ``influence``: also what BCa needs, one more draw per patient.
    """
    if n_draws < 1:
        raise ConfigError(f"bootstrap: {n_draws} draws, expected at least 1")
    units = _units(n_cases, patient, strata)
    estimate = statistic(np.ones((1, n_cases)))[0]
    draws = np.concatenate([statistic(weights) for weights in resampled(units, n_draws, seed)])
    return Bootstrap(estimate, draws, _influence(statistic, units) if influence else None)


def outcome_strata(y: np.ndarray, patient: np.ndarray | None = None) -> np.ndarray:
    """Strata by outcome, (n_cases,): the class ``y`` of the case; with several cases per patient, which classes the
    patient's cases have. (A patient who is alone in a stratum is in every draw once.)"""
    if patient is None:
        return np.unique(y, return_inverse=True)[1]
    codes, patients = np.unique(y, return_inverse=True)[1], np.unique(patient, return_inverse=True)[1]
    has = np.zeros((patients.max() + 1, codes.max() + 1), bool)
    has[patients, codes] = True
    return np.unique(has, axis=0, return_inverse=True)[1].ravel()[patients]


def contrasted(found: Bootstrap, contrasts: np.ndarray) -> Bootstrap:
    """The bootstrap of ``contrasts`` (m, k) of k statistics, such as differences of models."""
    influence = None if found.influence is None else found.influence @ contrasts.T
    return Bootstrap(found.estimate @ contrasts.T, found.draws @ contrasts.T, influence)


def percentile_interval(found: Bootstrap, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits, (...) each."""
    ranked = np.sort(found.draws, axis=0)
    return _quantile(ranked, (1 - level) / 2), _quantile(ranked, (1 + level) / 2)


def bca_interval(found: Bootstrap, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits, (...) each, corrected for bias and skewness. The point itself if all draws are equal to
    it; NaN if all draws are on one side of the estimate, or the influence was not asked for or is undefined."""
    if found.influence is None:
        nothing = np.full(found.estimate.shape, np.nan)
        return nothing, nothing
    less = (found.draws < found.estimate).mean(0) + (found.draws == found.estimate).mean(0) / 2
    bias = special.ndtri(less)
    size = (found.influence**2).sum(0)
    a = (found.influence**3).sum(0) / np.where(size > 0, 6 * size**1.5, 1)
    a = np.where(np.isnan(size), np.nan, a)
    ranked = np.sort(found.draws, axis=0)
    limits = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        z = np.where(np.isfinite(bias), bias, np.nan) + special.ndtri(share)
        limits.append(_quantile(ranked, special.ndtr(bias + z / (1 - a * z))))
    return limits[0], limits[1]


def resampled(units: Units, n_draws: int, seed: int) -> Iterator[np.ndarray]:
    """The weights (n, n_cases) of the draws in blocks; the size of the blocks changes no draw."""
    generators = [np.random.default_rng([seed, number]) for number in range(len(units.strata))]
    block = max(1, BLOCK // max(1, len(units.patient)))
    for start in range(0, n_draws, block):
        n = min(block, n_draws - start)
        counts = np.empty((n, units.n_patients))
        for generator, members in zip(generators, units.strata, strict=True):
            drawn = generator.integers(len(members), size=(n, len(members)))
            flat = (drawn + len(members) * np.arange(n)[:, None]).ravel()
            counts[:, members] = np.bincount(flat, minlength=drawn.size).reshape(drawn.shape)
        yield counts[:, units.patient]


def _units(n_cases: int, patient: np.ndarray | None, strata: np.ndarray | None) -> Units:
    if n_cases < 1:
        raise DataError("bootstrap: no case to draw from")
    names, numbers = np.unique(np.arange(n_cases) if patient is None else patient, return_inverse=True)
    if strata is None:
        return Units(numbers, (np.arange(len(names)),))
    codes = np.unique(strata, return_inverse=True)[1]
    own = np.empty(len(names), int)
    own[numbers] = codes
    if (own[numbers] != codes).any():
        raise DataError(
            f"bootstrap: patients in two strata: {first_of(names[np.unique(numbers[own[numbers] != codes])])}"
        )
    return Units(numbers, tuple(np.flatnonzero(own == code) for code in range(codes.max() + 1)))


def _influence(statistic: Statistic, units: Units) -> np.ndarray:
    """The l_g, (n_patients, ...), from leaving out one patient at a time; 0 for the only patient of a stratum."""
    block = max(1, BLOCK // len(units.patient))
    parts = []
    for start in range(0, units.n_patients, block):
        left_out = np.arange(start, min(start + block, units.n_patients))
        parts.append(statistic((units.patient[None, :] != left_out[:, None]).astype(float)))
    without = np.concatenate(parts)
    found = np.zeros_like(without)
    for members in units.strata:
        if len(members) > 1:
            found[members] = (len(members) - 1) / len(members) * (without[members].mean(0) - without[members])
    return found


def _quantile(ranked: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Quantiles (...) at ``share`` (...) or one for all of ``ranked`` (n_draws, ...), sorted; NaN where a draw or the
    share is NaN."""
    place = np.broadcast_to(np.asarray(share, float) * (len(ranked) - 1), ranked.shape[1:])
    known = ~np.isnan(place) & ~np.isnan(ranked[-1])  # NaN is sorted to the end
    floor = np.floor(np.where(known, place, 0)).astype(int)
    below = np.take_along_axis(ranked, floor[None], axis=0)[0]
    above = np.take_along_axis(ranked, np.minimum(floor + 1, len(ranked) - 1)[None], axis=0)[0]
    with np.errstate(invalid="ignore"):
        between = np.where(above == below, below, below + (place - floor) * (above - below))
    return np.where(known, between, np.nan)
