"""Everything that is computed from risk scores with follow-up that were made elsewhere: what ``risk_scores`` estimates,
Uno's C, and the paired differences of both concordances.

c_uno   patient bootstrap: standard error of the draws, normal limits and p; all models see the same draws, so
        differences are paired
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import COMPARISONS, ESTIMATES, SURVIVAL
from benchmark.predictions import label_of
from benchmark.statistics.aucs import Aucs, compare
from benchmark.statistics.bootstrap import bootstrap
from benchmark.statistics.multiplicity import adjust
from benchmark.statistics.settings import Settings, settings_of
from benchmark.statistics.survival.concordance import concordance_draws
from benchmark.statistics.survival.risk_scores import FollowUp, concordance_rows, curve_rows, harrell, risk_rows

DRAWS = 2000


def analyse_survival(
    run: Mapping[str, Any], table: pd.DataFrame, *, tau: float = np.inf, seed: int = 0, n_draws: int = DRAWS
) -> dict[str, pd.DataFrame]:
    """The frames ``estimates``, ``comparisons`` and ``survival``. ``table``: role, case, patient, time, event and one
    column of risk scores per model; ``tau``: the time up to which events count for Uno's C."""
    settings = settings_of(run["statistics"])
    found: dict[str, list[pd.DataFrame]] = {"estimates": [], "comparisons": [], "survival": []}
    for role, rows in table.groupby("role", sort=False):
        cases = _follow_up(str(run["experiment"]), str(role), rows)
        uno = _uno(cases, tau, seed, n_draws)
        found["estimates"] += [*risk_rows(cases, settings), concordance_rows(cases, "c_uno", uno, settings)]
        for measure, each in {"c_harrell": harrell(cases), "c_uno": uno}.items():
            found["comparisons"].append(_comparison_rows(cases, measure, each, settings))
        found["survival"] += curve_rows(cases, settings)
    columns = {"estimates": ESTIMATES, "comparisons": COMPARISONS, "survival": SURVIVAL}
    return {name: pd.concat(frames, ignore_index=True)[columns[name]] for name, frames in found.items()}


def _follow_up(design: str, role: str, rows: pd.DataFrame) -> FollowUp:
    """A model that comes from elsewhere has a name and no more."""
    models = list(rows.columns[5:])
    patient = rows["patient"].factorize()[0] if rows["patient"].duplicated().any() else None
    time, event = rows["time"].to_numpy(float), rows["event"].to_numpy(int)
    recipes = tuple((model, "", "") for model in models)
    return FollowUp(design, role, time, event, patient, recipes, rows[models].to_numpy(float))


def _uno(cases: FollowUp, tau: float, seed: int, n_draws: int) -> Aucs:
    def uno(weights: np.ndarray) -> np.ndarray:
        return concordance_draws(cases.time, cases.event, cases.scores, weights, weighting="uno", tau=tau)

    drawn = bootstrap(uno, len(cases.time), seed=seed, n_draws=n_draws, patient=cases.patient, influence=False)
    # the cross product of these is the covariance of the draws
    spread = (drawn.draws - drawn.draws.mean(0)) / np.sqrt(n_draws - 1)
    until = "" if np.isinf(tau) else f", events up to {str(tau).removesuffix('.0')}"
    return Aucs(drawn.estimate, spread, f"{n_draws} bootstrap draws of patients{until}")


def _comparison_rows(cases: FollowUp, measure: str, found: Aucs, settings: Settings) -> pd.DataFrame:
    """All pairs, and each model against the reference if there is one."""
    models = [recipe[0] for recipe in cases.recipes]
    pairs = {"all pairs": np.array(list(combinations(range(len(models)), 2)), int).reshape(-1, 2)}
    if settings.reference in models:
        place = models.index(settings.reference)
        others = [model for model in range(len(models)) if model != place]
        pairs["reference"] = np.array([(model, place) for model in others], int).reshape(-1, 2)
    labels = np.array([label_of(*recipe) for recipe in cases.recipes], object)
    parts = []
    for question, pair in pairs.items():
        tests = compare(found, pair[:, 0], pair[:, 1], level=settings.level)
        numbers = {name: getattr(tests, name) for name in ("difference", "low", "high", "statistic", "p")}
        sides = {"first": labels[pair[:, 0]], "second": labels[pair[:, 1]]}
        adjusted = {"p_adjusted": adjust(tests.p, settings.adjustment), "adjustment": settings.adjustment}
        parts.append(pd.DataFrame({**sides, **numbers, **adjusted, "question": question}))
    told: dict[str, Any] = {"design": cases.design, "role": cases.role, "measure": measure, "level": settings.level}
    return pd.concat(parts, ignore_index=True).assign(**told, df=np.nan, method=f"paired, {found.method}")[COMPARISONS]
