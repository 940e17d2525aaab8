"""One design, centre by centre: how well models do in each centre, on average over centres, and in a new one.

    measure                  in a centre                                       over centres
    AUC                      DeLong; Obuchowski if a patient has several       random effects of logit AUC
    calibration slope, in the large    logistic recalibration, Wald            random effects
    O/E                      Debray 2017                                       random effects of log O/E
    AUC minus reference      paired DeLong (Obuchowski)                        random effects

In leave-one-centre-out a fold is a centre, and its model was fitted on the others; of one fitted model on several
external sets the centres are told. Centres are no sample of one population: the mean alone says little, and the
prediction interval is what to expect elsewhere. The models of leave-one-centre-out share training rows, so that their
errors are correlated: the intervals of the mean take them for independent.

Source: Riley et al. (2016), BMJ 353:i3140; leaving a centre out: Steyerberg and Harrell (2016), Journal of Clinical
Epidemiology 69:245; scales: Snell et al. (2018), Statistical Methods in Medical Research 27:3505.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from benchmark.errors import DataError, first_of
from benchmark.estimates import CENTRES
from benchmark.statistics.case_groups import CaseGroup, aucs_of, calibrations, with_variance
from benchmark.statistics.combined import Scale, combine
from benchmark.statistics.discrimination import against_reference
from benchmark.statistics.held_out import HeldOut
from benchmark.statistics.scored_set import ScoredSet, combined_auc, combined_difference
from benchmark.statistics.settings import Settings

ROLES = "roles"
LEAVE_ONE_CENTRE_OUT = "leave_one_centre_out"

CALIBRATED: dict[str, tuple[str, Scale]] = {
    "calibration_slope": ("slope", "plain"),
    "calibration_intercept": ("in_the_large", "plain"),
    "observed_expected": ("observed_expected", "log"),
}
"""Measure -> its field of ``Calibration``, and the scale on which it is combined."""


def centre_of_cases(held: HeldOut, about: Mapping[str, Any], told: pd.Series | None = None) -> np.ndarray | None:
    """The name of each case's centre, (n,): its fold if the design (``about``) leaves centres out; else, of held-out
    sets of predefined roles, as ``told`` by the case's name, if there are two or more; else None. ``DataError`` for a
    case whose centre is not told."""
    if about.get("kind") == LEAVE_ONE_CENTRE_OUT:
        return np.array(held.folds, object)[held.fold.max(1)]
    if told is None or about.get("kind") != ROLES:
        return None
    found = told.reindex(held.cases)
    if found.isna().any():
        raise DataError(f"centres: no centre of cases: {first_of(found.index[found.isna()])}")
    return found.to_numpy(object) if found.nunique() > 1 else None


def centre_rows(held: HeldOut, centres: list[CaseGroup], settings: Settings) -> pd.DataFrame:
    """The table ``CENTRES``; empty for one centre."""
    if len(centres) < 2:
        return pd.DataFrame(columns=CENTRES)
    sets = [ScoredSet(centre.name, tuple(held.labels), aucs_of(centre)) for centre in centres]
    pairs = {held.labels[first]: held.labels[second] for first, second in against_reference(held, settings.reference)}
    tables = []
    for place, (recipe, label) in enumerate(zip(held.recipes, held.labels, strict=True)):
        every = {"auc": combined_auc(sets, label, level=settings.level)} | _calibrated(centres, place, settings.level)
        tables += [_rows(table, recipe, centres, measure) for measure, table in every.items()]
        if label in pairs:
            found = combined_difference(sets, label, pairs[label], level=settings.level)
            tables.append(_rows(found, recipe, centres, "difference").assign(reference=pairs[label]))
    return pd.concat(tables, ignore_index=True).assign(design=held.design, role=held.role)[CENTRES]


def _calibrated(centres: list[CaseGroup], place: int, level: float) -> dict[str, pd.DataFrame]:
    found = calibrations(centres, place, level=level)
    names = [centre.name for centre in centres]
    tables = {}
    for measure, (field, scale) in CALIBRATED.items():
        estimate, variance = with_variance(found, field, scale, level)
        tables[measure] = combine(names, estimate, variance, scale=scale, level=level)
    tables["calibration_slope"]["p"] = np.nan  # of a slope of 0, which nobody asks
    return tables


def _rows(table: pd.DataFrame, recipe: tuple[str, str, str], centres: list[CaseGroup], measure: str) -> pd.DataFrame:
    counts = pd.DataFrame([centre.counts for centre in centres], index=[centre.name for centre in centres])
    sizes = counts.reindex(table["name"]).reset_index(drop=True)
    names = dict(zip(("feature_set", "preprocessing", "classifier"), recipe, strict=True))
    return table.assign(**names, measure=measure, reference="", n_cases=sizes["n_cases"], n_events=sizes["n_events"])
