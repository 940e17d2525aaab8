"""Everything that is computed from risk scores and follow-up: concordances, their differences, groups by risk.

c_harrell              infinitesimal jackknife, patients as units
c_uno                  patient bootstrap: standard error of the draws, normal limits and p; all models see the same
                       draws, so differences are paired
hazard_ratio           of one standard deviation of the score, Cox's model with Efron's ties
proportional_hazards_p score test of that model
log_rank_p_<split>     groups of ``risk_groups``
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import COMPARISONS, ESTIMATES, SURVIVAL
from benchmark.predictions import RECIPE, label_of
from benchmark.statistics.aucs import Aucs, compare, intervals
from benchmark.statistics.bootstrap import bootstrap
from benchmark.statistics.interval import Interval
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.rows import no_interval
from benchmark.statistics.settings import Settings, settings_of
from benchmark.statistics.survival.concordance import concordance, concordance_draws, count_pairs
from benchmark.statistics.survival.cox import cox, hazard_ratios
from benchmark.statistics.survival.log_rank import log_rank
from benchmark.statistics.survival.proportional_hazards import proportional_hazards
from benchmark.statistics.survival.risk_groups import SPLITS, group_curves, risk_groups

DRAWS = 2000
NO_PAIR = "; not estimated: no pair of cases of which one is known to have had the event first"


@dataclass(frozen=True, eq=False)
class FollowUp:
    """One set of cases: ``time`` and ``event`` (n_cases,), 1 for an event; ``patient`` (n_cases,), numbers, None if
    every case is one; ``scores`` (n_cases, k) of the ``models``, higher for an earlier event."""

    design: str
    role: str
    time: np.ndarray
    event: np.ndarray
    patient: np.ndarray | None
    models: tuple[str, ...]
    scores: np.ndarray


def analyse_survival(
    run: Mapping[str, Any], table: pd.DataFrame, *, tau: float = np.inf, seed: int = 0, n_draws: int = DRAWS
) -> dict[str, pd.DataFrame]:
    """The frames ``estimates``, ``comparisons`` and ``survival``. ``table``: role, case, patient, time, event and one
    column of risk scores per model; ``tau``: the time up to which events count for Uno's C."""
    settings = settings_of(run["statistics"])
    found: dict[str, list[pd.DataFrame]] = {"estimates": [], "comparisons": [], "survival": []}
    for role, rows in table.groupby("role", sort=False):
        cases = _follow_up(str(run["experiment"]), str(role), rows)
        by_measure = _concordances(cases, tau, seed, n_draws)
        found["estimates"] += [_concordance_rows(cases, name, c, settings) for name, c in by_measure.items()]
        found["estimates"] += [_hazard_rows(cases, settings), *_group_rows(cases, settings)]
        found["comparisons"] += [_comparison_rows(cases, name, c, settings) for name, c in by_measure.items()]
        found["survival"] += [_curve_rows(cases, split, settings) for split in SPLITS]
    columns = {"estimates": ESTIMATES, "comparisons": COMPARISONS, "survival": SURVIVAL}
    return {name: pd.concat(frames, ignore_index=True)[columns[name]] for name, frames in found.items()}


def _follow_up(design: str, role: str, rows: pd.DataFrame) -> FollowUp:
    models = tuple(rows.columns[5:])
    patient = rows["patient"].factorize()[0] if rows["patient"].duplicated().any() else None
    time, event = rows["time"].to_numpy(float), rows["event"].to_numpy(int)
    return FollowUp(design, role, time, event, patient, models, rows[list(models)].to_numpy(float))


def _concordances(cases: FollowUp, tau: float, seed: int, n_draws: int) -> dict[str, Aucs]:
    def uno(weights: np.ndarray) -> np.ndarray:
        return concordance_draws(cases.time, cases.event, cases.scores, weights, weighting="uno", tau=tau)

    drawn = bootstrap(uno, len(cases.time), seed=seed, n_draws=n_draws, patient=cases.patient, influence=False)
    # the cross product of these is the covariance of the draws
    spread = (drawn.draws - drawn.draws.mean(0)) / np.sqrt(n_draws - 1)
    until = "" if np.isinf(tau) else f", events up to {str(tau).removesuffix('.0')}"
    method = f"{n_draws} bootstrap draws of patients{until}"
    harrell = concordance(cases.time, cases.event, cases.scores, patient=cases.patient)
    return {"c_harrell": harrell, "c_uno": Aucs(drawn.estimate, spread, method)}


