"""The largest of several correlated standard normal variables: its distribution and quantiles, for simultaneous
intervals.

For Z = D g with the rows of D (m, r) of length 1 and g standard normal in r dimensions, write g = R u with a uniform
direction u and R chi with r degrees of freedom. With M(u) = max_j D_j u, or max_j |D_j u| if two-sided,

    P(max <= q) = mean over u of P(R M(u) <= q)

The mean over directions is a fixed quasi-Monte-Carlo rule (a Kronecker lattice of square roots of primes, each
direction with its opposite), so the same input gives the same bits; R is integrated exactly. One variable is exact; for
up to 60 models the error of a quantile is about 0.01 at most, that of a level of 95 % below 0.2 %.

Source: Deak (1980), Numerische Mathematik 35:369 (radius and direction); Genz and Bretz (2009), Computation of
Multivariate Normal and t Probabilities (lattice rules, equicoordinate quantiles).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import optimize, special

POINTS = 8192
GROUPS = 1024
BLOCK = 1024
"""Directions at a time: all of them times all pairs of many models is more than the memory wants."""


@dataclass(frozen=True, eq=False)
class MaxNormal:
    """``peaks``: M(u), of neighbouring directions together; ``rank``: r; ``m``: how many variables."""

    peaks: np.ndarray
    rank: int
    m: int

    def cdf(self, q: float) -> float:
        """P(max <= q). NaN without variables."""
        if not self.rank:
            return float("nan")
        with np.errstate(divide="ignore"):
            radius = np.where(self.peaks != 0, q / self.peaks, np.inf)
        inside = special.gammainc(self.rank / 2, np.where(radius > 0, radius, 0) ** 2 / 2)
        # a ray towards negative values is below q >= 0 all along, and below q < 0 from some radius on
        share = np.where(self.peaks > 0, inside, 1.0 if q >= 0 else np.where(self.peaks < 0, 1 - inside, 0.0))
        return float(share.mean())

    def quantile(self, level: float) -> float:
        """The q with P(max <= q) = ``level`` (0.5 to 1). NaN without variables."""
        if not self.rank:
            return float("nan")
        lowest = float(special.ndtri(level)) - 0.1  # below that of one variable, one-sided
        highest = -float(special.ndtri((1 - level) / (2 * self.m))) + 0.1  # above Bonferroni's bound, two-sided
        return float(optimize.brentq(lambda q: self.cdf(q) - level, lowest, highest, xtol=1e-9))


def max_normal(factor: np.ndarray, *, two_sided: bool) -> MaxNormal:
    """The distribution for ``factor`` (m, r), of which each row is one variable as a combination of r independent ones.
    The length of a row does not matter; a row of length 0 never varies and is left out."""
    length = np.sqrt(np.sum(factor**2, axis=1))
    rows = factor[length > 0] / length[length > 0, None]
    if not len(rows):
        return MaxNormal(np.empty(0), 0, 0)
    # rotated to its own rank, so that no dimension is spent on what does not vary
    _, singular, axes = np.linalg.svd(rows, full_matrices=False)
    rank = int(np.sum(singular > 1e-9 * singular[0]))
    turned = axes[:rank] @ rows.T
    every = directions(rank)
    peaks = [_peaks(every[start : start + BLOCK] @ turned, two_sided) for start in range(0, len(every), BLOCK)]
    return MaxNormal(_condensed(np.concatenate(peaks)), rank, len(rows))


def _peaks(along: np.ndarray, two_sided: bool) -> np.ndarray:
    """The largest of ``along`` (n, m) in each direction, and in its opposite."""
    if two_sided:
        return np.abs(along).max(1)
    return np.concatenate([along.max(1), -along.min(1)])


def _condensed(peaks: np.ndarray) -> np.ndarray:
    """The means of groups of neighbours in size: the distribution is a smooth function of the peak, and what is lost is
    below 1e-3 in a probability near one half, and below 1e-5 in the tail."""
    if len(peaks) <= GROUPS:
        return peaks
    return np.sort(peaks).reshape(GROUPS, -1).mean(1)


@cache
def directions(rank: int) -> np.ndarray:
    """(n, rank) directions of length 1, of which the opposites are meant too."""
    if rank == 1:
        return np.ones((1, 1))
    lattice = (np.arange(1, POINTS + 1)[:, None] * np.sqrt(_primes(rank)) + 0.5) % 1
    normals = special.ndtri(np.clip(lattice, 1e-12, 1 - 1e-12))
    return normals / np.sqrt(np.sum(normals**2, axis=1))[:, None]


def _primes(count: int) -> np.ndarray:
    """The first ``count`` primes."""
    candidates = np.arange(2, max(20, int(count * (np.log(count + 2) + 3))))
    prime = [n for n in candidates.tolist() if all(n % d for d in range(2, int(n**0.5) + 1))]
    return np.array(prime[:count])
