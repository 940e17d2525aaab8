"""A model taken to another centre: how many of its cases recalibration needs before it does more good than harm.

In each of B draws the patients of the centre are put in random order; the first that make up m cases recalibrate the
model, whose probabilities p come from the other centres, and all others judge it:

    none                   q = p
    intercept              logit q = a + logit p                    (the prevalence differs)
    slope and intercept    logit q = a + b logit p                  (predictions too extreme or too timid as well)
    closed test            the simplest of these that two likelihood-ratio tests at 0.05 do not reject: slope and
                           intercept against none (2 df), then against intercept (1 df)

with a and b of maximum likelihood. Where that does not exist (one class, separated classes) the model stays as it is,
as anybody would leave it; ``n_unfitted`` counts these draws. Judged are the Brier score and the ICI. ``needed`` is the
smallest m of the grid from which on, at it and every larger m, the mean Brier score is below that of the model left
alone. The same draws serve all m, all methods and all models.

The cases that judge are those that did not recalibrate, so there are fewer of them as m grows; the draws overlap, and
their spread is that of the choice of cases within this centre, not an interval for other centres.

Source: Janssen et al. (2008), Journal of Clinical Epidemiology 61:76 (updating by intercept, by slope and intercept);
Vergouwe et al. (2017), Statistics in Medicine 36:4529 (closed test; here without refitting the coefficients);
Steyerberg (2019), Clinical Prediction Models, 20.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from benchmark.estimates import TRANSFER, TRANSFER_NEEDED
from benchmark.metrics.brier import brier
from benchmark.seeds import seed_for
from benchmark.statistics.case_groups import CaseGroup
from benchmark.statistics.logistic import fit_logistic
from benchmark.statistics.recalibration import LogitLine, clipped_logit
from benchmark.statistics.smooth_calibration import integrated_calibration_index

GRID = (10, 20, 50, 100, 200, 500)
"""Cases for recalibration, as far as half of the centre's cases are left to judge."""

DRAWS = 50
ALPHA = 0.05
BAND = (0.1, 0.9)
"""Quantiles of the draws."""

NONE, INTERCEPT, LINE, CLOSED = "none", "intercept", "slope and intercept", "closed test"
METHODS = (NONE, INTERCEPT, LINE, CLOSED)
MEASURES = ("brier", "ici")


@dataclass(frozen=True, eq=False)
class Draws:
    """``values`` (n_sizes, n_draws, n_methods, n_measures); ``unfitted`` (n_sizes, n_methods): draws that left the
    model as it is because nothing could be fitted; ``sizes``: cases for recalibration."""

    sizes: tuple[int, ...]
    values: np.ndarray
    unfitted: np.ndarray


def recalibrations(y: np.ndarray, score: np.ndarray) -> tuple[dict[str, LogitLine], set[str]]:
    """The line of each method, learnt from ``score`` (m,) and ``y`` (m,), 1 for positive; and the methods without a
    maximum of the likelihood, which leave the model as it is."""
    event = (y == 1).astype(float)
    logit = clipped_logit(score)
    ones, same = np.ones((len(y), 1)), LogitLine(0.0, 1.0)
    shift = fit_logistic(ones, event, offset=logit)
    both = fit_logistic(np.column_stack([ones, logit]), event)
    moved = LogitLine(float(shift.coefficients[0]), 1.0) if shift.exists else same
    line = LogitLine(float(both.coefficients[0]), float(both.coefficients[1])) if both.exists else same
    lines = {NONE: same, INTERCEPT: moved, LINE: line}
    unfitted = {name for name, fit in ((INTERCEPT, shift), (LINE, both)) if not fit.exists}
    lines[CLOSED] = lines[_closed_test(event, logit, lines)] if not unfitted else same
    return lines, unfitted | ({CLOSED} if unfitted else set())


def draw(centre: CaseGroup, model: int, *, n_draws: int, seed: int) -> Draws | None:
    """The draws of one model (its column) in one centre; None if the centre is too small for the first size of
    ``GRID``, has one class or missing scores."""
    y, score = centre.y, centre.scores[:, model]
    sizes = tuple(size for size in GRID if 2 * size <= len(y))
    if not sizes or len(np.unique(y)) < 2 or np.isnan(score).any():
        return None
    values = np.full((len(sizes), n_draws, len(METHODS), len(MEASURES)), np.nan)
    unfitted = np.zeros((len(sizes), len(METHODS)), int)
    for number, order in enumerate(_orders(centre, n_draws, seed)):
        for place, size in enumerate(sizes):
            learns, judges = _split(order, size)
            lines, without = recalibrations(y[learns], score[learns])
            unfitted[place] += [method in without for method in METHODS]
            values[place, number] = _judge(y[judges], score[judges], lines)
    return Draws(sizes, values, unfitted)


