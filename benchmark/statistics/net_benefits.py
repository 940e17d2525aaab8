"""The net benefit of all models of one design and role: the curves with their bands, and the table at some thresholds.

Scores are averaged over repeats per case; all limits are percentiles of one patient bootstrap, so that differences are
paired. Interventions avoided are per 100 cases, against treating all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmark.estimates import CURVES, NET_BENEFIT
from benchmark.predictions import RECIPE, label_of
from benchmark.statistics.bootstrap import Bootstrap
from benchmark.statistics.decision_curve import NetBenefit
from benchmark.statistics.decision_curve_bands import bootstrap_net_benefit, difference_bands, net_benefit_bands
from benchmark.statistics.discrimination import against_reference, averaged
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.pooling import average_over_repeats
from benchmark.statistics.settings import Settings

Recipe = tuple[str, str, str]

TREAT_ALL, TREAT_NONE = ("", "", "treat all"), ("", "", "treat none")
AT_ONCE = 50
"""Models whose draws are held in memory together."""


def net_benefit_curves(held: HeldOut, settings: Settings) -> pd.DataFrame:
    """Rows of ``CURVES``: net benefit and interventions avoided of each model; treat-all and treat-none once. A model
    without scores has one row of NaN."""
    thresholds, nothing = settings.thresholds, np.zeros(len(settings.thresholds))
    tables = []
    for start in range(0, len(held.recipes), AT_ONCE):
        recipes = held.recipes[start : start + AT_ONCE]
        found = _drawn(held, np.arange(start, start + len(recipes)), thresholds, settings)
        benefit = net_benefit_bands(found, level=settings.level)
        avoided = _avoided(found, len(recipes), thresholds, settings)
        extremes = (TREAT_ALL,) if start == 0 else ()
        for place, recipe in enumerate((*recipes, *extremes)):
            tables.append(_curve(held, recipe, "net benefit", thresholds, benefit, place, settings))
        for place, recipe in enumerate(recipes):
            tables.append(_curve(held, recipe, "interventions avoided", thresholds, avoided, place, settings))
    none = NetBenefit(*(nothing[:, None] for _ in range(3)))
    return pd.concat([*tables, _curve(held, TREAT_NONE, "net benefit", thresholds, none, 0, settings)])[CURVES]


def net_benefit_rows(held: HeldOut, settings: Settings, *, recalibration: str = "") -> pd.DataFrame:
    """Rows of ``NET_BENEFIT`` at the chosen thresholds. Treat none has a net benefit of 0: the difference to it is the
    net benefit itself."""
    k, thresholds = len(held.recipes), settings.net_benefit_at
    models = np.arange(k)
    found = _drawn(held, models, thresholds, settings)
    benefit = net_benefit_bands(found, level=settings.level)
    quantities: list[tuple[str, str, np.ndarray, NetBenefit]] = [
        ("net benefit", "", models, benefit),
        ("difference", "treat all", models, difference_bands(found, models, np.full(k, k), level=settings.level)),
        ("difference", "treat none", models, benefit),
        ("interventions avoided", "treat all", models, _avoided(found, k, thresholds, settings)),
    ]
    pairs = against_reference(held, settings.reference)
    for other in np.unique(pairs[:, 1]):
        first, second = pairs[pairs[:, 1] == other].T
        apart = difference_bands(found, first, second, level=settings.level)
        quantities.append(("difference", label_of(*held.recipes[other]), first, apart))
    tables = [
        _rows(held, held.recipes[model], quantity, against, column, place, settings)
        for quantity, against, of_models, column in quantities
        for place, model in enumerate(of_models)
    ]
    if not recalibration:
        tables.append(_rows(held, TREAT_ALL, "net benefit", "", benefit, k, settings))
    return pd.concat(tables, ignore_index=True).assign(recalibration=recalibration)[NET_BENEFIT]


def _drawn(held: HeldOut, models: np.ndarray, thresholds: np.ndarray, settings: Settings) -> Bootstrap:
    """The draws of the models, and of treat-all as the last column."""
    pooled = average_over_repeats(held.scores[:, :, models, 0], held.fold)
    return bootstrap_net_benefit(
        held.y,
        np.column_stack([pooled, np.ones(len(pooled))]),
        thresholds,
        seed=settings.seed,
        patient=held.patient,
        prevalence=settings.prevalence,
        n_draws=settings.draws,
    )


def _avoided(found: Bootstrap, k: int, thresholds: np.ndarray, settings: Settings) -> NetBenefit:
    apart = difference_bands(found, np.arange(k), np.full(k, k), level=settings.level)
    rate = (100 * (1 - thresholds) / thresholds)[:, None]
    return NetBenefit(apart.estimate * rate, apart.low * rate, apart.high * rate)


def _method(held: HeldOut, settings: Settings) -> str:
    sampled = "" if settings.prevalence is None else f", prevalence {settings.prevalence:g}"
    return f"percentile interval of {settings.draws:,} draws of patients, pointwise{averaged(held)}{sampled}"


def _place(held: HeldOut, recipe: Recipe) -> dict[str, Any]:
    return {"design": held.design, "role": held.role, **dict(zip(RECIPE, recipe, strict=True))}


def _curve(
    held: HeldOut, recipe: Recipe, curve: str, x: np.ndarray, found: NetBenefit, place: int, settings: Settings
) -> pd.DataFrame:
    y, low, high = (part[:, place] for part in (found.estimate, found.low, found.high))
    head = _place(held, recipe) | {"curve": curve}
    if np.isnan(y).all():
        gap = held.gaps[held.recipes.index(recipe)] if recipe in held.recipes else ""
        nothing = dict.fromkeys(("x", "y", "low", "high"), np.nan)
        return pd.DataFrame([head | nothing | {"method": f"no curve: {gap or 'one class'}"}])
    return pd.DataFrame({**head, "x": x, "y": y, "low": low, "high": high, "method": _method(held, settings)})


def _rows(
    held: HeldOut, recipe: Recipe, quantity: str, against: str, found: NetBenefit, place: int, settings: Settings
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **_place(held, recipe),
            "threshold": settings.net_benefit_at,
            "quantity": quantity,
            "against": against,
            "estimate": found.estimate[:, place],
            "low": found.low[:, place],
            "high": found.high[:, place],
            "level": settings.level,
            "prevalence": np.nan if settings.prevalence is None else settings.prevalence,
            "method": _method(held, settings),
        }
    )
