"""The estimates of ComBat: location and scale of every batch for all features at once, shrunk by empirical Bayes.

Model, for feature f and row i of batch b with covariates x:

    Y_if = alpha_f + x_i beta_f + sigma_f (gamma_bf + sqrt(delta_bf) e_if)

Least squares gives alpha (the mean of the batches weighted by their rows; with a reference batch, its own), beta, and
sigma^2, the mean squared residual (of the reference's rows). Per batch and feature, gamma_hat and delta_hat are mean
and variance of the standardised rows. Parametric: gamma_b ~ N(gamma_bar_b, t2_b), delta_b ~ inverse gamma(a_b, b_b),
with moments taken over the features, and

    gamma* = (n t2 gamma_hat + delta* gamma_bar) / (n t2 + delta*)
    delta* = (b + sum (z - gamma*)^2 / 2) / (n / 2 + a - 1)

are iterated together. Non-parametric: gamma*, delta* are the means of the other features' estimates, each weighted by
the normal likelihood of the feature's rows. The rows enter by n, mean and sum of squares only.

Source: Johnson, Li and Rabinovic (2007), Biostatistics 8:118, sections 3.1 to 3.3 and appendix; moments, stopping rule
and the mean-only update as in sva::ComBat (Leek et al. 2012, Bioinformatics 28:882).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmark.errors import DataError

Prior = Literal["parametric", "nonparametric", "none"]
RELATIVE_CHANGE = 1e-4  # sva's and neuroCombat's stopping rule, so that results agree with theirs
ITERATIONS = 10_000
FEATURES_AT_ONCE = 512
CELLS_AT_ONCE = 1 << 20  # feature pairs of the non-parametric prior held in memory


@dataclass(frozen=True, eq=False)
class Standard:
    """What all batches share: ``used`` (k,) bool, the features that are harmonised (the others vary nowhere, or not
    within some batch), and for the m used ones ``grand_mean`` (m,), ``effects`` (q, m) of covariates in distance from
    ``centre`` (q,), ``sd`` (m,)."""

    used: np.ndarray
    grand_mean: np.ndarray
    effects: np.ndarray
    centre: np.ndarray
    sd: np.ndarray

    def location(self, coded: np.ndarray, part: slice = slice(None)) -> np.ndarray:
        """What is expected of rows with these covariates whatever their batch, (n_cases, m or the part of it);
        (1, m) without covariates."""
        if not len(self.centre):
            return self.grand_mean[None, part]
        return self.grand_mean[part] + (coded - self.centre) @ self.effects[:, part]


@dataclass(frozen=True, eq=False)
class Estimates:
    """``standard``, and per batch and used feature ``gamma`` and ``delta``, (n_batches, m), in units of sd and sd^2."""

    standard: Standard
    gamma: np.ndarray
    delta: np.ndarray


def estimate(
    values: np.ndarray,
    batch: np.ndarray,
    coded: np.ndarray,
    *,
    prior: Prior = "parametric",
    mean_only: np.ndarray,
    reference: int | None = None,
) -> Estimates:
    """The estimates from training rows: ``values`` (n_cases, k), ``batch`` (n_cases,) as 0 .. n_batches - 1, ``coded``
    (n_cases, q) covariates; ``mean_only`` (n_batches,) bool: variance is left; ``reference``: the batch that stays."""
    n = np.bincount(batch)
    rows = [np.flatnonzero(batch == number) for number in range(len(n))]
    used = variable(values, rows)
    x = values if used.all() else values[:, used]
    centre = coded.mean(axis=0)
    design = np.hstack([np.eye(len(n))[batch], coded - centre])
    q, r = np.linalg.qr(design)
    projected = q.T @ x
    coefficients = np.linalg.solve(r, projected)
    squares = _residual_squares(x, q, projected, rows)
    if reference is None:
        grand_mean, variance = n / n.sum() @ coefficients[: len(n)], squares.sum(axis=0) / n.sum()
    else:
        grand_mean, variance = coefficients[reference], squares[reference] / n[reference]
    explained = variance <= np.square(1e-12 * np.abs(x).max(axis=0, initial=0.0))
    if explained.any():  # nothing but rounding is left to scale by
        used = used.copy()
        used[np.flatnonzero(used)[explained]] = False
    left = ~explained
    sd = np.sqrt(variance[left])
    gamma_hat = (coefficients[: len(n), left] - grand_mean[left]) / sd
    gamma, delta = shrink(gamma_hat, squares[:, left] / variance[left], n, prior=prior, mean_only=mean_only)
    if reference is not None:
        gamma[reference], delta[reference] = 0.0, 1.0
    standard = Standard(used, grand_mean[left], coefficients[len(n) :, left], centre, sd)
    return Estimates(standard, gamma, delta)


def _residual_squares(x: np.ndarray, q: np.ndarray, projected: np.ndarray, rows: list[np.ndarray]) -> np.ndarray:
    """(n_batches, m): the sums of squared residuals of each batch."""
    squares = np.empty((len(rows), x.shape[1]))
    for part in _parts(x.shape[1]):
        residual = x[:, part] - q @ projected[:, part]
        np.square(residual, out=residual)
        squares[:, part] = [residual[of_batch].sum(axis=0) for of_batch in rows]
    return squares


def _parts(m: int) -> Iterator[slice]:
    """Some features at a time, so that what is computed for them stays in the processor's cache."""
    return (slice(start, start + FEATURES_AT_ONCE) for start in range(0, m, FEATURES_AT_ONCE))


