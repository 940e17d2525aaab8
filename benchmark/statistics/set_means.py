"""The mean over the held-out sets of a design, as papers give one figure for internal and external cases.

    mean = (1/k) sum_s t_s        low = mean - (1/k) sqrt(sum_s (t_s - l_s)^2)        high = mean + the same with u_s

over the k sets, each with its own limits l_s and u_s: DeLong's for the AUC, where this is the variance sum_s v_s / k^2,
and Wilson's for the accuracy. Each set counts the same, however large. The sets must not share a patient.

Source: Zou and Donner (2008), Statistics in Medicine 27:1693 (limits of a sum from the limits of its parts).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmark.estimates import SET_MEANS
from benchmark.predictions import RECIPE
from benchmark.statistics.aucs import normal_quantile
from benchmark.statistics.decisions import decide, proportion
from benchmark.statistics.discrimination import discriminate
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.interval import Interval
from benchmark.statistics.performance import thresholds_of
from benchmark.statistics.set_differences import patients_of
from benchmark.statistics.settings import Settings
from benchmark.statistics.training import Trained
from benchmark.statistics.wilson import wilson


def set_means(
    every: Sequence[HeldOut], predictions: pd.DataFrame, trained: Trained, settings: Settings
) -> pd.DataFrame:
    """Rows of ``SET_MEANS`` of the designs with several sets, each scored by one fitted model. NaN for a model that is
    undefined in a set; no limits where sets share patients."""
    tables = []
    for design in dict.fromkeys(held.design for held in every):
        sets = [held for held in every if held.design == design and not held.crossed and len(held.places) == 1]
        if len(sets) > 1:
            shared = _shared(sets, predictions)
            tables += [_rows(sets, measure, trained, settings, shared) for measure in ("auc", "accuracy")]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=SET_MEANS)


def mean_of_sets(sets: Sequence[Interval]) -> Interval:
    """The mean of k independent estimates within [0, 1], with its limits."""
    estimates, lows, highs = (np.array([getattr(one, end) for one in sets]) for end in ("estimate", "low", "high"))
    mean = estimates.mean(0)
    below, above = (np.sqrt(((end - estimates) ** 2).sum(0)) / len(sets) for end in (lows, highs))
    return Interval(mean, np.clip(mean - below, 0, 1), np.clip(mean + above, 0, 1))


def _rows(sets: Sequence[HeldOut], measure: str, trained: Trained, settings: Settings, shared: int) -> pd.DataFrame:
    """``shared``: how many patients are in several sets."""
    recipes = [recipe for recipe in sets[0].recipes if all(recipe in held.recipes for held in sets)]
    parts = []
    for held in sets:
        places = [held.recipes.index(recipe) for recipe in recipes]
        found = _auc(held, settings) if measure == "auc" else _accuracy(held, trained, settings)
        parts.append(Interval(found.estimate[places], found.low[places], found.high[places]))
    mean = mean_of_sets(parts)
    how = "DeLong" if measure == "auc" else f"{settings.rule.title}, Wilson"
    told = pd.DataFrame(recipes, columns=RECIPE).assign(
        design=sets[0].design,
        sets=", ".join(held.role for held in sets),
        measure=measure,
        estimate=mean.estimate,
        low=np.nan if shared else mean.low,
        high=np.nan if shared else mean.high,
        level=settings.level,
        method=f"no interval, patients in several sets: {shared}" if shared else f"{how} in each set",
    )
    return told[SET_MEANS]


def _shared(sets: Sequence[HeldOut], predictions: pd.DataFrame) -> int:
    """How many patients are in several sets."""
    patients = [patients_of(held, predictions) for held in sets]
    return sum(map(len, patients)) - len(set().union(*patients))


def _auc(held: HeldOut, settings: Settings) -> Interval:
    found = discriminate(held).by_measure["auc"]
    margin = normal_quantile(settings.level) * np.sqrt(found.variance)
    return Interval(found.estimate, found.estimate - margin, found.estimate + margin)


def _accuracy(held: HeldOut, trained: Trained, settings: Settings) -> Interval:
    decisions = decide(held.scores[..., 0], held.fold, thresholds_of(held, trained, settings))
    share, size = proportion("accuracy", held.y, decisions, held.fold, patient=held.patient)
    return Interval(share, *wilson(share, size, level=settings.level))
