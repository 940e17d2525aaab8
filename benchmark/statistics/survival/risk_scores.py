"""What is estimated of risk scores with follow-up, one by one: concordance, hazard ratios, groups split by the score.

c_harrell               infinitesimal jackknife, patients as units
hazard_ratio            of one standard deviation of the score, Cox's model with Efron's ties
proportional_hazards_p  score test of that model
log_rank_p_<split>      groups of ``risk_groups``, or above and below a threshold that was chosen on other cases
hazard_ratio_threshold  above the threshold against below it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.estimates import ESTIMATES, SURVIVAL
from benchmark.predictions import RECIPE
from benchmark.statistics.aucs import Aucs, intervals
from benchmark.statistics.held_out import Recipe
from benchmark.statistics.interval import Interval
from benchmark.statistics.rows import no_interval
from benchmark.statistics.settings import Settings
from benchmark.statistics.survival.concordance import concordance, count_pairs
from benchmark.statistics.survival.cox import CoxFit, cox, hazard_ratios
from benchmark.statistics.survival.log_rank import log_rank
from benchmark.statistics.survival.proportional_hazards import proportional_hazards
from benchmark.statistics.survival.risk_groups import QUANTILES, THRESHOLD, group_curves, risk_groups

NO_PAIR = "; not estimated: no pair of cases of which one is known to have had the event first"
NO_HAZARD = "; not estimated: no event, a constant score, or one that parts the cases with an early event from all"
ONE_GROUP = "; not estimated: one group, or no event"
NO_GROUPS = "; not estimated: one group, no event in a group, or no threshold"


@dataclass(frozen=True, eq=False)
class FollowUp:
    """One set of cases: ``time`` and ``event`` (n_cases,), 1 for an event; ``patient`` (n_cases,), numbers, None if
    every case is one; ``scores`` (n_cases, k) of the models named by ``recipes``, higher for an earlier event;
    ``called`` (n_cases, k): 1 above the model's threshold, 0 below, NaN where it has none; None without thresholds."""

    design: str
    role: str
    time: np.ndarray
    event: np.ndarray
    patient: np.ndarray | None
    recipes: tuple[Recipe, ...]
    scores: np.ndarray
    called: np.ndarray | None = None

    @property
    def splits(self) -> dict[str, np.ndarray]:
        """The group of each case by each split, (n_cases, k), NaN where there is none."""
        found = {} if self.called is None else {THRESHOLD: self.called}
        quantiles = {split: [risk_groups(score, split) for score in self.scores.T] for split in QUANTILES}
        return found | {split: np.column_stack(codes).astype(float) for split, codes in quantiles.items()}


def risk_rows(cases: FollowUp, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``ESTIMATES``: Harrell's C, hazard ratios, groups."""
    return [
        concordance_rows(cases, "c_harrell", harrell(cases), settings),
        *_hazard_rows(cases, settings),
        *_group_rows(cases, settings),
    ]


def curve_rows(cases: FollowUp, settings: Settings) -> list[pd.DataFrame]:
    """Rows of ``SURVIVAL``: the Kaplan-Meier curves of the groups of every split and model."""
    tables = []
    for split, codes in cases.splits.items():
        for recipe, groups in zip(cases.recipes, codes.T, strict=True):
            if not np.isnan(groups).any():
                curves = group_curves(cases.time, cases.event, groups.astype(int), split, level=settings.level)
                names = dict(zip(RECIPE, recipe, strict=True))
                tables.append(curves.assign(design=cases.design, role=cases.role, **names)[SURVIVAL])
    return tables


def harrell(cases: FollowUp) -> Aucs:
    """Harrell's C of the models."""
    return concordance(cases.time, cases.event, cases.scores, patient=cases.patient)


def concordance_rows(cases: FollowUp, measure: str, found: Aucs, settings: Settings) -> pd.DataFrame:
    """Rows of ``ESTIMATES`` of a concordance."""
    method = found.method
    if measure == "c_harrell":
        method += f", {_usable_pairs(cases)} usable pairs of cases"
    interval = Interval(found.estimate, *intervals(found, level=settings.level))
    return _rows(cases, measure, interval, method, settings, NO_PAIR)


def _rows(
    cases: FollowUp, measure: str, found: Interval, method: str, settings: Settings, missing: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "design": cases.design,
            "role": cases.role,
            **{name: [recipe[place] for recipe in cases.recipes] for place, name in enumerate(RECIPE)},
            "measure": measure,
            "estimate": found.estimate,
            "low": found.low,
            "high": found.high,
            "level": settings.level,
            "method": [method + (missing if np.isnan(value) else "") for value in found.estimate],
            "n_cases": len(cases.time),
            "n_events": int(cases.event.sum()),
        }
    )[ESTIMATES]


def _usable_pairs(cases: FollowUp) -> int:
    return count_pairs(cases.time, cases.event, np.zeros(len(cases.time))).tied_score


def _hazard_rows(cases: FollowUp, settings: Settings) -> list[pd.DataFrame]:
    """The hazard ratio of each model, and the test of proportionality."""
    per_sd = [_per_sd(score) for score in cases.scores.T]
    fits = [cox(cases.time, cases.event, X) for X in per_sd]
    tests = [proportional_hazards(cases.time, cases.event, *each)[1] for each in zip(per_sd, fits, strict=True)]
    ratios, proportional = _ratios(fits, settings), no_interval(np.array([test.p for test in tests]))
    return [
        _rows(cases, "hazard_ratio", ratios, _cox_words(cases), settings, NO_HAZARD),
        _rows(cases, "proportional_hazards_p", proportional, "score test (Grambsch and Therneau)", settings, NO_HAZARD),
    ]


def _per_sd(score: np.ndarray) -> np.ndarray:
    """The score in units of its standard deviation, (n_cases, 1); as it is if it is constant."""
    spread = score.std(ddof=1) if len(score) > 1 else 0.0
    return score[:, None] / spread if spread > 0 else score[:, None]


def _ratios(fits: Sequence[CoxFit], settings: Settings) -> Interval:
    each = [hazard_ratios(fit, level=settings.level) for fit in fits]
    return Interval(*np.array([(one.estimate[0], one.low[0], one.high[0]) for one in each]).reshape(-1, 3).T)


def _cox_words(cases: FollowUp) -> str:
    alone = "" if cases.patient is None else ", cases of one patient taken for independent"
    return f"Cox's model, Efron's ties{alone}"


def _group_rows(cases: FollowUp, settings: Settings) -> list[pd.DataFrame]:
    """The log-rank p of each split, and the hazard ratio of the groups above and below the threshold."""
    found = []
    for split, codes in cases.splits.items():
        p = [np.nan if np.isnan(each).any() else log_rank(cases.time, cases.event, each).p for each in codes.T]
        if split == THRESHOLD:
            method, missing = f"log-rank test, {settings.rule.title}", NO_GROUPS
        else:
            method, missing = f"log-rank test, groups split at the {split} of these cases' scores", ONE_GROUP
        found.append(_rows(cases, f"log_rank_p_{split}", no_interval(np.array(p)), method, settings, missing))
    if cases.called is not None:
        fits = [cox(cases.time, cases.event, np.nan_to_num(each)[:, None]) for each in cases.called.T]
        method = f"{_cox_words(cases)}, {settings.rule.title}"
        found.append(_rows(cases, "hazard_ratio_threshold", _ratios(fits, settings), method, settings, NO_GROUPS))
    return found