def variable(values: np.ndarray, rows: list[np.ndarray]) -> np.ndarray:
    """(k,) bool: features that vary in the rows of every batch that has more than one."""
    varies = np.ones(values.shape[1], bool)
    for each in rows:
        if len(each) > 1:  # two rows tell for nearly all features
            same = np.flatnonzero(values[each[0]] == values[each[1]])
            varies[same] &= (values[np.ix_(each, same)] != values[each[0], same]).any(axis=0)
    return varies


def own_estimates(
    values: np.ndarray, coded: np.ndarray, standard: Standard, *, prior: Prior, mean_only: bool
) -> tuple[np.ndarray, np.ndarray]:
    """``gamma`` and ``delta`` (m,) of a new batch from its own rows (n_cases, k), standardised as in training.
    Features that do not vary in these rows keep their values (0 and 1) and stay out of the prior."""
    z = (values[:, standard.used] - standard.location(coded)) / standard.sd
    varies = np.ptp(values[:, standard.used], axis=0) > 0 if len(z) > 1 else np.ones(z.shape[1], bool)
    mean = z.mean(axis=0)
    squares = np.square(z - mean).sum(axis=0)
    gamma, delta = np.zeros(len(mean)), np.ones(len(mean))
    n = np.array([len(z)])
    found = shrink(mean[None, varies], squares[None, varies], n, prior=prior, mean_only=np.array([mean_only]))
    gamma[varies], delta[varies] = found[0][0], found[1][0]
    return gamma, delta


def adjust(
    values: np.ndarray,
    coded: np.ndarray,
    standard: Standard,
    gamma: np.ndarray,
    delta: np.ndarray,
    *,
    overwrite: bool = False,
) -> np.ndarray:
    """Rows of one batch without its effect, (n_cases, k); features that are not used stay as they are. With
    ``overwrite`` the values themselves may be changed."""
    whole = bool(standard.used.all())
    new = values if whole and overwrite else values.copy(order="K") if whole else values[:, standard.used]
    spread = np.sqrt(delta)
    for part in _parts(new.shape[1]):  # in the order of the formula, so that neuroCombat's numbers come out to the bit
        location, piece = standard.location(coded, part), new[:, part]
        piece -= location
        piece /= standard.sd[part]
        piece -= gamma[part]
        piece /= spread[part]
        piece *= standard.sd[part]
        piece += location
    if whole:
        return new
    changed = values if overwrite else values.copy()
    changed[:, standard.used] = new
    return changed