def transfer_rows(found: Draws) -> pd.DataFrame:
    """The columns of ``TRANSFER`` that say what was found: mean and band over the draws, and the mean difference from
    the model left alone with the share of draws in which recalibration is the better one."""
    rows = []
    for (s, m, k), _ in np.ndenumerate(found.values[:, 0]):
        each, alone = found.values[s, :, m, k], found.values[s, :, 0, k]
        known = each[np.isfinite(each)]
        low, high = np.quantile(known, BAND) if len(known) else (np.nan, np.nan)
        rows.append(
            {"n_recalibration": found.sizes[s], "method": METHODS[m], "measure": MEASURES[k],
             "estimate": known.mean() if len(known) else np.nan, "low": low, "high": high,
             "difference": np.nanmean(each - alone) if len(known) else np.nan,
             "share_better": np.mean((each < alone)[np.isfinite(each)]) if len(known) else np.nan,
             "n_draws": found.values.shape[1], "n_unfitted": found.unfitted[s, m]}
        )  # fmt: skip
    return pd.DataFrame(rows)


def needed(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """For each method but none: the smallest number of cases from which on the mean Brier score is below that of the
    model left alone (NaN if there is none), and the scores at the largest number."""
    brier_rows, ici = (rows[rows["measure"] == name] for name in ("brier", "ici"))
    most = int(rows["n_recalibration"].max())
    at_most = {
        measure: part[part["n_recalibration"] == most].set_index("method")["estimate"]
        for measure, part in (("brier", brier_rows), ("ici", ici))
    }
    found = []
    for method in METHODS[1:]:
        gains = brier_rows[brier_rows["method"] == method].set_index("n_recalibration")["difference"].sort_index()
        worse = np.flatnonzero(~(gains.to_numpy(float) < 0))
        first = worse[-1] + 1 if len(worse) else 0
        found.append(
            {"method": method, "n_needed": gains.index[first] if first < len(gains) else np.nan, "n_most": most,
             **{f"{name}_none": at_most[name][NONE] for name in at_most},
             **{f"{name}_recalibrated": at_most[name][method] for name in at_most}}
        )  # fmt: skip
    return found


def transfer(
    centres: list[CaseGroup], recipes: dict[int, tuple[str, str, str]], *, seed: int, n_draws: int = DRAWS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables ``TRANSFER`` and ``TRANSFER_NEEDED`` without design and role, of the models ``recipes`` by column."""
    every, enough = [], []
    for column, recipe in recipes.items():
        names = dict(zip(("feature_set", "preprocessing", "classifier"), recipe, strict=True))
        for centre in centres:
            found = draw(centre, column, n_draws=n_draws, seed=seed)
            if found is not None:
                rows = transfer_rows(found)
                every.append(rows.assign(**names, centre=centre.name))
                enough += [names | {"centre": centre.name, **centre.counts, **row} for row in needed(rows)]
    told = pd.concat(every, ignore_index=True) if every else pd.DataFrame()
    return told.reindex(columns=TRANSFER), pd.DataFrame(enough).reindex(columns=TRANSFER_NEEDED)


def _closed_test(event: np.ndarray, logit: np.ndarray, lines: dict[str, LogitLine]) -> str:
    """The name of the simplest line that is not rejected against slope and intercept."""
    height = {
        name: float(event @ eta - np.logaddexp(0, eta).sum())
        for name, line in lines.items()
        for eta in [line.intercept + line.slope * logit]
    }
    for name, df in ((NONE, 2), (INTERCEPT, 1)):
        if special.chdtrc(df, max(2 * (height[LINE] - height[name]), 0.0)) >= ALPHA:
            return name
    return LINE


def _orders(centre: CaseGroup, n_draws: int, seed: int) -> Iterator[list[np.ndarray]]:
    """The cases of the patients, in a random order of the patients, draw by draw."""
    rng = np.random.default_rng(seed_for(seed, "calibration transfer", centre.name))
    patient = np.arange(len(centre.y)) if centre.patient is None else centre.patient
    cases = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    for _ in range(n_draws):
        yield [cases[place] for place in rng.permutation(len(cases))]


def _split(order: list[np.ndarray], size: int) -> tuple[np.ndarray, np.ndarray]:
    """The cases of the first patients that make up ``size`` or more, and all others."""
    first = int(np.searchsorted(np.cumsum([len(cases) for cases in order]), size)) + 1
    rest = order[first:]
    return np.concatenate(order[:first]), np.concatenate(rest) if rest else np.empty(0, int)


def _judge(y: np.ndarray, score: np.ndarray, lines: dict[str, LogitLine]) -> np.ndarray:
    """The measures of each method, (n_methods, n_measures)."""
    logit = clipped_logit(score)
    seen: dict[LogitLine, list[float]] = {}
    for line in lines.values():
        if line not in seen:
            moved = special.expit(line.intercept + line.slope * logit)
            seen[line] = [brier(y, moved), integrated_calibration_index(y, moved)]
    return np.array([seen[lines[method]] for method in METHODS])
