"""Intervals from one patient bootstrap: all measures without a standard error, all models, the same draws.

    percentile  [Q(alpha), Q(1 - alpha)],  alpha = (1 - level) / 2
    wide        [max(0, 2 t - Q(1 - alpha)), min(1, Q(1 - alpha))]

Percentile is for what a draw estimates without bias: areas, Brier score, log loss, F1, MCC, balanced accuracy.
Distances from calibration (ICI, E50, E90, Emax, ECE) are absolute values: noise makes them larger, and a draw, which
has the noise twice, larger still. Their percentile interval lies above the truth and may cover it never; ours has the
lower limit of the basic interval, which takes that bias off, and the upper one of the percentiles. What each covers in
simulated cohorts is in ``docs/statistics.md``.

Thresholds are not chosen again, and models are not fitted again in a draw: the interval is of these models. Where cases
were sampled by outcome (a prevalence is given) patients with and without the event are drawn separately.

Source: Davison and Hinkley (1997), Bootstrap Methods and their Application, 5.2 (basic) and 5.3 (percentile); patients
as units: see ``bootstrap``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.statistics.bootstrap import Bootstrap, Statistic, bootstrap, outcome_strata, percentile_interval
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.rows import estimate_rows
from benchmark.statistics.settings import Settings

Parts = Mapping[tuple[str, ...], Statistic]
"""Names of measures -> a statistic that gives them, (n_draws, n_names, k)."""

DISTANCES = ("ici", "e50", "e90", "emax", "ece")
"""From perfect calibration: biased upwards."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The estimate and the limits of one measure, (k,) each, in how many draws it is ``undefined`` (k,), and how the
    ``interval`` was made."""

    found: Interval
    undefined: np.ndarray
    interval: str


def draw(held: HeldOut, parts: Parts, settings: Settings, *, strata: np.ndarray | None = None) -> dict[str, Drawn]:
    """Every measure of the ``parts`` by name. ``strata`` (n_cases,): what is drawn separately, if not the outcome."""
    if strata is None and settings.prevalence is not None:
        strata = outcome_strata(held.y, held.patient)
    names = [name for several in parts for name in several]
    found = bootstrap(
        lambda weights: np.concatenate([statistic(weights) for statistic in parts.values()], axis=1),
        len(held.y),
        seed=settings.seed,
        n_draws=settings.draws,
        patient=held.patient,
        strata=strata,
        influence=False,
    )
    low, high = percentile_interval(found, level=settings.level)
    return {name: _drawn(name, place, found, low, high) for place, name in enumerate(names)}


def drawn_rows(
    held: HeldOut,
    measure: str,
    estimate: Sequence[float] | np.ndarray,
    drawn: Drawn,
    settings: Settings,
    *,
    method: str | Sequence[str],
    undefined: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Rows of ``ESTIMATES`` of ``estimate`` (k,) with the limits that were drawn; the method says how, and where draws
    without a value left no limits."""
    methods = [method] * len(held.recipes) if isinstance(method, str) else list(method)
    how = f"{drawn.interval} of {settings.draws:,} draws of patients"
    told = [
        ", ".join(filter(None, [text, how]))
        + (f", no interval: undefined in {gone} of them" if 0 < gone < settings.draws else "")
        for text, gone in zip(methods, drawn.undefined.tolist(), strict=True)
    ]
    found = Interval(np.asarray(estimate, float), drawn.found.low, drawn.found.high)
    return estimate_rows(held, measure, found, level=settings.level, method=told, undefined=undefined)


def _drawn(name: str, place: int, found: Bootstrap, low: np.ndarray, high: np.ndarray) -> Drawn:
    estimate, undefined = found.estimate[place], found.undefined[place]
    if name not in DISTANCES:
        return Drawn(Interval(estimate, low[place], high[place]), undefined, "percentile interval")
    basic, percentile = np.maximum(0, 2 * estimate - high[place]), np.minimum(high[place], 1)
    limits = Interval(estimate, basic, np.maximum(estimate, percentile))
    return Drawn(limits, undefined, "interval from the basic lower to the percentile upper limit")