def shrink(
    gamma_hat: np.ndarray, squares: np.ndarray, n: np.ndarray, *, prior: Prior, mean_only: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """``gamma`` and ``delta`` (n_batches, m) by the prior, from the batches' means, sums of squares around them, and
    rows (n_batches,). ``DataError`` if there is one feature only and a prior over features is asked for."""
    if gamma_hat.shape[1] == 1 and prior != "none":
        raise DataError(
            "ComBat: one feature only varies within every batch; its prior is taken over the features, so at least 2 "
            "are needed. Set prior: none, or per_block: false"
        )
    ones = np.ones_like(gamma_hat)
    if not gamma_hat.shape[1]:
        return gamma_hat, ones
    flat = mean_only[:, None]
    delta_hat = np.where(flat, 1.0, squares / np.maximum(n - 1, 1)[:, None])
    if prior == "none":
        return gamma_hat, np.where(delta_hat > 0, delta_hat, 1.0)
    if prior == "nonparametric":
        pairs = [_nonparametric(*batch) for batch in zip(gamma_hat, delta_hat, squares, n, strict=True)]
        return np.stack([gamma for gamma, _ in pairs]), np.where(flat, 1.0, np.stack([delta for _, delta in pairs]))
    bar, t2 = gamma_hat.mean(axis=1, keepdims=True), gamma_hat.var(axis=1, ddof=1, keepdims=True)
    gamma, delta = (t2 * gamma_hat + bar) / (t2 + 1), ones  # sva's mean-only update: as if of one row
    full = ~mean_only
    gamma[full], delta[full] = _parametric(
        gamma_hat[full], delta_hat[full], squares[full], n[full], bar[full], t2[full]
    )
    return gamma, delta


def _parametric(
    gamma_hat: np.ndarray, delta_hat: np.ndarray, squares: np.ndarray, n: np.ndarray, bar: np.ndarray, t2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The conditional posterior means iterated, all batches at once; each batch stops by itself."""
    m, s2 = delta_hat.mean(axis=1, keepdims=True), delta_hat.var(axis=1, ddof=1, keepdims=True)
    rows = n[:, None]
    shape, rate = (
        s2 * (rows / 2 - 1) + 2 * s2 + m**2,
        m * s2 + m**3,
    )  # n / 2 + a - 1 and b, both times s2, which may be 0
    gamma, delta = gamma_hat.copy(), delta_hat.copy()
    active = np.arange(len(n))
    for _ in range(ITERATIONS):
        if not len(active):
            return gamma, delta
        g = (t2 * rows * gamma_hat + delta * bar)[active] / (t2 * rows + delta)[active]
        around = squares[active] + rows[active] * np.square(gamma_hat[active] - g)
        d = (s2[active] * around / 2 + rate[active]) / shape[active]
        with np.errstate(divide="ignore", invalid="ignore"):
            # The divisor keeps its sign, as in sva: only features with a positive gamma decide when to stop.
            change = np.fmax((np.abs(g - gamma[active]) / gamma[active]), np.abs(d - delta[active]) / delta[active])
        gamma[active], delta[active] = g, d
        active = active[np.fmax.reduce(change, axis=1) > RELATIVE_CHANGE]
    raise DataError(f"ComBat: the empirical Bayes estimates did not settle in {ITERATIONS} iterations")


def _nonparametric(
    gamma_hat: np.ndarray, delta_hat: np.ndarray, squares: np.ndarray, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Means over the other features, (m,), weighted by the likelihood of this feature's n rows; work and time grow with
    m^2, memory does not. In logarithms, so that many rows do not underflow."""
    m = len(gamma_hat)
    targets = np.column_stack([gamma_hat, delta_hat, np.ones(m)])
    scaled = np.where(delta_hat > 0, delta_hat, np.inf)  # a feature without variance has likelihood 0 everywhere
    constant, slope = -n / 2 * np.log(scaled), -0.5 / scaled
    found = np.empty((m, 3))
    step = max(1, CELLS_AT_ONCE // m)
    for start in range(0, m, step):
        part = slice(start, min(start + step, m))
        weight = np.square(gamma_hat[part, None] - gamma_hat)
        weight *= n
        weight += squares[part, None]
        weight *= slope
        weight += constant
        weight[np.arange(weight.shape[0]), np.arange(part.start, part.stop)] = -np.inf  # not the feature itself
        weight -= weight.max(axis=1, keepdims=True)
        np.exp(weight, out=weight)
        found[part] = weight @ targets
    return found[:, 0] / found[:, 2], found[:, 1] / found[:, 2]