def _rows(
    cases: FollowUp, measure: str, found: Interval, method: str, settings: Settings, missing: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "design": cases.design,
            "role": cases.role,
            **_recipe_columns(cases.models),
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


def _recipe_columns(models: tuple[str, ...]) -> dict[str, Any]:
    """A model that comes from elsewhere has a name and no more."""
    return dict(zip(RECIPE, (list(models), "", ""), strict=True))


def _concordance_rows(cases: FollowUp, measure: str, found: Aucs, settings: Settings) -> pd.DataFrame:
    method = found.method
    if measure == "c_harrell":
        method += f", {_usable_pairs(cases)} usable pairs of cases"
    interval = Interval(found.estimate, *intervals(found, level=settings.level))
    return _rows(cases, measure, interval, method, settings, NO_PAIR)


def _usable_pairs(cases: FollowUp) -> int:
    return count_pairs(cases.time, cases.event, np.zeros(len(cases.time))).tied_score


def _hazard_rows(cases: FollowUp, settings: Settings) -> pd.DataFrame:
    """The hazard ratio of each model, and the test of proportionality."""
    ratios, p = np.full((len(cases.models), 3), np.nan), np.full(len(cases.models), np.nan)
    for model, score in enumerate(cases.scores.T):
        spread = score.std(ddof=1) if len(score) > 1 else 0.0
        if spread > 0:
            X = score[:, None] / spread
            fit = cox(cases.time, cases.event, X)
            one = hazard_ratios(fit, level=settings.level)
            ratios[model] = one.estimate[0], one.low[0], one.high[0]
            p[model] = proportional_hazards(cases.time, cases.event, X, fit)[1].p
    alone = "" if cases.patient is None else ", cases of one patient taken for independent"
    missing = "; not estimated: no event, a constant score, or one that parts the cases with an early event from all"
    rows = [
        _rows(cases, "hazard_ratio", Interval(*ratios.T), f"Cox's model, Efron's ties{alone}", settings, missing),
        _rows(cases, "proportional_hazards_p", no_interval(p), "score test (Grambsch and Therneau)", settings, missing),
    ]
    return pd.concat(rows, ignore_index=True)


def _group_rows(cases: FollowUp, settings: Settings) -> list[pd.DataFrame]:
    """The log-rank p of each split."""
    found = []
    for split in SPLITS:
        p = [log_rank(cases.time, cases.event, risk_groups(score, split)).p for score in cases.scores.T]
        method = f"log-rank test, groups split at the {split} of these cases' scores"
        missing = "; not estimated: one group, or no event"
        found.append(_rows(cases, f"log_rank_p_{split}", no_interval(np.array(p)), method, settings, missing))
    return found


def _curve_rows(cases: FollowUp, split: str, settings: Settings) -> pd.DataFrame:
    parts = [
        group_curves(cases.time, cases.event, score, split, level=settings.level).assign(
            **dict(zip(RECIPE, (model, "", ""), strict=True))
        )
        for model, score in zip(cases.models, cases.scores.T, strict=True)
    ]
    return pd.concat(parts, ignore_index=True).assign(design=cases.design, role=cases.role)[SURVIVAL]


def _comparison_rows(cases: FollowUp, measure: str, found: Aucs, settings: Settings) -> pd.DataFrame:
    """All pairs, and each model against the reference if there is one."""
    pairs = {"all pairs": np.array(list(combinations(range(len(cases.models)), 2)), int).reshape(-1, 2)}
    if settings.reference in cases.models:
        place = cases.models.index(settings.reference)
        others = [model for model in range(len(cases.models)) if model != place]
        pairs["reference"] = np.array([(model, place) for model in others], int).reshape(-1, 2)
    labels = np.array([label_of(model, "", "") for model in cases.models], object)
    parts = []
    for question, pair in pairs.items():
        tests = compare(found, pair[:, 0], pair[:, 1], level=settings.level)
        numbers = {name: getattr(tests, name) for name in ("difference", "low", "high", "statistic", "p")}
        sides = {"first": labels[pair[:, 0]], "second": labels[pair[:, 1]]}
        adjusted = {"p_adjusted": adjust(tests.p, settings.adjustment), "adjustment": settings.adjustment}
        parts.append(pd.DataFrame({**sides, **numbers, **adjusted, "question": question}))
    told: dict[str, Any] = {"design": cases.design, "role": cases.role, "measure": measure, "level": settings.level}
    return pd.concat(parts, ignore_index=True).assign(**told, df=np.nan, method=f"paired, {found.method}")[COMPARISONS]
