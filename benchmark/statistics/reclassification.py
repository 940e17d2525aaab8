"""Net reclassification and integrated discrimination improvement of a new model over an old one.

With s_i = 1, -1, 0 where the new model moves case i up, down or nowhere (its probability in the continuous form, its
category of risk in the categorical form), over the m events and n non-events:

    NRI = mean_events(s) - mean_nonevents(s)
    multinomial    var = sum_events (s_i - mean)^2 / m^2 + sum_nonevents (s_i - mean)^2 / n^2
    pencina_2008   var = sum_events s_i^2 / m^2 + sum_nonevents s_i^2 / n^2             (as if there were no change)

    IDI = mean_events(d) - mean_nonevents(d),   d = p_new - p_old
    var = sd_events(d)^2 / m + sd_nonevents(d)^2 / n                                     (divisors m - 1, n - 1)
    relative IDI = (mean_events(p_new) - mean_nonevents(p_new)) / (the same of p_old) - 1

Categories are [a, b), closed on the left, as in nricens and Hmisc. The variance of Hmisc::improveProb and of
PredictABEL is the multinomial one, which is ours unless the other is asked for; Pencina's first paper has the other, so
its z differs. The contributions of one patient are added before squaring.

An NRI or IDI can be large and significant for a useless marker, above all if the new model is badly calibrated (Hilden
and Gerds 2014, Statistics in Medicine 33:3405; Pepe et al. 2015, Statistics in Biosciences 7:282): read it beside the
difference in AUC and in net benefit.

Source: Pencina et al. (2008), Statistics in Medicine 27:157 (categorical NRI, IDI); Pencina, D'Agostino and
Steyerberg (2011), Statistics in Medicine 30:11 (continuous NRI, multinomial variance).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmark.errors import ConfigError, unknown
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.clusters import sum_within

VARIANCES = ("multinomial", "pencina_2008")
ROUNDING = 1e-12
"""A smaller change of probability is one of rounding."""


@dataclass(frozen=True)
class Improvement:
    """The whole and its part in events and in non-events, with standard errors; ``statistic`` (z) and two-sided
    ``p`` of the whole. NaN where undefined."""

    estimate: float
    se: float
    low: float
    high: float
    statistic: float
    p: float
    events: float
    se_events: float
    nonevents: float
    se_nonevents: float


@dataclass(frozen=True)
class NetReclassification:
    """``nri`` in [-2, 2] and the shares of events and non-events that move up and down."""

    nri: Improvement
    up_events: float
    down_events: float
    up_nonevents: float
    down_nonevents: float


@dataclass(frozen=True)
class DiscriminationImprovement:
    """``idi`` in [-2, 2], and relative to the discrimination slope of the old model (NaN if that is 0)."""

    idi: Improvement
    relative: float


def nri_continuous(
    y: np.ndarray,
    old: np.ndarray,
    new: np.ndarray,
    *,
    level: float = 0.95,
    variance: str = "multinomial",
    patient: np.ndarray | None = None,
) -> NetReclassification:
    """The NRI without categories, for ``y`` (n_cases,), 1 for an event, and probabilities ``old`` and ``new``
    (n_cases,). NaN with one class or a NaN probability; models that agree everywhere have z 0 and p 1."""
    moved = np.sign(np.asarray(new, float) - np.asarray(old, float))
    return _reclassified(y, moved, level, variance, patient)


def nri_categorical(
    y: np.ndarray,
    old: np.ndarray,
    new: np.ndarray,
    cuts: Sequence[float],
    *,
    level: float = 0.95,
    variance: str = "multinomial",
    patient: np.ndarray | None = None,
) -> NetReclassification:
    """The NRI over the categories of risk that begin at ``cuts``, increasing in (0, 1), else ``ConfigError``. As
    ``nri_continuous`` otherwise."""
    edges = np.asarray(cuts, float)
    if not len(edges) or not np.all((edges > 0) & (edges < 1)) or np.any(np.diff(edges) <= 0):
        raise ConfigError(f"cut points of the NRI: found {list(cuts)}, expected increasing numbers between 0 and 1")
    old, new = np.asarray(old, float), np.asarray(new, float)
    moved = np.sign(np.digitize(new, edges) - np.digitize(old, edges)).astype(float)
    moved[np.isnan(old) | np.isnan(new)] = np.nan
    return _reclassified(y, moved, level, variance, patient)


def idi(
    y: np.ndarray, old: np.ndarray, new: np.ndarray, *, level: float = 0.95, patient: np.ndarray | None = None
) -> DiscriminationImprovement:
    """The IDI for ``y`` (n_cases,), 1 for an event, and probabilities ``old`` and ``new`` (n_cases,). NaN with one
    class or a NaN probability; its standard error is NaN with a single case of a class."""
    positive = np.asarray(y) == 1
    old, new = np.asarray(old, float), np.asarray(new, float)
    change = new - old
    m, n = int(positive.sum()), int((~positive).sum())
    means = _means(change, positive)
    divisors = (np.sqrt(m * (m - 1.0)) or np.nan, np.sqrt(n * (n - 1.0)) or np.nan)
    contributions = _centred(change, positive, means) / np.where(positive, *divisors)
    before = np.subtract(*_means(old, positive))
    relative = np.subtract(*_means(new, positive)) / before - 1 if before else np.nan
    return DiscriminationImprovement(_improvement(means, contributions, positive, level, patient), float(relative))


def _reclassified(
    y: np.ndarray, moved: np.ndarray, level: float, variance: str, patient: np.ndarray | None
) -> NetReclassification:
    if variance not in VARIANCES:
        raise ConfigError(unknown("variance of the NRI", variance, VARIANCES))
    positive = np.asarray(y) == 1
    means = _means(moved, positive)
    centred = _centred(moved, positive, means if variance == "multinomial" else (0.0, 0.0))
    contributions = centred / np.where(positive, max(1, positive.sum()), max(1, (~positive).sum()))
    missing = np.where(np.isnan(moved), np.nan, 0.0)
    up, down = _means((moved > 0) + missing, positive), _means((moved < 0) + missing, positive)
    whole = _improvement(means, contributions, positive, level, patient)
    return NetReclassification(whole, up[0], down[0], up[1], down[1])


def _means(values: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """Of events and of non-events."""
    one_class = positive.all() or not positive.any()
    return (np.nan, np.nan) if one_class else (float(values[positive].mean()), float(values[~positive].mean()))


def _centred(values: np.ndarray, positive: np.ndarray, means: tuple[float, float]) -> np.ndarray:
    return values - np.where(positive, *means)


def _improvement(
    means: tuple[float, float],
    contributions: np.ndarray,
    positive: np.ndarray,
    level: float,
    patient: np.ndarray | None,
) -> Improvement:
    """The events count upwards, the non-events downwards."""
    signed = np.where(positive, contributions, -contributions)
    whole, in_events, in_nonevents = (
        float(np.sqrt(np.sum(sum_within(part, patient) ** 2)))
        for part in (signed, np.where(positive, signed, 0), np.where(positive, 0, signed))
    )
    estimate = means[0] - means[1]
    without = 0.0 if abs(estimate) < ROUNDING else np.nan
    statistic = without if whole < ROUNDING else estimate / whole
    margin = normal_quantile(level) * whole if not np.isnan(statistic) else np.nan
    return Improvement(
        estimate=estimate,
        se=whole,
        low=estimate - margin,
        high=estimate + margin,
        statistic=statistic,
        p=float(2 * special.ndtr(-abs(statistic))),
        events=means[0],
        se_events=in_events,
        nonevents=-means[1],
        se_nonevents=in_nonevents,
    )
